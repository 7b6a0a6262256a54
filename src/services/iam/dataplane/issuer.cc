#include "services/iam/dataplane/issuer.h"

#include "services/iam/dataplane/authenticator.h"

namespace landfall::iam {
namespace {

constexpr char kIdAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr char kSecretAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Result<TemporaryCredentials> issue(aws::SessionClaims claims, const aws::TokenKeyring& keyring,
                                   Random& random) {
  claims.access_key_id = "ASIA" + random.from(kIdAlphabet, 16);
  claims.secret_access_key = Secret(random.from(kSecretAlphabet, 40));
  LF_TRY(std::string token, aws::seal_session(claims, keyring, random));
  return TemporaryCredentials{claims.access_key_id, claims.secret_access_key, std::move(token), claims.issued,
                              claims.expires};
}

aws::SessionClaims role_claims(const Identity& role, std::string_view account, std::string_view session_name,
                               Timestamp now, int64_t seconds) {
  aws::SessionClaims claims;
  claims.kind = aws::policy::PrincipalKind::assumed_role;
  claims.account = account;
  claims.role_arn = role.arn;
  claims.role_id = role.id;
  claims.role_name = role.name;
  claims.session_name = session_name;
  claims.issued = now;
  claims.expires = now.plus_seconds(seconds);
  return claims;
}

Result<InstanceRole> issue_instance_role(const AccountIdentities& account,
                                         std::string_view profile_name_or_arn, std::string_view instance_id,
                                         Timestamp now, Random& random) {
  const InstanceProfileDocument* profile = account.instance_profile(profile_name_or_arn);
  if (profile == nullptr) return fail("there is no instance profile " + std::string(profile_name_or_arn));
  if (profile->role.empty()) return fail("the instance profile " + profile->name + " has no role");
  const auto role = account.role(profile->role);
  if (!role) return fail("there is no role " + profile->role);
  const Principal ec2 = service_principal("ec2.amazonaws.com");
  const auto context = context_of(ec2, {.now = now});
  const auto trusted = authorize(ec2, context,
                                 {.action = "sts:AssumeRole",
                                  .resource = role->arn,
                                  .resource_account = account.account(),
                                  .resource_policy = &role->trust,
                                  .mode = aws::policy::ResourcePolicyMode::required});
  if (!trusted.allowed())
    return fail("EC2 cannot assume the role " + role->name + ": its trust policy does not allow it");
  aws::SessionClaims claims =
      role_claims(*role, account.account(), instance_id, now, kInstanceCredentialSeconds);
  claims.instance_id = instance_id;
  LF_TRY(auto credentials, issue(std::move(claims), account.keyring(), random));
  return InstanceRole{role->name, profile->arn, profile->id, std::move(credentials)};
}

}  // namespace landfall::iam
