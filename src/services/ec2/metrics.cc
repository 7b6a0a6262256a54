#include "services/ec2/metrics.h"

#include <algorithm>

namespace landfall::ec2 {

std::vector<Metric> usage_metrics(const host::WorkloadUsage& before, const host::WorkloadUsage& after,
                                  int64_t vcpus) {
  const int64_t elapsed_ms = after.at_ms - before.at_ms;
  if (elapsed_ms <= 0 || vcpus <= 0) return {};
  const int64_t cpu_ns = after.cpu_ns - before.cpu_ns;
  const int64_t in = after.network_in_bytes - before.network_in_bytes,
                out = after.network_out_bytes - before.network_out_bytes;
  const int64_t in_packets = after.network_in_packets - before.network_in_packets;
  const int64_t out_packets = after.network_out_packets - before.network_out_packets;
  if (std::min({cpu_ns, in, out, in_packets, out_packets}) < 0) return {};
  // Of all that the type has: 100 is every vCPU busy.
  const double busy = static_cast<double>(cpu_ns) /
                      (static_cast<double>(elapsed_ms) * 1e6 * static_cast<double>(vcpus)) * 100;
  return {{"CPUUtilization", std::min(busy, 100.0), "Percent"},
          {"NetworkIn", static_cast<double>(in), "Bytes"},
          {"NetworkOut", static_cast<double>(out), "Bytes"},
          {"NetworkPacketsIn", static_cast<double>(in_packets), "Count"},
          {"NetworkPacketsOut", static_cast<double>(out_packets), "Count"}};
}

}  // namespace landfall::ec2
