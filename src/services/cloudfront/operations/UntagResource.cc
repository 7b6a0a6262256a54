// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UntagResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

aws::Empty UntagResource(Call& call, const UntagResourceRequest& in) {
  TagMap tags = tags_at(call, *in.Resource);
  for (const std::string& key : in.TagKeys->Items) tags.erase(key);
  put_tags_at(call, *in.Resource, std::move(tags));
  return {};
}

}  // namespace landfall::cloudfront
