#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

DescribeSecretResponse DescribeSecret(Call& call, const DescribeSecretRequest& in) {
  const SecretRecord secret = find_secret(call, *in.SecretId, "DescribeSecret", WhenDeleted::allowed);
  DescribeSecretResponse out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  if (!secret.type.empty()) out.Type = secret.type;
  if (!secret.description.empty()) out.Description = secret.description;
  if (!secret.kms_key.empty()) out.KmsKeyId = secret.kms_key;
  out.LastChangedDate = secret.changed;
  if (secret.accessed.unix_ms != 0) out.LastAccessedDate = secret.accessed;
  if (secret.is_deleted()) out.DeletedDate = secret.delete_at;
  out.Tags = tags_of(secret);
  out.VersionIdsToStages = stages_of(secret);
  if (!secret.owning_service.empty()) out.OwningService = secret.owning_service;
  out.CreatedDate = secret.created;
  return out;
}

}  // namespace landfall::secretsmanager
