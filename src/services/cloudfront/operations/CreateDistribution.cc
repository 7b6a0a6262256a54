// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistribution.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

CreateDistributionResult CreateDistribution(Call& call, const CreateDistributionRequest& in) {
  const DistributionRecord record = create_distribution(call, *in.DistributionConfig, {});
  return {.Distribution = shown(call, record),
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/distribution/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
