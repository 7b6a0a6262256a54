// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListTagsForResource.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

ListTagsForResourceResult ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  Tags tags;
  for (const auto& [key, value] : find_tagged(call, *in.Resource).tags)
    tags.Items.push_back({.Key = key, .Value = value});
  return {.Tags = std::move(tags)};
}

}  // namespace landfall::cloudfront
