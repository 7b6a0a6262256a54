#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

DeleteResourcePolicyResponse DeleteResourcePolicy(Call& call, const DeleteResourcePolicyRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "DeleteResourcePolicy");
  secret.policy.clear();
  save(call, secret);
  return {.ARN = secret.arn, .Name = secret.name};
}

}  // namespace landfall::secretsmanager
