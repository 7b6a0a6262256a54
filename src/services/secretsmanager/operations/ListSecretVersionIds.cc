#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

ListSecretVersionIdsResponse ListSecretVersionIds(Call& call, const ListSecretVersionIdsRequest& in) {
  const SecretRecord secret = find_secret(call, *in.SecretId, "ListSecretVersionIds", WhenDeleted::allowed);
  ListSecretVersionIdsResponse out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  for (const auto& [id, version] : secret.versions) {
    if ((in.NextToken && id <= *in.NextToken) ||
        (version.stages.empty() && !in.IncludeDeprecated.value_or(false)))
      continue;
    if (out.Versions.size() == static_cast<size_t>(in.MaxResults.value_or(100))) {
      out.NextToken = *out.Versions.back().VersionId;
      break;
    }
    SecretVersionsListEntry& entry = out.Versions.emplace_back();
    entry.VersionId = id;
    entry.VersionStages = version.stages;
    if (version.accessed.unix_ms != 0) entry.LastAccessedDate = version.accessed;
    entry.CreatedDate = version.created;
    entry.KmsKeyIds = {secret.kms_key.empty() ? "DefaultEncryptionKey" : secret.kms_key};
  }
  return out;
}

}  // namespace landfall::secretsmanager
