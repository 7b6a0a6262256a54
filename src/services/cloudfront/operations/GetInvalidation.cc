// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_GetInvalidation.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/invalidations.h"

namespace landfall::cloudfront {

GetInvalidationResult GetInvalidation(Call& call, const GetInvalidationRequest& in) {
  find_distribution(call, *in.DistributionId);
  const auto stored = call.global_rows(kInvalidations).get(*in.DistributionId + "/" + *in.Id);
  if (!stored) throw NoSuchInvalidation("The specified invalidation does not exist.");
  return {.Invalidation = shown(*stored)};
}

}  // namespace landfall::cloudfront
