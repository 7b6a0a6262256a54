// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListTagsForResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

ListTagsForResourceResult ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  Tags tags;
  for (const auto& [key, value] : tags_at(call, *in.Resource))
    tags.Items.push_back({.Key = key, .Value = value});
  return {.Tags = std::move(tags)};
}

}  // namespace landfall::cloudfront
