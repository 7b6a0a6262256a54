#include "services/iam/dataplane/directory.h"

#include "base/encoding.h"
#include "codec/fields.h"
#include "services/iam/dataplane/managed_policies.h"

namespace landfall::iam {
namespace {

using aws::policy::DocumentKind;
using aws::policy::NamedPolicy;
using aws::policy::Policy;

Result<std::shared_ptr<const Policy>> compile(std::string_view document, DocumentKind kind,
                                              std::string_view what) {
  auto policy = aws::policy::parse_policy(document, kind);
  if (!policy)
    return fail("the policy of " + std::string(what) + " does not load: " + policy.error().message);
  return std::make_shared<const Policy>(std::move(*policy));
}

template <class Map>
auto value_or_null(const Map& map, std::string_view name) -> typename Map::mapped_type {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

const AccessKeyEntry* IamSnapshot::access_key(std::string_view id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

std::shared_ptr<const Identity> IamSnapshot::user(std::string_view name) const {
  return value_or_null(users_, name);
}
std::shared_ptr<const RoleIdentity> IamSnapshot::role(std::string_view name) const {
  return value_or_null(roles_, name);
}

std::shared_ptr<const RoleIdentity> IamSnapshot::role_by_arn(std::string_view arn) const {
  // The name is what follows the last slash: paths do not make names unique.
  auto found = role(arn.substr(arn.rfind('/') + 1));
  return found && found->arn == arn ? found : nullptr;
}

const InstanceProfileDocument* IamSnapshot::instance_profile(std::string_view name_or_arn) const {
  const auto found = profiles_.find(name_or_arn.substr(name_or_arn.rfind('/') + 1));
  if (found == profiles_.end()) return nullptr;
  if (name_or_arn.starts_with("arn:") && found->second.arn != name_or_arn) return nullptr;
  return &found->second;
}

const std::string* IamSnapshot::group_arn(std::string_view name) const {
  const auto found = group_arns_.find(name);
  return found == group_arns_.end() ? nullptr : &found->second;
}

std::optional<NamedPolicy> IamSnapshot::managed_policy(std::string_view arn) const {
  if (const auto found = policies_.find(arn); found != policies_.end()) return found->second;
  if (auto policy = compiled_managed_policy(arn)) return NamedPolicy{std::string(arn), std::move(policy)};
  return std::nullopt;
}

Directory::Directory() = default;

Result<> Directory::apply(std::string_view kind, std::string_view id, const std::string* json) {
  auto erase = [&](auto& map) {
    if (const auto found = map.find(id); found != map.end()) map.erase(found);
  };
  if (!kind.starts_with("Iam")) return {};
  current_ = nullptr;
  if (kind == kAccountKind) {
    account_ = {};
    if (json == nullptr) return {};
    LF_TRY(account_, from_json<AccountDocument>(*json));
    return {};
  }
  if (kind == kUserKind) {
    erase(users_);
    return json != nullptr ? add_user(id, *json) : Result<>();
  }
  if (kind == kGroupKind) {
    erase(groups_);
    return json != nullptr ? add_group(id, *json) : Result<>();
  }
  if (kind == kRoleKind) {
    erase(roles_);
    return json != nullptr ? add_role(id, *json) : Result<>();
  }
  if (kind == kPolicyKind) {
    erase(policies_);
    return json != nullptr ? add_policy(id, *json) : Result<>();
  }
  if (kind == kInstanceProfileKind) {
    erase(profiles_);
    if (json == nullptr) return {};
    LF_TRY(auto profile, from_json<InstanceProfileDocument>(*json));
    profiles_.emplace(id, std::move(profile));
  }
  return {};
}

Result<Directory::Entity> Directory::load(EntityDocument document) {
  Entity entity;
  for (const auto& [name, text] : document.inline_policies) {
    LF_TRY(auto policy, compile(text, DocumentKind::identity, document.arn));
    entity.inline_policies.emplace(name, std::move(policy));
  }
  entity.document = std::move(document);
  return entity;
}

Result<> Directory::add_user(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<UserDocument>(json));
  LF_TRY(auto entity, load(std::move(document.entity)));
  users_.emplace(id, User{std::move(entity), std::move(document.keys), std::move(document.groups)});
  return {};
}

Result<> Directory::add_group(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<GroupDocument>(json));
  LF_TRY(auto entity, load(std::move(document.entity)));
  groups_.emplace(id, std::move(entity));
  return {};
}

Result<> Directory::add_role(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<RoleDocument>(json));
  LF_TRY(auto trust, compile(document.trust_policy, DocumentKind::trust, document.entity.arn));
  LF_TRY(auto entity, load(std::move(document.entity)));
  roles_.emplace(id, Role{std::move(entity), std::move(trust), document.max_session_seconds});
  return {};
}

Result<> Directory::add_policy(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<PolicyDocument>(json));
  LF_TRY(auto policy, compile(document.document, DocumentKind::identity, document.arn));
  policies_.emplace(id, NamedPolicy{document.arn, std::move(policy)});
  return {};
}

