#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
UpdateSecretVersionStageResponse UpdateSecretVersionStage(Call& call,
                                                          const UpdateSecretVersionStageRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "UpdateSecretVersionStage");
  const std::string& stage = *in.VersionStage;
  for (const auto& id : {in.RemoveFromVersionId, in.MoveToVersionId})
    if (id && !secret.versions.contains(*id))
      throw ResourceNotFoundException("Secrets Manager can't find the specified secret version: " + *id);
  if (!in.RemoveFromVersionId && !in.MoveToVersionId)
    throw InvalidParameterException("You must specify RemoveFromVersionId or MoveToVersionId.");
  const std::string now = version_at(secret, stage);
  if (in.RemoveFromVersionId && now != *in.RemoveFromVersionId)
    throw InvalidParameterException(
        "The parameter RemoveFromVersionId can't be empty or different: staging label " + stage +
        " is currently attached to version " + now +
        ", so you must explicitly reference that version in RemoveFromVersionId.");
  if (!in.RemoveFromVersionId && !now.empty() && now != *in.MoveToVersionId)
    throw InvalidParameterException(
        "The parameter RemoveFromVersionId can't be empty. Staging label " + stage +
        " is currently attached to version " + now +
        ", so you must explicitly reference that version in RemoveFromVersionId.");
  if (!in.MoveToVersionId && stage == kCurrent)
    throw InvalidParameterException(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be "
        "completely removed.");
  move_stage(secret, stage, in.MoveToVersionId.value_or(""));
  secret.changed = call.now;
  save(call, secret);
  return {.ARN = secret.arn, .Name = secret.name};
}

}  // namespace landfall::secretsmanager
