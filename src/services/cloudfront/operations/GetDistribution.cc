// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetDistribution.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

GetDistributionResult GetDistribution(Call& call, const GetDistributionRequest& in) {
  const DistributionRecord record = find_distribution(call, *in.Id);
  return {.Distribution = shown(call, record), .ETag = record.etag};
}

}  // namespace landfall::cloudfront
