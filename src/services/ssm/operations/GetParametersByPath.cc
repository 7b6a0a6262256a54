#include "services/ssm/parameters.h"
#include "services/ssm/public_parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

// The token is the last name of the page before.
GetParametersByPathResult GetParametersByPath(Call& call, const GetParametersByPathRequest& in) {
  constexpr int64_t kPage = 10;
  if (!in.Path->starts_with("/"))
    throw ServiceError(
        "ValidationException", 400,
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a "
        "forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). It must "
        "use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore).");
  check_filters(in.ParameterFilters, " Type KeyId Label DataType ");
  const bool recursive = in.Recursive.value_or(false);
  std::vector<Parameter> found;
  if (in.Path->starts_with("/aws/")) {
    found = public_parameters_below(call, *in.Path, recursive);
  } else {
    call.rows(kParameters).each([&](std::string_view name, const ParameterRecord& parameter) {
      if (below(name, *in.Path, recursive) && passes(parameter, in.ParameterFilters))
        found.push_back(shown(call, parameter, parameter.versions.back(), "", decryption(in.WithDecryption)));
    });
  }
  GetParametersByPathResult out;
  for (Parameter& parameter : found) {
    if (in.NextToken && *parameter.Name <= *in.NextToken) continue;
    if (out.Parameters.size() == static_cast<size_t>(in.MaxResults.value_or(kPage))) {
      out.NextToken = *out.Parameters.back().Name;
      break;
    }
    out.Parameters.push_back(std::move(parameter));
  }
  return out;
}

}  // namespace landfall::ssm
