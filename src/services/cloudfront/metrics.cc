#include "services/cloudfront/metrics.h"

namespace landfall::cloudfront {

std::vector<cloudwatch::Sample> samples_of(const DistributionMetrics& metrics) {
  std::vector<cloudwatch::Sample> samples;
  const ViewerCounts& counts = metrics.counts;
  const auto add = [&](const char* name, const char* unit, double count, double sum, double minimum,
                       double maximum) {
    samples.push_back({"AWS/CloudFront",
                       name,
                       {{"DistributionId", metrics.distribution_id}, {"Region", "Global"}},
                       unit,
                       metrics.timestamp,
                       count,
                       sum,
                       minimum,
                       maximum});
  };
  const auto total = [&](const char* name, int64_t value) {
    const auto sum = static_cast<double>(value);
    add(name, "None", 1, sum, sum, sum);
  };
  // Each request is a sample of 0 or 100, so that the average over any period is the rate.
  const auto rate = [&](const char* name, int64_t errors) {
    if (counts.requests == 0) return;
    add(name, "Percent", static_cast<double>(counts.requests), 100.0 * static_cast<double>(errors),
        errors == counts.requests ? 100 : 0, errors == 0 ? 0 : 100);
  };
  total("Requests", counts.requests);
  total("BytesDownloaded", counts.bytes_downloaded);
  total("BytesUploaded", counts.bytes_uploaded);
  rate("4xxErrorRate", counts.errors_4xx);
  rate("5xxErrorRate", counts.errors_5xx);
  rate("TotalErrorRate", counts.errors_4xx + counts.errors_5xx);
  return samples;
}

}  // namespace landfall::cloudfront
