#include <algorithm>

#include "services/ec2/addresses.h"
#include "services/ec2/launch_template_store.h"
#include "services/ec2/nat_gateways.h"
#include "services/ec2/resources.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

TagMap tags_of(const Call& call, std::string_view resource_id) {
  const auto record = call.rows(kTags).get(resource_id);
  return record ? record->tags : TagMap{};
}

std::vector<Tag> render_tags(const TagMap& tags) {
  std::vector<Tag> out;
  for (const auto& [key, value] : tags) out.push_back({.Key = key, .Value = value});
  return out;
}

std::vector<Tag> rendered_tags(const Call& call, std::string_view resource_id) {
  return render_tags(tags_of(call, resource_id));
}

static void check_tag(const Call& call, const std::string& key, const std::string& value) {
  if (key.empty()) throw_invalid("Tag key cannot be empty");
  if (key.size() > 127) throw_invalid("Tag key exceeds the maximum length of 127 characters");
  if (value.size() > 255) throw_invalid("Tag value exceeds the maximum length of 255 characters");
  if (key.starts_with("aws:") && call.caller.kind != CallerKind::service)
    throw_invalid("Tag keys starting with 'aws:' are reserved for internal use");
}

void put_tags(Call& call, std::string_view resource_id, std::string_view resource_type, const TagMap& tags) {
  if (tags.empty()) return;
  auto rows = call.rows(kTags);
  const auto now = rows.get(resource_id);
  TagsRecord record = now ? *now : TagsRecord{.resource_type = std::string(resource_type), .tags = {}};
  for (const auto& [key, value] : tags) {
    check_tag(call, key, value);
    record.tags[key] = value;
  }
  // Tags of AWS's own do not count against the quota.
  const auto counted =
      std::ranges::count_if(record.tags, [](const auto& tag) { return !tag.first.starts_with("aws:"); });
  if (static_cast<size_t>(counted) > kMaxTags)
    throw_error("TagLimitExceeded",
                fmt::format("You have reached the maximum number of tags ({}) for the resource '{}'.",
                            kMaxTags, resource_id));
  rows.put(resource_id, std::move(record));
}

void remove_tags(Call& call, std::string_view resource_id, const std::vector<TagRemoval>& removals) {
  auto rows = call.rows(kTags);
  const auto now = rows.get(resource_id);
  if (!now) return;
  TagsRecord record = *now;
  for (const TagRemoval& removal : removals) {
    const auto found = record.tags.find(removal.key);
    if (found != record.tags.end() && (!removal.value || *removal.value == found->second))
      record.tags.erase(found);
  }
  if (record.tags.empty()) {
    rows.erase(resource_id);
  } else {
    rows.put(resource_id, std::move(record));
  }
}

void forget_tags(Call& call, std::string_view resource_id) {
  auto rows = call.rows(kTags);
  if (rows.has(resource_id)) rows.erase(resource_id);
}

TagMap tag_map(const std::vector<Tag>& tags) {
  TagMap out;
  for (const Tag& tag : tags) {
    if (!out.emplace(tag.Key.value_or(""), tag.Value.value_or("")).second)
      throw_invalid(fmt::format("Duplicate tag key '{}' specified.", tag.Key.value_or("")));
  }
  return out;
}

TagMap tags_for(const std::vector<TagSpecification>& specifications, std::string_view resource_type,
                std::initializer_list<std::string_view> allowed) {
  TagMap out;
  for (const TagSpecification& specification : specifications) {
    if (!specification.ResourceType) throw_invalid("Tag specification resource type must have a value");
    if (std::ranges::find(allowed, *specification.ResourceType) == allowed.end())
      throw_invalid(fmt::format("'{}' is not a valid taggable resource type for this operation.",
                                *specification.ResourceType));
    if (*specification.ResourceType == resource_type) out.merge(tag_map(specification.Tags));
  }
  return out;
}

// --- resources of any type, by id

namespace {

struct AnyResource {
  const char* type;
  const char* prefix;
  bool (*exists)(const Call& call, std::string_view id);
};

template <const auto& resource>
constexpr AnyResource any() {
  return {resource.type, resource.prefix,
          [](const Call& call, std::string_view id) { return rows(call, resource).has(id); }};
}

bool key_pair_exists(const Call& call, std::string_view id) {
  bool found = false;
  rows(call, kKeyPairs).each([&](std::string_view, const KeyPairRecord& key) {
    found |= key.key_pair_id == id;
  });
  return found;
}
bool rule_exists(const Call& call, std::string_view id) {
  bool found = false;
  rows(call, kSecurityGroups).each([&](std::string_view, const SecurityGroupRecord& group) {
    for (const RuleRecord& rule : group.rules) found |= rule.rule_id == id;
  });
  return found;
}

constexpr AnyResource kTaggable[] = {
    any<kVpcs>(),
    any<kSubnets>(),
    any<kSecurityGroups>(),
    any<kInternetGateways>(),
    any<kRouteTables>(),
    any<kNetworkAcls>(),
    any<kInterfaces>(),
    any<kVolumes>(),
    any<kInstances>(),
    any<kLaunchTemplates>(),
    any<kAddresses>(),
    any<kNatGateways>(),
    any<kVpcEndpoints>(),
    {"key-pair", "key-", key_pair_exists},
    {"security-group-rule", "sgr-", rule_exists},
};

const AnyResource* find_type(std::string_view id) {
  for (const AnyResource& type : kTaggable)
    if (id.starts_with(type.prefix)) return &type;
  return nullptr;
}

}  // namespace

std::optional<std::string> resource_type_of(std::string_view id) {
  const AnyResource* type = find_type(id);
  return type == nullptr ? std::nullopt : std::optional<std::string>(type->type);
}

bool resource_exists(const Call& call, std::string_view id) {
  const AnyResource* type = find_type(id);
  return type != nullptr && type->exists(call, id);
}

}  // namespace landfall::ec2
