#include "services/elasticache/users.h"

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "base/sha256.h"
#include "elasticache/errors.h"
#include "services/elasticache/groups.h"

namespace landfall::elasticache {
namespace {

constexpr size_t kMaxPasswords = 2;
constexpr char kDefaultUser[] = "default";

bool holds(const std::vector<std::string>& list, const std::string& value) {
  return std::ranges::find(list, value) != list.end();
}

}  // namespace

UserRecord find_user(const Call& call, const std::string& given) {
  const std::string id = ascii_lower(given);
  if (const auto stored = call.rows(kUsers).get(id)) return *stored;
  if (id != kDefaultUser) throw UserNotFoundFault("User " + given + " not found.");
  UserRecord record;
  record.shown = {.UserId = kDefaultUser,
                  .UserName = kDefaultUser,
                  .Status = "active",
                  .Engine = "redis",
                  .MinimumEngineVersion = "6.0",
                  .AccessString = "on ~* +@all",
                  .UserGroupIds = {},
                  .Authentication = Authentication{.Type = "no-password", .PasswordCount = 0},
                  .ARN = call.arn("elasticache", "user:default")};
  return record;
}

UserGroupRecord find_user_group(const Call& call, const std::string& id) {
  const auto stored = call.rows(kUserGroups).get(ascii_lower(id));
  if (!stored) throw UserGroupNotFoundFault("User group " + id + " not found.");
  return *stored;
}

User shown_user(const Call& call, const UserRecord& record) {
  User out = record.shown;
  call.rows(kUserGroups).each([&](std::string_view id, const UserGroupRecord& group) {
    if (holds(group.shown.UserIds, *out.UserId)) out.UserGroupIds.emplace_back(id);
  });
  return out;
}

UserGroup shown_user_group(const Call& call, const UserGroupRecord& record) {
  UserGroup out = record.shown;
  call.rows(kGroups).each([&](std::string_view id, const GroupRecord& group) {
    if (holds(group.shown.UserGroupIds, *out.UserGroupId)) out.ReplicationGroups.emplace_back(id);
  });
  return out;
}

bool is_sign_in_given(const std::vector<std::string>& passwords, const std::optional<bool>& no_password,
                      const std::optional<AuthenticationMode>& mode) {
  return !passwords.empty() || no_password.has_value() || mode.has_value();
}

void set_sign_in(UserRecord& record, const std::vector<std::string>& given,
                 const std::optional<bool>& no_password, const std::optional<AuthenticationMode>& mode) {
  std::vector<std::string> passwords = given;
  bool none = no_password.value_or(false);
  if (mode) {
    if (!passwords.empty() || none)
      throw_conflicting("AuthenticationMode cannot be given with Passwords or NoPasswordRequired.");
    passwords = mode->Passwords;
    none = mode->Type == "no-password-required";
    if (mode->Type == "iam") throw_conflicting("Landfall has no IAM authentication of cache users.");
  }
  if (none == !passwords.empty())
    throw_conflicting(none ? "Passwords cannot be given with NoPasswordRequired."
                           : "A user needs passwords or NoPasswordRequired.");
  if (passwords.size() > kMaxPasswords) throw_invalid_value("A user can have at most 2 passwords.");
  record.password_hashes.clear();
  for (const std::string& password : passwords) {
    if (password.size() < 16 || password.size() > 128)
      throw_invalid_value("Passwords length must be between 16-128 characters.");
    record.password_hashes.push_back(hex(sha256(password)));
  }
  record.shown.Authentication = Authentication{.Type = none ? "no-password" : "password",
                                               .PasswordCount = static_cast<int64_t>(passwords.size())};
}

// What follows "user <name>" in Redis's ACL; rules about passwords are the API's to give.
void check_access_string(const std::string& access) {
  if (access.empty()) throw_invalid_value("AccessString must not be empty.");
  size_t begin = 0;
  while (begin < access.size()) {
    const size_t end = std::min(access.find(' ', begin), access.size());
    const std::string rule = access.substr(begin, end - begin);
    begin = end + 1;
    if (rule.empty() || rule == "on" || rule == "off" || rule == "allkeys" || rule == "allcommands" ||
        rule == "nocommands" || rule == "allchannels" || rule == "resetkeys" || rule == "resetchannels" ||
        rule == "clearselectors")
      continue;
    if (std::string_view("~&+-%").find(rule[0]) == std::string_view::npos ||
        rule.find_first_of("\r\n\"'") != std::string::npos)
      throw_invalid_value("Invalid Access String: " + rule);
  }
}

void check_members(const Call& call, const std::vector<std::string>& ids) {
  std::set<std::string> names;
  for (const std::string& id : ids) {
    const UserRecord user = find_user(call, id);
    if (!names.insert(*user.shown.UserName).second)
      throw DuplicateUserNameFault("There are two users with the name " + *user.shown.UserName +
                                   " in the user group.");
  }
  if (!names.contains(kDefaultUser))
    throw DefaultUserRequired("A user group must contain a user with the user name default.");
}

std::vector<Secret> acl_of(const Call& call, const std::string& group_id) {
  std::vector<Secret> out;
  for (const std::string& id : find_user_group(call, group_id).shown.UserIds) {
    const UserRecord user = find_user(call, id);
    std::string line = *user.shown.UserName + " reset";
    if (user.password_hashes.empty()) line += " nopass";
    for (const std::string& hash : user.password_hashes) line += " #" + hash;
    out.emplace_back(line + " " + *user.shown.AccessString);
  }
  return out;
}

void apply_user_group(Call& call, const std::string& group_id) {
  for (const auto& [id, group] : call.rows(kGroups).all()) {
    if (!holds(group->shown.UserGroupIds, group_id) || group->shown.Status == "deleting") continue;
    GroupRecord record = *group;
    restart_nodes(call, record);
    put_group(call, record);
  }
}

void apply_user(Call& call, const std::string& user_id) {
  for (const auto& [id, group] : call.rows(kUserGroups).all())
    if (holds(group->shown.UserIds, user_id)) apply_user_group(call, id);
}

}  // namespace landfall::elasticache
