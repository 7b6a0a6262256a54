#include <algorithm>
#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

// Each secret is authorised by itself; what cannot be read is listed among the errors.
BatchGetSecretValueResponse BatchGetSecretValue(Call& call, const BatchGetSecretValueRequest& in) {
  if (in.SecretIdList.empty() == in.Filters.empty())
    throw InvalidParameterException("Give either SecretIdList or Filters.");
  std::vector<std::string> ids = in.SecretIdList;
  if (ids.empty())
    for (const auto& [name, secret] : call.rows(kSecrets).all())
      if (!secret->is_deleted() && passes(*secret, in.Filters) && (!in.NextToken || name > *in.NextToken))
        ids.push_back(name);
  const size_t limit = in.SecretIdList.empty() ? static_cast<size_t>(in.MaxResults.value_or(20)) : ids.size();
  BatchGetSecretValueResponse out;
  if (ids.size() > limit) {
    ids.resize(limit);
    out.NextToken = ids.back();
  }
  for (const std::string& id : ids) {
    try {
      SecretRecord secret = find_secret(call, id, "GetSecretValue");
      const std::string version = selected_version(secret, std::nullopt, std::nullopt);
      const Value value = read_value(call, secret, version);
      SecretValueEntry& entry = out.SecretValues.emplace_back();
      entry.ARN = secret.arn;
      entry.Name = secret.name;
      entry.VersionId = version;
      entry.SecretBinary = value.binary;
      entry.SecretString = value.text;
      entry.VersionStages = secret.versions.at(version).stages;
      entry.CreatedDate = secret.versions.at(version).created;
    } catch (const ServiceError& error) {
      out.Errors.push_back({.SecretId = id, .ErrorCode = error.code(), .Message = error.message()});
    }
  }
  return out;
}

}  // namespace landfall::secretsmanager
