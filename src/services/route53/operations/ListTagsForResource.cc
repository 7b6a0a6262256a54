#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ListTagsForResourceResponse ListTagsForResource(Call& call, const ListTagsForResourceRequest& in) {
  ResourceTagSet set{.ResourceType = in.ResourceType};
  std::map<std::string, std::string> tags;
  if (in.ResourceType == "healthcheck") {
    const HealthCheckRecord check = find_health_check(call, in.ResourceId);
    set.ResourceId = check.shown.Id;
    tags = check.tags;
  } else {
    const auto zone = find_zone(call, in.ResourceId);
    set.ResourceId = zone->id;
    tags = zone->tags;
  }
  for (const auto& [key, value] : tags) set.Tags.push_back({.Key = key, .Value = value});
  return {.ResourceTagSet = set};
}

}  // namespace landfall::route53
