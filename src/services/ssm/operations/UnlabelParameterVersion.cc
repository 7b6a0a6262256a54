#include <algorithm>
#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

UnlabelParameterVersionResult UnlabelParameterVersion(Call& call, const UnlabelParameterVersionRequest& in) {
  ParameterRecord parameter = *find_parameter(call, bare_name(call, *in.Name));
  const auto target = std::ranges::find(parameter.versions, *in.ParameterVersion, &VersionRecord::version);
  if (target == parameter.versions.end())
    throw ParameterVersionNotFound("Systems Manager could not find version " +
                                   std::to_string(*in.ParameterVersion) + " of " + parameter.name +
                                   ". Verify the version and try again.");
  UnlabelParameterVersionResult out;
  for (const std::string& label : in.Labels)
    (std::erase(target->labels, label) > 0 ? out.RemovedLabels : out.InvalidLabels).push_back(label);
  call.rows(kParameters).put(parameter.name, parameter);
  return out;
}

}  // namespace landfall::ssm
