#include <algorithm>
#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

namespace label_parameter_version {

// Letters, numbers, periods, hyphens, underscores; not beginning with a number, aws or ssm.
bool is_label(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  std::string lower = text;
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  if (text.empty() || digit(text[0]) || lower.starts_with("aws") || lower.starts_with("ssm")) return false;
  return std::ranges::all_of(
      text, [&](char c) { return letter(c) || digit(c) || c == '.' || c == '-' || c == '_'; });
}

}  // namespace label_parameter_version

// A label that is at another version moves.
LabelParameterVersionResult LabelParameterVersion(Call& call, const LabelParameterVersionRequest& in) {
  ParameterRecord parameter = *find_parameter(call, bare_name(call, *in.Name));
  const int64_t number = in.ParameterVersion.value_or(parameter.versions.back().version);
  const auto target = std::ranges::find(parameter.versions, number, &VersionRecord::version);
  if (target == parameter.versions.end())
    throw ParameterVersionNotFound("Systems Manager could not find version " + std::to_string(number) +
                                   " of " + parameter.name + ". Verify the version and try again.");
  LabelParameterVersionResult out;
  out.ParameterVersion = number;
  for (const std::string& label : in.Labels) {
    if (!label_parameter_version::is_label(label)) {
      out.InvalidLabels.push_back(label);
      continue;
    }
    for (VersionRecord& version : parameter.versions) std::erase(version.labels, label);
    target->labels.push_back(label);
  }
  if (target->labels.size() > kMaxLabels)
    throw ParameterVersionLabelLimitExceeded("A parameter version can have a maximum of ten labels.");
  std::ranges::sort(target->labels);
  call.rows(kParameters).put(parameter.name, parameter);
  return out;
}

}  // namespace landfall::ssm
