#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

ChangeTagsForResourceResponse ChangeTagsForResource(Call& call, const ChangeTagsForResourceRequest& in) {
  if (in.ResourceType != "hostedzone")
    throw NoSuchHealthCheck("No health check exists with the ID: " + *in.ResourceId);
  HostedZoneRecord zone = *find_zone(call, in.ResourceId);
  for (const std::string& key : in.RemoveTagKeys) zone.tags.erase(key);
  for (const Tag& tag : in.AddTags) zone.tags[tag.Key.value_or("")] = tag.Value.value_or("");
  if (zone.tags.size() > 50) throw InvalidInput("A resource can have at most 50 tags.");
  call.global_rows(kZones).put(zone.id, zone);
  return {};
}

}  // namespace landfall::route53
