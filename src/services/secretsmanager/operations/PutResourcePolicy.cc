#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"

#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

PutResourcePolicyResponse PutResourcePolicy(Call& call, const PutResourcePolicyRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "PutResourcePolicy");
  check_policy(*in.ResourcePolicy);
  secret.policy = *in.ResourcePolicy;
  save(call, secret);
  return {.ARN = secret.arn, .Name = secret.name};
}

}  // namespace landfall::secretsmanager
