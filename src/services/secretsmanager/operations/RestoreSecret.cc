#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

RestoreSecretResponse RestoreSecret(Call& call, const RestoreSecretRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "RestoreSecret", WhenDeleted::allowed);
  secret.deleted = secret.delete_at = {};
  save(call, secret);
  return {.ARN = secret.arn, .Name = secret.name};
}

}  // namespace landfall::secretsmanager
