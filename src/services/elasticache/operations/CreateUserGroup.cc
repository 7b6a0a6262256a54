// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUserGroup.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

UserGroup CreateUserGroup(Call& call, const CreateUserGroupMessage& in) {
  const std::string id = ascii_lower(*in.UserGroupId);
  if (call.rows(kUserGroups).has(id))
    throw UserGroupAlreadyExistsFault("User group " + id + " already exists.");
  if (ascii_lower(*in.Engine) != "redis")
    throw ServiceError("InvalidParameterValue", 400,
                       "Invalid engine: " + *in.Engine + ". Landfall runs redis.");
  check_members(call, in.UserIds);
  UserGroupRecord record;
  record.shown.UserGroupId = id;
  record.shown.Status = "active";
  record.shown.Engine = "redis";
  for (const std::string& user : in.UserIds) record.shown.UserIds.push_back(ascii_lower(user));
  record.shown.MinimumEngineVersion = "6.0";
  record.shown.ARN = call.arn("elasticache", "usergroup:" + id);
  record.tags = tag_map(in.Tags);
  call.rows(kUserGroups).put(id, record);
  return record.shown;
}

}  // namespace landfall::elasticache
