#include "services/cloudfront/metrics.h"

#include <gtest/gtest.h>

namespace landfall::cloudfront {
namespace {

TEST(CloudFrontMetrics, the_average_of_an_error_rate_is_the_rate) {
  const auto samples =
      samples_of({.distribution_id = "E1",
                  .counts = {.requests = 40, .bytes_downloaded = 1000, .errors_4xx = 10, .errors_5xx = 2}});
  std::map<std::string, cloudwatch::Sample> by_name;
  for (const auto& sample : samples) by_name[sample.name] = sample;
  EXPECT_EQ(by_name.at("Requests").sum, 40);
  EXPECT_EQ(by_name.at("BytesDownloaded").sum, 1000);
  EXPECT_EQ(by_name.at("4xxErrorRate").sum / by_name.at("4xxErrorRate").count, 25);
  EXPECT_EQ(by_name.at("5xxErrorRate").sum / by_name.at("5xxErrorRate").count, 5);
  EXPECT_EQ(by_name.at("TotalErrorRate").sum / by_name.at("TotalErrorRate").count, 30);
  EXPECT_EQ(by_name.at("Requests").metric_namespace, "AWS/CloudFront");
  EXPECT_EQ(by_name.at("Requests").dimensions.at("Region"), "Global");
}

}  // namespace
}  // namespace landfall::cloudfront
