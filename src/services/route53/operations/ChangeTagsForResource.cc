#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"
#include "services/route53/hosted_zones.h"

namespace landfall::route53 {

namespace change_tags {

void apply(std::map<std::string, std::string>& tags, const ChangeTagsForResourceRequest& in) {
  constexpr size_t kMaxTags = 50;
  for (const std::string& key : in.RemoveTagKeys) tags.erase(key);
  for (const Tag& tag : in.AddTags) tags[tag.Key.value_or("")] = tag.Value.value_or("");
  if (tags.size() > kMaxTags) throw InvalidInput("A resource can have at most 50 tags.");
}

}  // namespace change_tags

ChangeTagsForResourceResponse ChangeTagsForResource(Call& call, const ChangeTagsForResourceRequest& in) {
  if (in.ResourceType == "healthcheck") {
    HealthCheckRecord check = find_health_check(call, in.ResourceId);
    change_tags::apply(check.tags, in);
    put_health_check(call, check);
    return {};
  }
  HostedZoneRecord zone = *find_zone(call, in.ResourceId);
  change_tags::apply(zone.tags, in);
  call.global_rows(kZones).put(zone.id, zone);
  return {};
}

}  // namespace landfall::route53
