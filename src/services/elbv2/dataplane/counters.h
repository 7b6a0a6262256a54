// What one worker counts for one load balancer, and for each of its target groups. Read and emptied once a
// minute.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "services/elbv2/snapshot.h"
#include "telemetry/statistic.h"

namespace landfall::elbv2::dataplane {

enum class Metric : uint8_t {
  request_count,
  new_connection_count,
  active_connection_count,
  processed_bytes,
  rejected_connection_count,
  client_tls_negotiation_error_count,
  rule_evaluations,
  http_redirect_count,
  http_fixed_response_count,
  elb_3xx,
  elb_4xx,
  elb_5xx,
  elb_500,
  elb_502,
  elb_503,
  elb_504,
  target_2xx,
  target_3xx,
  target_4xx,
  target_5xx,
  target_response_time,
  target_connection_error_count,
  request_count_per_target,
  count_
};

inline constexpr size_t kMetricCount = static_cast<size_t>(Metric::count_);

struct MetricName {
  const char* name;
  const char* unit;
};
MetricName metric_name(Metric metric);

class Counters {
 public:
  void add(Metric metric, double value = 1) { values_[static_cast<size_t>(metric)].add(value); }
  void merge(const Counters& other);
  void append_to(std::vector<MetricDatum>& data,
                 const std::string& target_group) const;  // those with samples

 private:
  std::array<telemetry::Statistic, kMetricCount> values_;
};

// The whole of a load balancer's minute.
struct BalancerCounters {
  Counters balancer;
  std::map<std::string, Counters> groups;  // by the metric dimension
  void merge(const BalancerCounters& other);
};

}  // namespace landfall::elbv2::dataplane
