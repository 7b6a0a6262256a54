#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

GetResourcePolicyResponse GetResourcePolicy(Call& call, const GetResourcePolicyRequest& in) {
  const SecretRecord secret = find_secret(call, *in.SecretId, "GetResourcePolicy", WhenDeleted::allowed);
  GetResourcePolicyResponse out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  if (!secret.policy.empty()) out.ResourcePolicy = secret.policy;
  return out;
}

}  // namespace landfall::secretsmanager
