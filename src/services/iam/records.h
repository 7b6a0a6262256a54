// Reading and writing IAM's rows inside a call: every write also publishes what follows from it. Lookups
// throw NoSuchEntity in AWS's words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/call.h"
#include "services/iam/dataplane/directory.h"
#include "services/iam/store.h"

namespace landfall::iam {

UserRecord find_user(Call& call, const std::string& name);
GroupRecord find_group(Call& call, const std::string& name);
RoleRecord find_role(Call& call, const std::string& name);
// As find_role, but refuses service-linked roles (UnmodifiableEntity) unless a service calls.
RoleRecord find_role_to_change(Call& call, const std::string& name);
InstanceProfileRecord find_instance_profile(Call& call, const std::string& name);
AccessKeyRecord find_access_key(Call& call, const std::string& id);
PolicyRecord find_policy(Call& call,
                         const std::string& arn);  // customer managed; NoSuchEntity also for AWS's own

void put_user(Call& call, UserRecord user);
void erase_user(Call& call, const std::string& name);
void put_group(Call& call, GroupRecord group);
void erase_group(Call& call, const std::string& name);
std::vector<UserRecord> members_of(Call& call, const std::string& group_name);  // by name
void put_role(Call& call, RoleRecord role);
void erase_role(Call& call, const std::string& name);
void put_policy(Call& call, PolicyRecord policy);
void erase_policy(Call& call, const PolicyRecord& policy);
void put_instance_profile(Call& call, InstanceProfileRecord profile);
void erase_instance_profile(Call& call, const std::string& name);
void put_access_key(Call& call, AccessKeyRecord key);
void erase_access_key(Call& call, const AccessKeyRecord& key);
std::vector<AccessKeyRecord> access_keys_of(Call& call, const std::string& user_name);  // "": root's
void publish_account(Call& call);

// The user that an operation without UserName is about: the caller; "" for root.
std::string user_or_caller(Call& call, const std::optional<std::string>& user_name);

// --- policies ---
enum class DocumentUse { user_inline, group_inline, role_inline, managed, trust };
// Throws MalformedPolicyDocument, or LimitExceeded. `others_bytes`: size of the entity's other inline
// policies.
void check_document(Call& call, const std::string& document, DocumentUse use, size_t others_bytes = 0);
size_t inline_bytes_without(const EntityRecord& entity, const std::string& policy_name);
// Throws NoSuchEntity unless it is one of AWS's or the account's policies.
void check_policy_arn(Call& call, const std::string& arn);
std::string policy_name_of(const std::string& arn);
std::string policy_path_of(const std::string& arn);  // "/", "/service-role/"
// The document of the default version; throws NoSuchEntity.
std::string managed_document(Call& call, const std::string& arn);
struct PolicyUse {
  int64_t attachments = 0, boundaries = 0;
};
PolicyUse use_of(Call& call, const std::string& arn);

// The entity with its policies compiled, as a request by it would be judged.
Identity load_identity(Call& call, const EntityRecord& entity);
Identity load_identity(Call& call, const UserRecord& user);  // with its groups' policies

// --- ids ---
std::string new_id(Call& call, const char* prefix);             // "AROA" + 17 characters
std::string new_access_key_id(Call& call, const char* prefix);  // "AKIA" + 16
std::string new_secret(Call& call);                             // 40 characters
std::string entity_arn(Call& call, const char* type, const std::string& path, const std::string& name);

// --- tags ---
template <class Tags>
void set_tags(std::map<std::string, std::string>& into, const Tags& tags) {
  for (const auto& tag : tags) into[tag.Key.value()] = tag.Value.value_or("");
}
void check_tag_count(const std::map<std::string, std::string>& tags);  // throws LimitExceeded

}  // namespace landfall::iam
