#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
// A resource's own error for an id that is not there.
[[noreturn]] void throw_no_resource(const std::string& id) {
  const auto type = resource_type_of(id);
  if (!type) throw_error("InvalidID", fmt::format("The ID '{}' is not valid", id));
  if (*type == "instance") throw_not_found(kInstances, id);
  if (*type == "vpc") throw_not_found(kVpcs, id);
  if (*type == "subnet") throw_not_found(kSubnets, id);
  if (*type == "security-group") throw_not_found(kSecurityGroups, id);
  if (*type == "network-interface") throw_not_found(kInterfaces, id);
  if (*type == "route-table") throw_not_found(kRouteTables, id);
  if (*type == "internet-gateway") throw_not_found(kInternetGateways, id);
  if (*type == "volume") throw_not_found(kVolumes, id);
  if (*type == "network-acl") throw_not_found(kNetworkAcls, id);
  throw_error("InvalidID", fmt::format("The {} ID '{}' does not exist", *type, id));
}
}  // namespace

aws::Empty CreateTags(Call& call, const CreateTagsRequest& in) {
  if (in.Resources.empty()) throw_missing("resourceId");
  if (in.Tags.empty()) throw_missing("tagKey");
  const TagMap tags = tag_map(in.Tags);
  for (const std::string& id : in.Resources) {
    if (!resource_exists(call, id)) throw_no_resource(id);
    put_tags(call, id, *resource_type_of(id), tags);
    if (const auto instance = rows(call, kInstances).get(id)) publish_metadata(call, instance->vpc_id);
  }
  return {};
}

}  // namespace landfall::ec2
