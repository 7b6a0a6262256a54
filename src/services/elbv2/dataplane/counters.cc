#include "services/elbv2/dataplane/counters.h"

namespace landfall::elbv2::dataplane {

MetricName metric_name(Metric metric) {
  switch (metric) {
    case Metric::request_count:
      return {"RequestCount", "Count"};
    case Metric::new_connection_count:
      return {"NewConnectionCount", "Count"};
    case Metric::active_connection_count:
      return {"ActiveConnectionCount", "Count"};
    case Metric::processed_bytes:
      return {"ProcessedBytes", "Bytes"};
    case Metric::rejected_connection_count:
      return {"RejectedConnectionCount", "Count"};
    case Metric::client_tls_negotiation_error_count:
      return {"ClientTLSNegotiationErrorCount", "Count"};
    case Metric::rule_evaluations:
      return {"RuleEvaluations", "Count"};
    case Metric::http_redirect_count:
      return {"HTTP_Redirect_Count", "Count"};
    case Metric::http_fixed_response_count:
      return {"HTTP_Fixed_Response_Count", "Count"};
    case Metric::elb_3xx:
      return {"HTTPCode_ELB_3XX_Count", "Count"};
    case Metric::elb_4xx:
      return {"HTTPCode_ELB_4XX_Count", "Count"};
    case Metric::elb_5xx:
      return {"HTTPCode_ELB_5XX_Count", "Count"};
    case Metric::elb_500:
      return {"HTTPCode_ELB_500_Count", "Count"};
    case Metric::elb_502:
      return {"HTTPCode_ELB_502_Count", "Count"};
    case Metric::elb_503:
      return {"HTTPCode_ELB_503_Count", "Count"};
    case Metric::elb_504:
      return {"HTTPCode_ELB_504_Count", "Count"};
    case Metric::target_2xx:
      return {"HTTPCode_Target_2XX_Count", "Count"};
    case Metric::target_3xx:
      return {"HTTPCode_Target_3XX_Count", "Count"};
    case Metric::target_4xx:
      return {"HTTPCode_Target_4XX_Count", "Count"};
    case Metric::target_5xx:
      return {"HTTPCode_Target_5XX_Count", "Count"};
    case Metric::target_response_time:
      return {"TargetResponseTime", "Seconds"};
    case Metric::target_connection_error_count:
      return {"TargetConnectionErrorCount", "Count"};
    case Metric::request_count_per_target:
      return {"RequestCountPerTarget", "Count"};
    case Metric::count_:
      break;
  }
  return {"", ""};
}

void Counters::merge(const Counters& other) {
  for (size_t i = 0; i < kMetricCount; ++i) values_[i].merge(other.values_[i]);
}

void Counters::append_to(std::vector<MetricDatum>& data, const std::string& target_group) const {
  for (size_t i = 0; i < kMetricCount; ++i) {
    const telemetry::Statistic& value = values_[i];
    if (value.count == 0) continue;
    const MetricName name = metric_name(static_cast<Metric>(i));
    data.push_back({.name = name.name,
                    .unit = name.unit,
                    .target_group = target_group,
                    .sum = value.sum,
                    .minimum = value.minimum,
                    .maximum = value.maximum,
                    .sample_count = value.count});
  }
}

void BalancerCounters::merge(const BalancerCounters& other) {
  balancer.merge(other.balancer);
  for (const auto& [dimension, counters] : other.groups) groups[dimension].merge(counters);
}

}  // namespace landfall::elbv2::dataplane
