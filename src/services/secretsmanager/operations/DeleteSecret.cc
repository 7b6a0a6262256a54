#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
DeleteSecretResponse DeleteSecret(Call& call, const DeleteSecretRequest& in) {
  const bool at_once = in.ForceDeleteWithoutRecovery.value_or(false);
  if (at_once && in.RecoveryWindowInDays)
    throw InvalidParameterException(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  const int64_t days = in.RecoveryWindowInDays.value_or(30);
  if (days < 7 || days > 30)
    throw InvalidParameterException(
        "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  DeleteSecretResponse out;
  SecretRecord secret;
  try {
    secret = find_secret(call, *in.SecretId, "DeleteSecret",
                         at_once ? WhenDeleted::allowed : WhenDeleted::refused);
  } catch (const ResourceNotFoundException&) {
    if (!at_once) throw;  // AWS: forced, it succeeds even if there is none
    const bool arn = in.SecretId->starts_with("arn:");
    out.ARN = arn ? *in.SecretId : call.arn("secretsmanager", "secret:" + *in.SecretId);
    out.Name = *in.SecretId;
    out.DeletionDate = call.now;
    return out;
  }
  out.ARN = secret.arn;
  out.Name = secret.name;
  if (at_once) {
    out.DeletionDate = call.now;
    call.rows(kSecrets).erase(secret.name);
    return out;
  }
  secret.deleted = call.now;
  secret.delete_at = {call.now.unix_ms + days * kDayMs};
  out.DeletionDate = secret.delete_at;
  save(call, secret);
  return out;
}

}  // namespace landfall::secretsmanager
