// The metrics of instances, from the counters that host reports: what AWS/EC2 shows. Pure.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "host/protocol.h"

namespace landfall::ec2 {

struct Metric {
  std::string name;  // "CPUUtilization"
  double value = 0;
  std::string unit;  // "Percent", "Bytes", "Count"
};

// Between two reports of one workload. Empty if the second is not later, or the counters went back (it was
// restarted).
std::vector<Metric> usage_metrics(const host::WorkloadUsage& before, const host::WorkloadUsage& after,
                                  int64_t vcpus);

}  // namespace landfall::ec2
