// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_TagResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

aws::Empty TagResource(Call& call, const TagResourceRequest& in) {
  TagMap tags = tags_at(call, *in.Resource);
  for (const auto& [key, value] : tag_map(in.Tags->Items)) tags[key] = value;
  put_tags_at(call, *in.Resource, std::move(tags));
  return {};
}

}  // namespace landfall::cloudfront
