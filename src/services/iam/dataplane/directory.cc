#include "services/iam/dataplane/directory.h"

#include "aws/arn.h"
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

// "123456789012" of "arn:aws:iam::123456789012:role/app"; empty if it is no ARN.
std::string_view account_in(std::string_view arn) {
  const auto parts = aws::split_arn(arn);
  return parts ? parts->account : std::string_view();
}

template <class Map>
auto value_or_null(const Map& map, std::string_view name) -> typename Map::mapped_type {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : found->second;
}

}  // namespace

std::shared_ptr<const Identity> root_identity(std::string_view account) {
  auto root = std::make_shared<Identity>();
  root->name = "root";
  root->account = account;
  root->id = root->account;
  root->arn = "arn:aws:iam::" + root->account + ":root";
  root->is_root = true;
  return root;
}

const AccessKeyEntry* IamSnapshot::access_key(std::string_view id) const {
  const auto found = keys_.find(id);
  return found == keys_.end() ? nullptr : &found->second;
}

const AccountIdentities* IamSnapshot::account(std::string_view account_id) const {
  const auto found = accounts_.find(account_id);
  return found == accounts_.end() ? nullptr : found->second.get();
}

std::shared_ptr<const RoleIdentity> IamSnapshot::role_by_arn(std::string_view arn) const {
  const AccountIdentities* owner = account(account_in(arn));
  return owner != nullptr ? owner->role_by_arn(arn) : nullptr;
}

std::shared_ptr<const Identity> AccountIdentities::user(std::string_view name) const {
  return value_or_null(users_, name);
}
std::shared_ptr<const RoleIdentity> AccountIdentities::role(std::string_view name) const {
  return value_or_null(roles_, name);
}

std::shared_ptr<const RoleIdentity> AccountIdentities::role_by_arn(std::string_view arn) const {
  // The name is what follows the last slash: paths do not make names unique.
  auto found = role(arn.substr(arn.rfind('/') + 1));
  return found && found->arn == arn ? found : nullptr;
}

const InstanceProfileDocument* AccountIdentities::instance_profile(std::string_view name_or_arn) const {
  const auto found = profiles_.find(name_or_arn.substr(name_or_arn.rfind('/') + 1));
  if (found == profiles_.end()) return nullptr;
  if (name_or_arn.starts_with("arn:") && found->second.arn != name_or_arn) return nullptr;
  return &found->second;
}

const std::string* AccountIdentities::group_arn(std::string_view name) const {
  const auto found = group_arns_.find(name);
  return found == group_arns_.end() ? nullptr : &found->second;
}

std::optional<NamedPolicy> AccountIdentities::managed_policy(std::string_view arn) const {
  if (const auto found = policies_.find(arn); found != policies_.end()) return found->second;
  if (auto policy = compiled_managed_policy(arn)) return NamedPolicy{std::string(arn), std::move(policy)};
  return std::nullopt;
}

Directory::Directory() = default;

bool Directory::Account::empty() const {
  return !document && users.empty() && groups.empty() && roles.empty() && policies.empty() &&
         profiles.empty();
}

Result<> Directory::apply(std::string_view kind, std::string_view id, const std::string* json) {
  if (!kind.starts_with("Iam")) return {};
  current_ = nullptr;
  forget(kind, id);
  if (json == nullptr) return {};
  if (kind == kAccountKind) return add_account(id, *json);
  if (kind == kUserKind) return add_user(id, *json);
  if (kind == kGroupKind) return add_group(id, *json);
  if (kind == kRoleKind) return add_role(id, *json);
  if (kind == kPolicyKind) return add_policy(id, *json);
  if (kind == kInstanceProfileKind) return add_profile(id, *json);
  return {};
}

// Ids are unique over the accounts, so one of them at most has it.
void Directory::forget(std::string_view kind, std::string_view id) {
  for (auto at = accounts_.begin(); at != accounts_.end();) {
    Account& account = at->second;
    const auto erase = [&](auto& map) {
      const auto found = map.find(id);
      if (found == map.end()) return;
      map.erase(found);
      account.current = nullptr;
    };
    if (kind == kAccountKind && at->first == id) {
      account.document.reset();
      account.current = nullptr;
    }
    if (kind == kUserKind) erase(account.users);
    if (kind == kGroupKind) erase(account.groups);
    if (kind == kRoleKind) erase(account.roles);
    if (kind == kPolicyKind) erase(account.policies);
    if (kind == kInstanceProfileKind) erase(account.profiles);
    at = account.empty() ? accounts_.erase(at) : std::next(at);
  }
}

Directory::Account& Directory::account_of(std::string_view arn) {
  Account& account = accounts_[std::string(account_in(arn))];
  account.current = nullptr;
  return account;
}

Result<> Directory::add_account(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<AccountDocument>(json));
  Account& account = accounts_[std::string(id)];
  account.document = std::move(document);
  account.current = nullptr;
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
  Account& account = account_of(entity.document.arn);
  account.users.emplace(id, User{std::move(entity), std::move(document.keys), std::move(document.groups)});
  return {};
}

