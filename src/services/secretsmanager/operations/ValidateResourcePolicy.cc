#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

ValidateResourcePolicyResponse ValidateResourcePolicy(Call& call, const ValidateResourcePolicyRequest& in) {
  if (in.SecretId) find_secret(call, *in.SecretId, "ValidateResourcePolicy");
  ValidateResourcePolicyResponse out;
  out.PolicyValidationPassed = true;
  try {
    check_policy(*in.ResourcePolicy);
  } catch (const MalformedPolicyDocumentException& error) {
    out.PolicyValidationPassed = false;
    out.ValidationErrors.push_back({.CheckName = "PolicySyntax", .ErrorMessage = error.message()});
  }
  return out;
}

}  // namespace landfall::secretsmanager
