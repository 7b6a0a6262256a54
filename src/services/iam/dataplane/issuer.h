// Temporary credentials: STS issues them in control; the metadata service issues an instance's role's in
// edge.
#pragma once

#include <string>
#include <string_view>

#include "aws/session_token.h"
#include "base/random.h"
#include "base/result.h"
#include "services/iam/dataplane/directory.h"

namespace landfall::iam {

struct TemporaryCredentials {
  std::string access_key_id;  // ASIA...
  Secret secret_access_key;
  std::string session_token;
  Timestamp issued, expires;
};

// `claims` says whose and until when; its key id and secret are chosen here.
Result<TemporaryCredentials> issue(aws::SessionClaims claims, const aws::TokenKeyring& keyring,
                                   Random& random);

// The claims of a session of this role.
aws::SessionClaims role_claims(const Identity& role, std::string_view account, std::string_view session_name,
                               Timestamp now, int64_t seconds);

inline constexpr int64_t kInstanceCredentialSeconds = 6 * 3600;

struct InstanceRole {
  std::string role_name;  // what /latest/meta-data/iam/security-credentials/ lists
  std::string instance_profile_arn, instance_profile_id;
  TemporaryCredentials credentials;
};
// For the account's instance with that profile (name or ARN). An Error says why there are none: no such
// profile, no role in it, or a trust policy that does not let ec2.amazonaws.com assume it.
Result<InstanceRole> issue_instance_role(const AccountIdentities& account,
                                         std::string_view profile_name_or_arn, std::string_view instance_id,
                                         Timestamp now, Random& random);

}  // namespace landfall::iam
