#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ListTagsForResourcesResponse ListTagsForResources(Call& call, const ListTagsForResourcesRequest& in) {
  ListTagsForResourcesResponse out;
  for (const std::string& id : in.ResourceIds) {
    const auto one = ListTagsForResource(call, {.ResourceType = in.ResourceType, .ResourceId = id});
    out.ResourceTagSets.push_back(*one.ResourceTagSet);
  }
  return out;
}

}  // namespace landfall::route53
