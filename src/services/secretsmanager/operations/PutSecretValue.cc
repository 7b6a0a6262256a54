#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

PutSecretValueResponse PutSecretValue(Call& call, const PutSecretValueRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "PutSecretValue");
  const Value value = value_of(in.SecretString, in.SecretBinary);
  if (!value.given())
    throw InvalidParameterException("You must provide either SecretString or SecretBinary.");
  const std::string id = new_version_id(call, in.ClientRequestToken);
  add_version(call, secret, id, value,
              in.VersionStages.empty() ? std::vector<std::string>{kCurrent} : in.VersionStages);
  save(call, secret);
  PutSecretValueResponse out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  out.VersionId = id;
  out.VersionStages = secret.versions.at(id).stages;
  return out;
}

}  // namespace landfall::secretsmanager