// These three: false if a policy or group that it depends on is not there (yet): without it a Deny or a
// boundary could be missed.
bool Directory::add_policies(const Entity& entity, const IamSnapshot& snapshot, Identity& into) {
  for (const auto& [name, policy] : entity.inline_policies) into.policies.push_back({name, policy});
  for (const std::string& arn : entity.document.attached) {
    auto policy = snapshot.managed_policy(arn);
    if (!policy) return false;
    into.policies.push_back(std::move(*policy));
  }
  return true;
}

bool Directory::add_groups(const User& user, const IamSnapshot& snapshot, Identity& into) const {
  for (const std::string& name : user.groups) {
    const auto group = groups_.find(name);
    if (group == groups_.end() || !add_policies(group->second, snapshot, into)) return false;
  }
  return true;
}

bool Directory::resolve(const Entity& entity, const IamSnapshot& snapshot, Identity& into) const {
  const EntityDocument& d = entity.document;
  into.name = d.name;
  into.path = d.path;
  into.arn = d.arn;
  into.id = d.id;
  into.tags = d.tags;
  if (!add_policies(entity, snapshot, into)) return false;
  if (!d.boundary.empty()) {
    into.boundary = snapshot.managed_policy(d.boundary);
    if (!into.boundary) return false;
  }
  return true;
}

std::shared_ptr<const IamSnapshot> Directory::snapshot() {
  if (current_) return current_;
  auto next = std::make_shared<IamSnapshot>();
  next->account_ = account_.account;
  for (const TokenKeyDocument& key : account_.token_keys)
    if (auto bytes = from_base64(key.key_base64))
      next->keyring_.keys.push_back({key.id, Secret(std::move(*bytes))});
  auto root = std::make_shared<Identity>();
  root->name = "root";
  root->arn = "arn:aws:iam::" + account_.account + ":root";
  root->id = account_.account;
  root->is_root = true;
  next->root_ = root;
  for (const AccessKeyDocument& key : account_.root_keys)
    next->keys_.emplace(key.id, AccessKeyEntry{key.secret, key.active, root});
  for (const auto& [arn, policy] : policies_) next->policies_.emplace(arn, policy);
  for (const auto& [name, group] : groups_) next->group_arns_.emplace(name, group.document.arn);
  for (const auto& [name, user] : users_) {
    auto identity = std::make_shared<Identity>();
    if (!resolve(user.entity, *next, *identity) || !add_groups(user, *next, *identity)) continue;
    for (const AccessKeyDocument& key : user.keys)
      next->keys_.emplace(key.id, AccessKeyEntry{key.secret, key.active, identity});
    next->users_.emplace(name, std::move(identity));
  }
  for (const auto& [name, role] : roles_) {
    auto identity = std::make_shared<RoleIdentity>();
    if (!resolve(role.entity, *next, *identity)) continue;
    identity->trust = {"trust policy of " + role.entity.document.arn, role.trust};
    identity->max_session_seconds = role.max_session_seconds;
    next->roles_.emplace(name, std::move(identity));
  }
  for (const auto& [name, profile] : profiles_) next->profiles_.emplace(name, profile);
  current_ = std::move(next);
  return current_;
}

}  // namespace landfall::iam
