// Users of role-based access control and the groups that bring them to a cache: Redis's own ACL.
// https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
#pragma once

#include <string>
#include <vector>

#include "services/elasticache/store.h"

namespace landfall::elasticache {

UserRecord find_user(const Call& call, const std::string& id);  // throws UserNotFound; "default" is there
UserGroupRecord find_user_group(const Call& call, const std::string& id);  // throws UserGroupNotFound
User shown_user(const Call& call, const UserRecord& record);
UserGroup shown_user_group(const Call& call, const UserGroupRecord& record);

// How a user signs in, from a request's members; throws InvalidParameterCombination or InvalidParameterValue.
struct SignIn {
  bool no_password = false;
  std::vector<std::string> passwords;
};
bool is_sign_in_given(const std::vector<std::string>& passwords, const std::optional<bool>& no_password,
                      const std::optional<AuthenticationMode>& mode);
void set_sign_in(UserRecord& record, const std::vector<std::string>& passwords,
                 const std::optional<bool>& no_password, const std::optional<AuthenticationMode>& mode);
void check_access_string(const std::string& access);

// The users that a group names must be there, each name once, "default" among them.
void check_members(const Call& call, const std::vector<std::string>& ids);
// The lines of the ACL file: "alice on #<sha256> ~app:* +@read".
std::vector<Secret> acl_of(const Call& call, const std::string& group_id);
// Restarts the caches that have the user group, or a group with the user.
void apply_user_group(Call& call, const std::string& group_id);
void apply_user(Call& call, const std::string& user_id);

}  // namespace landfall::elasticache
