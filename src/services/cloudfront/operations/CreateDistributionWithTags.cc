// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

CreateDistributionWithTagsResult CreateDistributionWithTags(Call& call,
                                                            const CreateDistributionWithTagsRequest& in) {
  const auto& with_tags = *in.DistributionConfigWithTags;
  const DistributionRecord record = create_distribution(
      call, *with_tags.DistributionConfig, with_tags.Tags ? tag_map(with_tags.Tags->Items) : TagMap{});
  return {.Distribution = shown(call, record),
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/distribution/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
