// The decisions behind AssumeRole, apart from its answer.
#pragma once

#include <string>

#include "aws/session_token.h"
#include "gateway/call.h"
#include "services/iam/store.h"
#include "sts/shapes.h"

namespace landfall::sts {

inline constexpr int64_t kDefaultRoleSeconds = 3600;
inline constexpr int64_t kChainedRoleSeconds = 3600;  // a role that assumes a role
inline constexpr int64_t kDefaultSessionSeconds = 43'200;
inline constexpr int64_t kRootSessionSeconds = 3600;

// Throws AccessDenied unless the role's trust policy, and where it leaves the choice to the account the
// caller's own policies, let the caller assume the role with these tags and source identity.
void check_may_assume(Call& call, const iam::RoleRecord& role, const AssumeRoleRequest& in);
// Throws ValidationError beyond what the role or role chaining allows.
int64_t session_seconds(const Call& call, const iam::RoleRecord& role, const AssumeRoleRequest& in);
// Adds the session policies to the claims; throws MalformedPolicyDocument or PackedPolicyTooLarge. Returns
// the percent of the allowed size that is used.
int64_t add_session_policies(Call& call, const AssumeRoleRequest& in, aws::SessionClaims& claims);

}  // namespace landfall::sts
