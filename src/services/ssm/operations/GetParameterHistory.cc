#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

// Oldest first; the token is the version of the next page's first.
GetParameterHistoryResult GetParameterHistory(Call& call, const GetParameterHistoryRequest& in) {
  constexpr int64_t kPage = 50;
  const auto parameter = find_parameter(call, bare_name(call, *in.Name));
  GetParameterHistoryResult out;
  for (const VersionRecord& version : parameter->versions) {
    const std::string number = std::to_string(version.version);
    if (in.NextToken && (number.size() < in.NextToken->size() ||
                         (number.size() == in.NextToken->size() && number < *in.NextToken)))
      continue;
    if (out.Parameters.size() == static_cast<size_t>(in.MaxResults.value_or(kPage))) {
      out.NextToken = number;
      break;
    }
    ParameterHistory& shown = out.Parameters.emplace_back();
    shown.Name = parameter->name;
    shown.Type = version.type;
    if (!version.key_id.empty()) shown.KeyId = version.key_id;
    shown.LastModifiedDate = version.modified;
    shown.LastModifiedUser = version.user;
    if (!version.description.empty()) shown.Description = version.description;
    shown.Value = readable_value(call, *parameter, version, decryption(in.WithDecryption));
    if (!version.allowed_pattern.empty()) shown.AllowedPattern = version.allowed_pattern;
    shown.Version = version.version;
    shown.Labels = version.labels;
    shown.Tier = version.tier;
    shown.DataType = version.data_type;
  }
  return out;
}

}  // namespace landfall::ssm
