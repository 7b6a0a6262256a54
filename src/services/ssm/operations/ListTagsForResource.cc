#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

ListTagsForResourceResult ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  ListTagsForResourceResult out;
  for (const auto& [key, value] : tagged(call, *in.ResourceType, *in.ResourceId).tags)
    out.TagList.push_back({.Key = key, .Value = value});
  return out;
}

}  // namespace landfall::ssm
