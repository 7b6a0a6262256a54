#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ListTagsForResourceResponse ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  if (in.ResourceType != "hostedzone")
    throw NoSuchHealthCheck("No health check exists with the ID: " + *in.ResourceId);
  const auto zone = find_zone(call, in.ResourceId);
  ResourceTagSet set{.ResourceType = in.ResourceType, .ResourceId = zone->id};
  for (const auto& [key, value] : zone->tags) set.Tags.push_back({.Key = key, .Value = value});
  return {.ResourceTagSet = set};
}

}  // namespace landfall::route53
