#include <algorithm>
#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

namespace list_secrets {

SecretListEntry entry(const SecretRecord& secret) {
  SecretListEntry out;
  out.ARN = secret.arn;
  out.Name = secret.name;
  if (!secret.description.empty()) out.Description = secret.description;
  if (!secret.kms_key.empty()) out.KmsKeyId = secret.kms_key;
  out.LastChangedDate = secret.changed;
  if (secret.accessed.unix_ms != 0) out.LastAccessedDate = secret.accessed;
  if (secret.is_deleted()) out.DeletedDate = secret.delete_at;
  out.Tags = tags_of(secret);
  out.SecretVersionsToStages = stages_of(secret);
  if (!secret.owning_service.empty()) out.OwningService = secret.owning_service;
  out.CreatedDate = secret.created;
  return out;
}

Timestamp sort_time(const SecretRecord& secret, const std::string& by) {
  return by == "last-changed-date"    ? secret.changed
         : by == "last-accessed-date" ? secret.accessed
                                      : secret.created;
}

}  // namespace list_secrets

// By the time of creation unless asked otherwise. The token is the name that the page before
// ended with.
ListSecretsResponse ListSecrets(Call& call, const ListSecretsRequest& in) {
  std::vector<std::shared_ptr<const SecretRecord>> secrets;
  for (const auto& [name, secret] : call.rows(kSecrets).all())
    if ((!secret->is_deleted() || in.IncludePlannedDeletion.value_or(false)) && passes(*secret, in.Filters))
      secrets.push_back(secret);
  const std::string by = in.SortBy.value_or("created-date");
  std::ranges::stable_sort(secrets, [&](const auto& a, const auto& b) {
    return by == "name" ? a->name < b->name
                        : list_secrets::sort_time(*a, by) < list_secrets::sort_time(*b, by);
  });
  if (in.SortOrder == "desc") std::ranges::reverse(secrets);
  auto from = secrets.begin();
  if (in.NextToken) {
    from = std::ranges::find_if(secrets, [&](const auto& secret) { return secret->name == *in.NextToken; });
    if (from == secrets.end()) throw InvalidNextTokenException("The NextToken value is invalid.");
    ++from;
  }
  ListSecretsResponse out;
  for (; from != secrets.end(); ++from) {
    if (out.SecretList.size() == static_cast<size_t>(in.MaxResults.value_or(100))) {
      out.NextToken = *out.SecretList.back().Name;
      break;
    }
    out.SecretList.push_back(list_secrets::entry(**from));
  }
  return out;
}

}  // namespace landfall::secretsmanager
