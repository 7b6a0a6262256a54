// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateUser.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

User CreateUser(Call& call, const CreateUserMessage& in) {
  const std::string id = ascii_lower(*in.UserId);
  if (id == "default" || call.rows(kUsers).has(id))
    throw UserAlreadyExistsFault("User " + id + " already exists.");
  if (ascii_lower(*in.Engine) != "redis")
    throw ServiceError("InvalidParameterValue", 400,
                       "Invalid engine: " + *in.Engine + ". Landfall runs redis.");
  if (in.UserName->find_first_of(" \t\r\n") != std::string::npos)
    throw ServiceError("InvalidParameterValue", 400, "UserName must not contain spaces.");
  check_access_string(*in.AccessString);
  UserRecord record;
  record.shown = {.UserId = id,
                  .UserName = in.UserName,
                  .Status = "active",
                  .Engine = "redis",
                  .MinimumEngineVersion = "6.0",
                  .AccessString = in.AccessString,
                  .UserGroupIds = {},
                  .Authentication = {},
                  .ARN = call.arn("elasticache", "user:" + id)};
  set_sign_in(record, in.Passwords, in.NoPasswordRequired, in.AuthenticationMode);
  record.tags = tag_map(in.Tags);
  call.rows(kUsers).put(id, record);
  return record.shown;
}

}  // namespace landfall::elasticache
