#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
CreateSecretResponse CreateSecret(Call& call, const CreateSecretRequest& in) {
  const Value value = value_of(in.SecretString, in.SecretBinary);
  const auto existing = call.rows(kSecrets).get(*in.Name);
  SecretRecord secret;
  secret.name = *in.Name;
  secret.arn = existing
                   ? existing->arn
                   : call.arn("secretsmanager", "secret:" + *in.Name + "-" +
                                                    call.random().from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                                       "abcdefghijklmnopqrstuvwxyz0123456789",
                                                                       6));
  add_tags(call, secret, in.Tags);
  std::map<std::string, std::string> context{{"secretsmanager:Name", secret.name}};
  for (const auto& [key, text] : secret.tags) context["aws:RequestTag/" + key] = text;
  call.authorize("secretsmanager:CreateSecret", secret.arn, context);
  if (!in.AddReplicaRegions.empty())
    throw ServiceError("NotImplemented", 501, "Landfall does not replicate secrets to other regions.");
  const std::string id = new_version_id(call, in.ClientRequestToken);
  CreateSecretResponse out;
  if (existing) {
    if (existing->is_deleted())
      throw InvalidRequestException(
          "You can't create this secret because a secret with this name is already scheduled for deletion.");
    // The same request again: the same answer.
    if (!in.ClientRequestToken || !existing->versions.contains(id) || !value.given())
      throw ResourceExistsException("The operation failed because the secret " + secret.name +
                                    " already exists.");
    secret = *existing;
    add_version(call, secret, id, value, {});
  } else {
    secret.description = in.Description.value_or("");
    secret.kms_key = in.KmsKeyId.value_or("");
    secret.type = in.Type.value_or("");
    // A secret that a service manages, by its name: rds!db-...
    const std::string service = call.caller.service.substr(0, call.caller.service.find('.'));
    if (!service.empty() && secret.name.starts_with(service + "!")) secret.owning_service = service;
    secret.created = secret.changed = call.now;
    if (value.given()) add_version(call, secret, id, value, {kCurrent});
    save(call, secret);
  }
  out.ARN = secret.arn;
  out.Name = secret.name;
  if (value.given()) out.VersionId = id;
  return out;
}

}  // namespace landfall::secretsmanager