Result<> Directory::add_group(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<GroupDocument>(json));
  LF_TRY(auto entity, load(std::move(document.entity)));
  Account& account = account_of(entity.document.arn);
  account.groups.emplace(id, std::move(entity));
  return {};
}

Result<> Directory::add_role(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<RoleDocument>(json));
  LF_TRY(auto trust, compile(document.trust_policy, DocumentKind::trust, document.entity.arn));
  LF_TRY(auto entity, load(std::move(document.entity)));
  Account& account = account_of(entity.document.arn);
  account.roles.emplace(id, Role{std::move(entity), std::move(trust), document.max_session_seconds});
  return {};
}

Result<> Directory::add_policy(std::string_view id, const std::string& json) {
  LF_TRY(auto document, from_json<PolicyDocument>(json));
  LF_TRY(auto policy, compile(document.document, DocumentKind::identity, document.arn));
  account_of(document.arn).policies.emplace(id, NamedPolicy{document.arn, std::move(policy)});
  return {};
}

Result<> Directory::add_profile(std::string_view id, const std::string& json) {
  LF_TRY(auto profile, from_json<InstanceProfileDocument>(json));
  Account& account = account_of(profile.arn);
  account.profiles.emplace(id, std::move(profile));
  return {};
}

// These three: false if a policy or group that it depends on is not there (yet): without it a Deny or a
// boundary could be missed.
bool Directory::add_policies(const Entity& entity, const AccountIdentities& account, Identity& into) {
  for (const auto& [name, policy] : entity.inline_policies) into.policies.push_back({name, policy});
  for (const std::string& arn : entity.document.attached) {
    auto policy = account.managed_policy(arn);
    if (!policy) return false;
    into.policies.push_back(std::move(*policy));
  }
  return true;
}

bool Directory::add_groups(const User& user, const std::map<std::string_view, const Entity*>& groups,
                           const AccountIdentities& account, Identity& into) {
  for (const std::string& name : user.groups) {
    const auto group = groups.find(name);
    if (group == groups.end() || !add_policies(*group->second, account, into)) return false;
  }
  return true;
}

bool Directory::resolve(const Entity& entity, const AccountIdentities& account, Identity& into) {
  const EntityDocument& d = entity.document;
  into.name = d.name;
  into.path = d.path;
  into.arn = d.arn;
  into.id = d.id;
  into.tags = d.tags;
  into.account = account.account();
  if (!add_policies(entity, account, into)) return false;
  if (!d.boundary.empty()) {
    into.boundary = account.managed_policy(d.boundary);
    if (!into.boundary) return false;
  }
  return true;
}

std::shared_ptr<const AccountIdentities> Directory::build(const AccountDocument& document,
                                                          const Account& from) {
  auto next = std::make_shared<AccountIdentities>();
  next->account_ = document.account;
  for (const TokenKeyDocument& key : document.token_keys)
    if (auto bytes = from_base64(key.key_base64))
      next->keyring_.keys.push_back({key.id, Secret(std::move(*bytes))});
  const auto root = next->root_ = root_identity(document.account);
  for (const AccessKeyDocument& key : document.root_keys)
    next->keys_.emplace(key.id, AccessKeyEntry{key.secret, key.active, root});
  for (const auto& [id, policy] : from.policies) next->policies_.emplace(policy.name, policy);
  std::map<std::string_view, const Entity*> groups;
  for (const auto& [id, group] : from.groups) {
    groups.emplace(group.document.name, &group);
    next->group_arns_.emplace(group.document.name, group.document.arn);
  }
  for (const auto& [id, user] : from.users) {
    auto identity = std::make_shared<Identity>();
    if (!resolve(user.entity, *next, *identity) || !add_groups(user, groups, *next, *identity)) continue;
    for (const AccessKeyDocument& key : user.keys)
      next->keys_.emplace(key.id, AccessKeyEntry{key.secret, key.active, identity});
    next->users_.emplace(user.entity.document.name, std::move(identity));
  }
  for (const auto& [id, role] : from.roles) {
    auto identity = std::make_shared<RoleIdentity>();
    if (!resolve(role.entity, *next, *identity)) continue;
    identity->trust = {"trust policy of " + role.entity.document.arn, role.trust};
    identity->max_session_seconds = role.max_session_seconds;
    next->roles_.emplace(role.entity.document.name, std::move(identity));
  }
  for (const auto& [id, profile] : from.profiles) next->profiles_.emplace(profile.name, profile);
  return next;
}

std::shared_ptr<const IamSnapshot> Directory::snapshot() {
  if (current_) return current_;
  auto next = std::make_shared<IamSnapshot>();
  for (auto& [id, account] : accounts_) {
    if (!account.document) continue;
    if (!account.current) account.current = build(*account.document, account);
    const AccountIdentities& built = *account.current;
    next->keys_.insert(built.keys_.begin(), built.keys_.end());
    next->keyring_.keys.insert(next->keyring_.keys.end(), built.keyring_.keys.begin(),
                               built.keyring_.keys.end());
    if (!account.document->added) next->first_ = account.current;
    next->accounts_.emplace(id, account.current);
  }
  if (!next->first_) next->first_ = build({}, {});
  current_ = std::move(next);
  return current_;
}

}  // namespace landfall::iam
