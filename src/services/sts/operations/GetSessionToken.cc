#include "services/iam/dataplane/issuer.h"
#include "services/iam/iam.h"
#include "services/sts/assume_role.h"
#include "sts/operations.h"

namespace landfall::sts {

GetSessionTokenResponse GetSessionToken(Call& call, const GetSessionTokenRequest& in) {
  const Caller& caller = call.caller;
  const bool root = caller.kind == CallerKind::root;
  if ((!root && caller.kind != CallerKind::user) || caller.access_key_id.starts_with("ASIA"))
    throw ServiceError("AccessDenied", 403, "Cannot call GetSessionToken with session credentials");
  aws::SessionClaims claims;
  claims.kind = root ? aws::policy::PrincipalKind::root : aws::policy::PrincipalKind::user;
  claims.account = call.account;
  claims.user_arn = caller.arn;
  claims.user_id = caller.user_id;
  if (!root) claims.user_name = caller.arn.substr(caller.arn.rfind('/') + 1);
  claims.issued = call.now;
  const int64_t seconds = in.DurationSeconds.value_or(kDefaultSessionSeconds);
  claims.expires = call.now.plus_seconds(root ? std::min(seconds, kRootSessionSeconds) : seconds);
  auto issued = iam::issue(std::move(claims), iam::token_keyring(call), call.random());
  LF_INVARIANT(issued.has_value(), issued.error().message);
  return {.Credentials = Credentials{.AccessKeyId = issued->access_key_id,
                                     .SecretAccessKey = issued->secret_access_key.reveal(),
                                     .SessionToken = issued->session_token,
                                     .Expiration = issued->expires}};
}

}  // namespace landfall::sts
