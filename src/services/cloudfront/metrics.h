// From what edge counted to AWS/CloudFront in CloudWatch.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
#pragma once

#include <vector>

#include "services/cloudfront/viewer_metrics.h"
#include "services/cloudwatch/cloudwatch.h"

namespace landfall::cloudfront {

inline constexpr char kMetricsRegion[] = "us-east-1";  // whatever the region of the stack

std::vector<cloudwatch::Sample> samples_of(const DistributionMetrics& metrics);

}  // namespace landfall::cloudfront
