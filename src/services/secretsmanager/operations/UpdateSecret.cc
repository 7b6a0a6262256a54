#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

UpdateSecretResponse UpdateSecret(Call& call, const UpdateSecretRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "UpdateSecret");
  const Value value = value_of(in.SecretString, in.SecretBinary);
  if (in.Description) secret.description = *in.Description;
  if (in.KmsKeyId) secret.kms_key = *in.KmsKeyId;
  if (in.Type) secret.type = *in.Type;
  secret.changed = call.now;
  UpdateSecretResponse out;
  if (value.given()) {
    out.VersionId = new_version_id(call, in.ClientRequestToken);
    add_version(call, secret, *out.VersionId, value, {kCurrent});
  }
  save(call, secret);
  out.ARN = secret.arn;
  out.Name = secret.name;
  return out;
}

}  // namespace landfall::secretsmanager
