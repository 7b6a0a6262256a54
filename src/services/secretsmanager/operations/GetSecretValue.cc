#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

GetSecretValueResponse GetSecretValue(Call& call, const GetSecretValueRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "GetSecretValue");
  const std::string id = selected_version(secret, in.VersionId, in.VersionStage);
  const Value value = read_value(call, secret, id);
  GetSecretValueResponse out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  out.VersionId = id;
  out.SecretBinary = value.binary;
  out.SecretString = value.text;
  out.VersionStages = secret.versions.at(id).stages;
  out.CreatedDate = secret.versions.at(id).created;
  return out;
}

}  // namespace landfall::secretsmanager
