// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistributionConfig.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

GetDistributionConfigResult GetDistributionConfig(Call& call, const GetDistributionConfigRequest& in) {
  DistributionRecord record = find_distribution(call, *in.Id);
  return {.DistributionConfig = std::move(record.config), .ETag = record.etag};
}

}  // namespace landfall::cloudfront
