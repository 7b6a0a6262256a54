#include "gateway/call.h"
#include "sts/operations.h"

namespace landfall::sts {

GetCallerIdentityResponse GetCallerIdentity(Call& call, const GetCallerIdentityRequest&) {
  return {.UserId = call.caller.user_id, .Account = call.caller.account, .Arn = call.caller.arn};
}

}  // namespace landfall::sts
