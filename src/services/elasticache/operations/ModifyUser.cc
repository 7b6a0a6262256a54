// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ModifyUser.html
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

User ModifyUser(Call& call, const ModifyUserMessage& in) {
  UserRecord record = find_user(call, *in.UserId);
  const std::string id = *record.shown.UserId;
  if (in.AccessString) record.shown.AccessString = in.AccessString;
  if (in.AppendAccessString)
    record.shown.AccessString = *record.shown.AccessString + " " + *in.AppendAccessString;
  check_access_string(*record.shown.AccessString);
  if (is_sign_in_given(in.Passwords, in.NoPasswordRequired, in.AuthenticationMode))
    set_sign_in(record, in.Passwords, in.NoPasswordRequired, in.AuthenticationMode);
  call.rows(kUsers).put(id, record);
  apply_user(call, id);
  return shown_user(call, record);
}

}  // namespace landfall::elasticache
