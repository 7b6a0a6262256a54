#include "aws/protocol/validate.h"
#include "services/ssm/parameters.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
namespace put_parameter {

void refuse(const std::string& why) { throw ServiceError("ValidationException", 400, why); }

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return text;
}

void check_name(const std::string& name) {
  const std::string first = lower(name.starts_with("/") ? name.substr(1) : name);
  if (first.starts_with("aws/") && name.starts_with("/"))
    throw ServiceError("AccessDeniedException", 400, "No access to reserved parameter name: " + name + ".");
  if (first.starts_with("aws") || first.starts_with("ssm"))
    refuse(
        "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, "
        "it can "
        "consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, "
        "numbers and the "
        "following 3 symbols .-_");
  size_t levels = 0;
  for (const char c : name) {
    const bool known = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '.' || c == '-' || c == '_' || c == '/';
    if (!known)
      refuse(
          "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can "
          "consist of "
          "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and "
          "the following "
          "3 symbols .-_");
    if (c == '/') ++levels;
  }
  if (levels > 0 && !name.starts_with("/")) refuse("Parameter name must be a fully qualified name.");
  if (name.ends_with("/") || name.find("//") != std::string::npos)
    refuse("Parameter name must not end with a slash, and no part of it may be empty.");
  if (levels > kMaxLevels)
    throw HierarchyLevelLimitExceededException("Hierarchy depth can not exceed 15 levels");
}

std::string tier_of(const PutParameterRequest& in, const VersionRecord* before) {
  const std::string asked =
      in.Tier.value_or(before != nullptr && before->tier == "Advanced" ? "Advanced" : "Standard");
  const bool needs_advanced = in.Value->size() > kStandardBytes || in.Policies.value_or("").size() > 2;
  if (asked == "Intelligent-Tiering")
    return needs_advanced || (before != nullptr && before->tier == "Advanced") ? "Advanced" : "Standard";
  if (asked == "Standard" && before != nullptr && before->tier == "Advanced")
    refuse(
        "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the "
        "advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced "
        "parameter "
        "and recreate it as a standard parameter.");
  return asked;
}

void check_value(const PutParameterRequest& in, const VersionRecord& version) {
  const std::string& value = *in.Value;
  if (value.empty()) refuse("Parameter value can't be empty.");
  const size_t limit = version.tier == "Advanced" ? kAdvancedBytes : kStandardBytes;
  if (value.size() > limit)
    refuse(version.tier == "Advanced"
               ? "Advanced tier parameters support a maximum parameter value of 8192 characters."
               : "Standard tier parameters support a maximum parameter value of 4096 characters. To create a "
                 "larger "
                 "parameter value, upgrade the parameter to use the advanced-parameter tier. For more "
                 "information, see "
                 "https://docs.aws.amazon.com/systems-manager/latest/userguide/"
                 "parameter-store-advanced-parameters.html");
  if (!version.allowed_pattern.empty()) {
    if (!aws::is_pattern_supported(version.allowed_pattern))
      throw InvalidAllowedPatternException("The regular expression is not valid: " + version.allowed_pattern);
    if (!aws::matches_pattern(version.allowed_pattern, value))
      throw ParameterPatternMismatchException(
          "Parameter value, cannot be validated against allowedPattern: " + version.allowed_pattern);
  }
  if (version.data_type == "aws:ec2:image" && !value.starts_with("ami-"))
    refuse("The parameter value " + value + " is not a valid Amazon Machine Image ID.");
  if (version.data_type != "text" && version.data_type != "aws:ec2:image" &&
      version.data_type != "aws:ssm:integration")
    refuse("The following data type is not supported: " + version.data_type +
           " (Data type names are all lowercase.)");
}

// The oldest version makes room unless it has a label.
void make_room(ParameterRecord& parameter) {
  if (parameter.versions.size() < kMaxVersions) return;
  if (!parameter.versions.front().labels.empty())
    throw ParameterMaxVersionLimitExceeded(
        "You attempted to create a new version of " + parameter.name +
        " by calling the PutParameter API with the overwrite flag. Version " +
        std::to_string(parameter.versions.front().version) +
        ", the oldest version, can't be deleted because it has a label associated with it. Move the label to "
        "another "
        "version of the parameter, and try again.");
  parameter.versions.erase(parameter.versions.begin());
}

}  // namespace put_parameter

PutParameterResult PutParameter(Call& call, const PutParameterRequest& in) {
  using namespace put_parameter;
  const std::string name = bare_name(call, *in.Name);
  check_name(name);
  const auto existing = call.rows(kParameters).get(name);
  const bool overwrite = in.Overwrite.value_or(false);
  if (existing && !overwrite)
    throw ParameterAlreadyExists(
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to "
        "true.");
  if (overwrite && !in.Tags.empty())
    refuse(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please "
        "remove "
        "overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or "
        "RemoveTagsFromResource.");
  if (!existing && !in.Type) refuse("A parameter type is required when you create a parameter.");
  ParameterRecord parameter =
      existing ? *existing : ParameterRecord{.name = name, .versions = {}, .tags = {}};
  const VersionRecord* before = existing ? &existing->versions.back() : nullptr;
  VersionRecord version;
  version.version = before != nullptr ? before->version + 1 : 1;
  version.type = in.Type ? *in.Type : before->type;
  version.description = in.Description.value_or(before != nullptr ? before->description : "");
  version.allowed_pattern = in.AllowedPattern.value_or(before != nullptr ? before->allowed_pattern : "");
  version.data_type = in.DataType.value_or(before != nullptr ? before->data_type : "text");
  version.policies = in.Policies.value_or(before != nullptr ? before->policies : "");
  version.tier = tier_of(in, before);
  version.user = call.caller.arn;
  version.modified = call.now;
  if (version.type == kSecureString)
    version.key_id =
        in.KeyId.value_or(before != nullptr && !before->key_id.empty() ? before->key_id : "alias/aws/ssm");
  else if (in.KeyId)
    refuse("KeyId is required for SecureString type parameter only.");
  check_value(in, version);
  version.value = version.type == kSecureString ? sealed_value(call, name, *in.Value) : *in.Value;
  add_tags(call, parameter, in.Tags);
  make_room(parameter);
  PutParameterResult out;
  out.Version = version.version;
  out.Tier = version.tier;
  parameter.versions.push_back(std::move(version));
  call.rows(kParameters).put(name, std::move(parameter));
  return out;
}

}  // namespace landfall::ssm
