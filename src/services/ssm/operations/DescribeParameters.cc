#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

namespace describe_parameters {

ParameterMetadata metadata(const Call& call, const ParameterRecord& parameter) {
  const VersionRecord& now = parameter.versions.back();
  ParameterMetadata out;
  out.Name = parameter.name;
  out.ARN = parameter_arn(call, parameter.name);
  out.Type = now.type;
  if (!now.key_id.empty()) out.KeyId = now.key_id;
  out.LastModifiedDate = now.modified;
  out.LastModifiedUser = now.user;
  if (!now.description.empty()) out.Description = now.description;
  if (!now.allowed_pattern.empty()) out.AllowedPattern = now.allowed_pattern;
  out.Version = now.version;
  out.Tier = now.tier;
  out.DataType = now.data_type;
  return out;
}

// The older form of filters says the same as names, types and keys that are equal.
std::vector<ParameterStringFilter> filters_of(const DescribeParametersRequest& in) {
  if (!in.Filters.empty() && !in.ParameterFilters.empty())
    throw ServiceError("ValidationException", 400,
                       "You can use either Filters or ParameterFilters in a single request.");
  std::vector<ParameterStringFilter> out = in.ParameterFilters;
  for (const ParametersFilter& filter : in.Filters)
    out.push_back({.Key = filter.Key, .Option = std::nullopt, .Values = filter.Values});
  check_filters(out, " Name Type KeyId Path Label Tier DataType tag: ");
  return out;
}

}  // namespace describe_parameters

DescribeParametersResult DescribeParameters(Call& call, const DescribeParametersRequest& in) {
  constexpr int64_t kPage = 50;
  const auto filters = describe_parameters::filters_of(in);
  DescribeParametersResult out;
  if (in.Shared.value_or(false)) return out;  // nobody shares parameters here
  for (const auto& [name, parameter] : call.rows(kParameters).all()) {
    if ((in.NextToken && name <= *in.NextToken) || !passes(*parameter, filters)) continue;
    if (out.Parameters.size() == static_cast<size_t>(in.MaxResults.value_or(kPage))) {
      out.NextToken = *out.Parameters.back().Name;
      break;
    }
    out.Parameters.push_back(describe_parameters::metadata(call, *parameter));
  }
  return out;
}

}  // namespace landfall::ssm
