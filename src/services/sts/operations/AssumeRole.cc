#include "aws/arn.h"
#include "gateway/in_account.h"
#include "services/iam/dataplane/issuer.h"
#include "services/iam/iam.h"
#include "services/iam/records.h"
#include "services/sts/assume_role.h"
#include "sts/errors.h"
#include "sts/operations.h"

namespace landfall::sts {

AssumeRoleResponse AssumeRole(Call& from, const AssumeRoleRequest& in) {
  const std::string& arn = in.RoleArn.value();
  const auto parts = aws::split_arn(arn);
  Call call = in_account(from, parts ? parts->account : std::string_view(from.account));  // the role's
  const auto info = iam::role_info(call, arn);
  // Whether the role exists is not told to who may not assume it.
  if (!info || info->arn != arn)
    throw ServiceError(
        "AccessDenied", 403,
        "User: " + call.caller.arn + " is not authorized to perform: sts:AssumeRole on resource: " + arn);
  const iam::RoleRecord role = iam::find_role(call, info->name);
  check_may_assume(call, role, in);

  const int64_t seconds = session_seconds(call, role, in);
  const iam::Identity identity{.name = role.entity.name, .arn = arn, .id = role.entity.id};
  auto claims = iam::role_claims(identity, call.account, in.RoleSessionName.value(), call.now, seconds);
  const int64_t packed = add_session_policies(call, in, claims);
  claims.source_identity = in.SourceIdentity.value_or("");
  for (const Tag& tag : in.Tags) claims.tags[tag.Key.value()] = tag.Value.value_or("");

  auto issued = iam::issue(std::move(claims), iam::token_keyring(call), call.random());
  if (!issued) throw PackedPolicyTooLargeException(issued.error().message);
  AssumeRoleResponse out;
  out.Credentials = Credentials{.AccessKeyId = issued->access_key_id,
                                .SecretAccessKey = issued->secret_access_key.reveal(),
                                .SessionToken = issued->session_token,
                                .Expiration = issued->expires};
  out.AssumedRoleUser = AssumedRoleUser{
      .AssumedRoleId = role.entity.id + ":" + *in.RoleSessionName,
      .Arn = call.global_arn("sts", "assumed-role/" + role.entity.name + "/" + *in.RoleSessionName)};
  if (packed > 0) out.PackedPolicySize = packed;
  out.SourceIdentity = in.SourceIdentity;
  return out;
}

}  // namespace landfall::sts
