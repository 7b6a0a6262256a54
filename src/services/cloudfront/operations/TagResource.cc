// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

aws::Empty TagResource(Call& call, const TagResourceRequest& in) {
  DistributionRecord record = find_tagged(call, *in.Resource);
  for (const auto& [key, value] : tag_map(in.Tags->Items)) record.tags[key] = value;
  call.global_rows(kDistributions).put(record.id, record);
  return {};
}

}  // namespace landfall::cloudfront
