#include "services/iam/records.h"
#include "gateway/in_account.h"

#include <algorithm>

#include "aws/arn.h"
#include "base/encoding.h"
#include "iam/errors.h"
#include "services/iam/dataplane/managed_policies.h"

namespace landfall::iam {
namespace {

using std::string;

constexpr char kIdAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr char kSecretAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

EntityDocument document_of(const EntityRecord& r) {
  return {.name = r.name,
          .path = r.path,
          .arn = r.arn,
          .id = r.id,
          .inline_policies = r.inline_policies,
          .attached = r.attached,
          .boundary = r.boundary,
          .tags = r.tags};
}

string id_in(const Call& call, const string& name) {
  return document_id(call.plane.config.account, call.account, name);
}

std::vector<AccessKeyDocument> key_documents(Call& call, const string& user_name) {
  std::vector<AccessKeyDocument> documents;
  for (const AccessKeyRecord& key : access_keys_of(call, user_name))
    documents.push_back({key.id, key.secret, key.active});
  return documents;
}

void publish_user(Call& call, const UserRecord& user) {
  publish(call.txn, kUserKind, id_in(call, user.entity.name),
          UserDocument{document_of(user.entity), key_documents(call, user.entity.name), user.groups});
}

void publish_keys_of(Call& call, const string& user_name) {
  if (user_name.empty())
    publish_account(call);
  else
    publish_user(call, find_user(call, user_name));
}

// AWS refuses a trust policy that names a user or role that does not exist, in whatever account. Of accounts
// that are not Landfall's nothing is known: they may be.
void check_principals(Call& call, const aws::policy::Policy& policy) {
  for (const auto& statement : policy.statements) {
    for (const auto& principal : statement.principals) {
      if (principal.type != aws::policy::PrincipalType::aws) continue;
      const auto arn = aws::split_arn(principal.value);
      if (!arn || arn->service != "iam") continue;
      Call there = in_account(call, arn->account);
      if (!there.global_rows(kAccounts).has(kAccountRow)) continue;
      const string name(arn->resource.substr(arn->resource.rfind('/') + 1));
      const bool known = arn->resource_type() == "user"   ? there.global_rows(kUsers).has(name)
                         : arn->resource_type() == "role" ? there.global_rows(kRoles).has(name)
                                                          : false;
      if (!known)
        throw MalformedPolicyDocumentException("Invalid principal in policy: \"AWS\":\"" + principal.value +
                                               "\"");
    }
  }
}

aws::policy::NamedPolicy compile(const string& name, const string& document) {
  auto parsed = aws::policy::parse_policy(document, aws::policy::DocumentKind::identity);
  LF_INVARIANT(parsed.has_value(), "a stored policy does not parse: " + name);
  return {name, std::make_shared<const aws::policy::Policy>(std::move(*parsed))};
}

void add_policies(Call& call, const EntityRecord& entity, Identity& identity) {
  for (const auto& [name, document] : entity.inline_policies)
    identity.policies.push_back(compile(name, document));
  for (const string& arn : entity.attached)
    identity.policies.push_back(compile(arn, managed_document(call, arn)));
}

}  // namespace

UserRecord find_user(Call& call, const string& name) {
  auto row = call.global_rows(kUsers).get(name);
  if (!row) throw NoSuchEntityException("The user with name " + name + " cannot be found.");
  return *row;
}

GroupRecord find_group(Call& call, const string& name) {
  auto row = call.global_rows(kGroups).get(name);
  if (!row) throw NoSuchEntityException("The group with name " + name + " cannot be found.");
  return *row;
}

RoleRecord find_role(Call& call, const string& name) {
  auto row = call.global_rows(kRoles).get(name);
  if (!row) throw NoSuchEntityException("The role with name " + name + " cannot be found.");
  return *row;
}

RoleRecord find_role_to_change(Call& call, const string& name) {
  RoleRecord role = find_role(call, name);
  if (!role.linked_service.empty() && call.caller.kind != CallerKind::service)
    throw UnmodifiableEntityException("Cannot perform the operation on the protected role '" + name +
                                      "' - this role is only modifiable by AWS");
  return role;
}

InstanceProfileRecord find_instance_profile(Call& call, const string& name) {
  auto row = call.global_rows(kInstanceProfiles).get(name);
  if (!row) throw NoSuchEntityException("Instance Profile " + name + " cannot be found.");
  return *row;
}

AccessKeyRecord find_access_key(Call& call, const string& id) {
  auto row = call.global_rows(kAccessKeys).get(id);
  if (!row) throw NoSuchEntityException("The Access Key with id " + id + " cannot be found.");
  return *row;
}

PolicyRecord find_policy(Call& call, const string& arn) {
  auto row = call.global_rows(kPolicies).get(policy_name_of(arn));
  if (!row || row->arn != arn) throw NoSuchEntityException("Policy " + arn + " was not found.");
  return *row;
}

void put_user(Call& call, UserRecord user) {
  publish_user(call, user);
  const string name = user.entity.name;
  call.global_rows(kUsers).put(name, std::move(user));
}

void erase_user(Call& call, const string& name) {
  call.global_rows(kUsers).erase(name);
  unpublish(call.txn, kUserKind, id_in(call, name));
}

void put_group(Call& call, GroupRecord group) {
  publish(call.txn, kGroupKind, id_in(call, group.entity.name), GroupDocument{document_of(group.entity)});
  const string name = group.entity.name;
  call.global_rows(kGroups).put(name, std::move(group));
}

void erase_group(Call& call, const string& name) {
  call.global_rows(kGroups).erase(name);
  unpublish(call.txn, kGroupKind, id_in(call, name));
}

std::vector<UserRecord> members_of(Call& call, const string& group_name) {
  std::vector<UserRecord> members;
  call.global_rows(kUsers).each([&](std::string_view, const UserRecord& user) {
    if (std::ranges::find(user.groups, group_name) != user.groups.end()) members.push_back(user);
  });
  return members;
}

void put_role(Call& call, RoleRecord role) {
  publish(call.txn, kRoleKind, id_in(call, role.entity.name),
          RoleDocument{document_of(role.entity), role.trust_policy, role.max_session_seconds});
  const string name = role.entity.name;
  call.global_rows(kRoles).put(name, std::move(role));
}

void erase_role(Call& call, const string& name) {
  call.global_rows(kRoles).erase(name);
  unpublish(call.txn, kRoleKind, id_in(call, name));
}

void put_policy(Call& call, PolicyRecord policy) {
  const auto version = std::ranges::find(policy.versions, policy.default_version, &PolicyVersionRecord::id);
  LF_INVARIANT(version != policy.versions.end(), "a policy without its default version");
  publish(call.txn, kPolicyKind, policy.arn, PolicyDocument{policy.arn, version->document});
  const string name = policy.name;
  call.global_rows(kPolicies).put(name, std::move(policy));
}

void erase_policy(Call& call, const PolicyRecord& policy) {
  call.global_rows(kPolicies).erase(policy.name);
  unpublish(call.txn, kPolicyKind, policy.arn);
}

void put_instance_profile(Call& call, InstanceProfileRecord profile) {
  publish(call.txn, kInstanceProfileKind, id_in(call, profile.name),
          InstanceProfileDocument{profile.name, profile.arn, profile.id, profile.role});
  const string name = profile.name;
  call.global_rows(kInstanceProfiles).put(name, std::move(profile));
}

void erase_instance_profile(Call& call, const string& name) {
  call.global_rows(kInstanceProfiles).erase(name);
  unpublish(call.txn, kInstanceProfileKind, id_in(call, name));
}

void put_access_key(Call& call, AccessKeyRecord key) {
  const string id = key.id, user_name = key.user_name;
  call.global_rows(kAccessKeys).put(id, std::move(key));
  publish_keys_of(call, user_name);
}

void erase_access_key(Call& call, const AccessKeyRecord& key) {
  call.global_rows(kAccessKeys).erase(key.id);
  publish_keys_of(call, key.user_name);
}

std::vector<AccessKeyRecord> access_keys_of(Call& call, const string& user_name) {
  std::vector<AccessKeyRecord> keys;
  call.global_rows(kAccessKeys).each([&](std::string_view, const AccessKeyRecord& key) {
    if (key.user_name == user_name) keys.push_back(key);
  });
  return keys;
}

void publish_account(Call& call) {
  auto row = call.global_rows(kAccounts).get(kAccountRow);
  LF_INVARIANT(row != nullptr, "an account without its row: iam::make_service comes first");
  publish(call.txn, kAccountKind, call.account,
          AccountDocument{call.account, key_documents(call, ""), row->token_keys, row->added});
}

string user_or_caller(Call& call, const std::optional<string>& user_name) {
  if (user_name && !user_name->empty()) return find_user(call, *user_name).entity.name;
  if (call.caller.kind == CallerKind::root) return "";
  if (call.caller.kind == CallerKind::user) return call.caller.arn.substr(call.caller.arn.rfind('/') + 1);
  throw ServiceError("ValidationError", 400, "Must specify userName when calling with non-User credentials");
}

void check_document(Call& call, const string& document, DocumentUse use, size_t others_bytes) {
  using aws::policy::DocumentKind;
  auto policy = aws::policy::parse_policy(
      document, use == DocumentUse::trust ? DocumentKind::trust : DocumentKind::identity);
  if (!policy) throw MalformedPolicyDocumentException(policy.error().message);
  const size_t bytes = aws::policy::policy_size(document) + others_bytes;
  auto limit = [&](size_t allowed, const string& message) {
    if (bytes > allowed) throw LimitExceededException(message);
  };
  switch (use) {
    case DocumentUse::user_inline:
      limit(aws::policy::kMaxUserInlineBytes, "Maximum policy size of 2048 bytes exceeded for the user");
      break;
    case DocumentUse::group_inline:
      limit(aws::policy::kMaxGroupInlineBytes, "Maximum policy size of 5120 bytes exceeded for the group");
      break;
    case DocumentUse::role_inline:
      limit(aws::policy::kMaxRoleInlineBytes, "Maximum policy size of 10240 bytes exceeded for the role");
      break;
    case DocumentUse::managed:
      limit(aws::policy::kMaxManagedPolicyBytes, "Cannot exceed quota for PolicySize: 6144");
      break;
    case DocumentUse::trust:
      limit(aws::policy::kMaxTrustPolicyBytes, "Cannot exceed quota for ACLSizePerRole: 4096");
      check_principals(call, *policy);
  }
}

size_t inline_bytes_without(const EntityRecord& entity, const string& policy_name) {
  size_t bytes = 0;
  for (const auto& [name, document] : entity.inline_policies)
    if (name != policy_name) bytes += aws::policy::policy_size(document);
  return bytes;
}

string policy_name_of(const string& arn) { return arn.substr(arn.rfind('/') + 1); }

string policy_path_of(const string& arn) {
  const size_t start = arn.find('/');
  return start == string::npos ? "/" : arn.substr(start, arn.rfind('/') - start + 1);
}

void check_policy_arn(Call& call, const string& arn) {
  if (find_managed_policy(arn) != nullptr) return;
  if (!aws::split_arn(arn)) throw InvalidInputException("ARN " + arn + " is not valid.");
  auto row = call.global_rows(kPolicies).get(policy_name_of(arn));
  if (!row || row->arn != arn)
    throw NoSuchEntityException("Policy " + arn + " does not exist or is not attachable.");
}

string managed_document(Call& call, const string& arn) {
  if (const ManagedPolicy* managed = find_managed_policy(arn)) return string(managed->document);
  const PolicyRecord policy = find_policy(call, arn);
  return std::ranges::find(policy.versions, policy.default_version, &PolicyVersionRecord::id)->document;
}

PolicyUse use_of(Call& call, const string& arn) {
  PolicyUse use;
  auto count = [&](const EntityRecord& entity) {
    use.attachments += std::ranges::count(entity.attached, arn);
    use.boundaries += entity.boundary == arn ? 1 : 0;
  };
  call.global_rows(kUsers).each([&](std::string_view, const UserRecord& user) { count(user.entity); });
  call.global_rows(kGroups).each([&](std::string_view, const GroupRecord& group) { count(group.entity); });
  call.global_rows(kRoles).each([&](std::string_view, const RoleRecord& role) { count(role.entity); });
  return use;
}

Identity load_identity(Call& call, const EntityRecord& entity) {
  Identity identity{
      .name = entity.name, .path = entity.path, .arn = entity.arn, .id = entity.id, .tags = entity.tags};
  add_policies(call, entity, identity);
  if (!entity.boundary.empty())
    identity.boundary = compile(entity.boundary, managed_document(call, entity.boundary));
  return identity;
}

Identity load_identity(Call& call, const UserRecord& user) {
  Identity identity = load_identity(call, user.entity);
  for (const string& group : user.groups) add_policies(call, find_group(call, group).entity, identity);
  return identity;
}

string new_id(Call& call, const char* prefix) { return prefix + call.random().from(kIdAlphabet, 17); }
string new_access_key_id(Call& call, const char* prefix) {
  return prefix + call.random().from(kIdAlphabet, 16);
}
string new_secret(Call& call) { return call.random().from(kSecretAlphabet, 40); }

string entity_arn(Call& call, const char* type, const string& path, const string& name) {
  return call.global_arn("iam", type + path + name);
}

void check_tag_count(const std::map<string, string>& tags) {
  if (tags.size() > kTagsPerEntity)
    throw LimitExceededException("The number of tags has reached the maximum limit: " +
                                 std::to_string(kTagsPerEntity));
}

}  // namespace landfall::iam
