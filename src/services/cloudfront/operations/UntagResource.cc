// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UntagResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

aws::Empty UntagResource(Call& call, const UntagResourceRequest& in) {
  DistributionRecord record = find_tagged(call, *in.Resource);
  for (const std::string& key : in.TagKeys->Items) record.tags.erase(key);
  call.global_rows(kDistributions).put(record.id, record);
  return {};
}

}  // namespace landfall::cloudfront
