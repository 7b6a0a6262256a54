#include "services/ssm/parameters.h"

#include <algorithm>

#include "aws/arn.h"
#include "gateway/vault.h"
#include "services/ssm/public_parameters.h"
#include "ssm/errors.h"

namespace landfall::ssm {
namespace {

constexpr size_t kMaxTags = 50;

Vault vault(const Call& call) {
  auto vault = Vault::open(call.plane.config.data_dir + "/ssm.key");
  LF_INVARIANT(vault.has_value(), "SSM's key file cannot be read: " + vault.error().message);
  return std::move(*vault);
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() < 18 &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string parameter_arn(const Call& call, std::string_view name) {
  return call.arn("ssm", (name.starts_with('/') ? "parameter" : "parameter/") + std::string(name));
}

std::string bare_name(const Call& call, const std::string& text) {
  if (!text.starts_with("arn:")) return text;
  const auto arn = aws::split_arn(text);
  if (!arn || arn->service != "ssm" || !arn->resource.starts_with("parameter/"))
    throw ServiceError("ValidationException", 400, "Invalid ARN: " + text);
  const std::string name(arn->resource.substr(std::string_view("parameter").size()));
  if (arn->account.empty()) return name;  // a public parameter
  if (arn->account != call.account || arn->region != call.region) throw ParameterNotFound("");
  // "parameter/x" is the ARN of "x" and of "/x": the one that there is.
  return call.rows(kParameters).has(name) || name.find('/', 1) != std::string::npos ? name : name.substr(1);
}

Selected select(const Call& call, const std::string& text) {
  const size_t from = text.starts_with("arn:") ? text.find("parameter/") : 0;
  const size_t colon = from == std::string::npos ? from : text.find(':', from);
  if (colon == std::string::npos) return {bare_name(call, text), ""};
  return {bare_name(call, text.substr(0, colon)), text.substr(colon)};
}

std::shared_ptr<const ParameterRecord> find_parameter(Call& call, const std::string& name) {
  auto found = call.rows(kParameters).get(name);
  if (!found) throw ParameterNotFound("");
  return found;
}

const VersionRecord* find_version(const ParameterRecord& parameter, std::string_view selector) {
  if (selector.empty()) return &parameter.versions.back();
  selector.remove_prefix(1);
  for (const VersionRecord& version : parameter.versions) {
    if (is_number(selector) ? std::to_string(version.version) == selector
                            : std::ranges::find(version.labels, selector) != version.labels.end())
      return &version;
  }
  return nullptr;
}

std::string sealed_value(Call& call, std::string_view name, const std::string& value) {
  return vault(call).seal(parameter_arn(call, name), Secret(value), call.random());
}

std::string readable_value(Call& call, const ParameterRecord& parameter, const VersionRecord& version,
                           Decryption decryption) {
  if (version.type != kSecureString || decryption == Decryption::no) return version.value;
  auto value = vault(call).unseal(parameter_arn(call, parameter.name), version.value);
  LF_INVARIANT(value.has_value(), "a stored SecureString does not open");
  return value->reveal();
}

Parameter shown(Call& call, const ParameterRecord& parameter, const VersionRecord& version,
                std::string_view selector, Decryption decryption) {
  Parameter out;
  out.Name = parameter.name;
  out.Type = version.type;
  out.Value = readable_value(call, parameter, version, decryption);
  out.Version = version.version;
  if (!selector.empty()) out.Selector = std::string(selector);
  out.LastModifiedDate = version.modified;
  out.ARN = parameter_arn(call, parameter.name);
  out.DataType = version.data_type;
  return out;
}

Parameter read_parameter(Call& call, const std::string& text, Decryption decryption) {
  const Selected selected = select(call, text);
  if (selected.name.starts_with(kPublicPath)) {
    auto found = find_public_parameter(call, selected.name);
    if (!found) throw ParameterNotFound("");
    return *found;
  }
  const auto parameter = find_parameter(call, selected.name);
  const VersionRecord* version = find_version(*parameter, selected.selector);
  if (version == nullptr)
    throw ParameterVersionNotFound("Systems Manager could not find version " + selected.selector.substr(1) +
                                   " of " + selected.name + ". Verify the version and try again.");
  return shown(call, *parameter, *version, selected.selector, decryption);
}

ParameterRecord tagged(Call& call, const std::string& type, const std::string& id) {
  if (type != "Parameter")
    throw InvalidResourceType("The resource type is not valid. Landfall has tags of parameters only.");
  const auto found = call.rows(kParameters).get(id);
  if (!found)
    throw InvalidResourceId(
        "The resource ID is not valid. Verify that you entered the correct ID and try again.");
  return *found;
}

void add_tags(const Call& call, ParameterRecord& parameter, const std::vector<Tag>& tags) {
  for (const Tag& tag : tags) {
    if (tag.Key->starts_with("aws:") && call.caller.kind != CallerKind::service)
      throw ServiceError("ValidationException", 400, "aws: prefixed tag key names are not allowed.");
    parameter.tags[*tag.Key] = tag.Value.value_or("");
  }
  if (parameter.tags.size() > kMaxTags)
    throw TooManyTagsError("The number of tags exceeds the limit of 50 tags.");
}

bool below(std::string_view name, std::string_view path, bool recursive) {
  if (path.ends_with('/')) path.remove_suffix(1);
  if (path.empty() && !name.starts_with('/')) return true;  // "/" holds the names without a path too
  if (!name.starts_with(path) || name.size() <= path.size() + 1 || name[path.size()] != '/') return false;
  return recursive || name.find('/', path.size() + 1) == std::string_view::npos;
}

namespace {

bool any_value(const ParameterStringFilter& filter, std::string_view option,
               const std::vector<std::string>& actual) {
  for (const std::string& value : actual)
    for (const std::string& wanted : filter.Values) {
      if (option == "BeginsWith" ? value.starts_with(wanted)
          : option == "Contains" ? value.find(wanted) != std::string::npos
                                 : value == wanted)
        return true;
    }
  return false;
}

bool passes_one(const ParameterRecord& parameter, const ParameterStringFilter& filter) {
  const std::string& key = *filter.Key;
  const std::string option = filter.Option.value_or(key == "Path" ? "OneLevel" : "Equals");
  const VersionRecord& now = parameter.versions.back();
  if (key == "Path")
    return std::ranges::any_of(filter.Values, [&](const std::string& path) {
      return below(parameter.name, path, option == "Recursive");
    });
  if (key == "Name") {  // "/x" and "x" are found by either
    ParameterStringFilter slashless = filter;
    for (std::string& value : slashless.Values)
      if (value.starts_with('/')) value.erase(0, 1);
    const std::string name = parameter.name.starts_with('/') ? parameter.name.substr(1) : parameter.name;
    return any_value(slashless, option, {name});
  }
  if (key == "Type") return any_value(filter, option, {now.type});
  if (key == "KeyId") return any_value(filter, option, {now.key_id});
  if (key == "Tier") return any_value(filter, option, {now.tier});
  if (key == "DataType") return any_value(filter, option, {now.data_type});
  if (key == "Label")
    return std::ranges::any_of(parameter.versions, [&](const VersionRecord& version) {
      return any_value(filter, option, version.labels);
    });
  const auto tag = parameter.tags.find(key.substr(4));  // "tag:<key>"
  return tag != parameter.tags.end() && (filter.Values.empty() || any_value(filter, option, {tag->second}));
}

}  // namespace

bool passes(const ParameterRecord& parameter, const std::vector<ParameterStringFilter>& filters) {
  return std::ranges::all_of(
      filters, [&](const ParameterStringFilter& filter) { return passes_one(parameter, filter); });
}

void check_filters(const std::vector<ParameterStringFilter>& filters, std::string_view known) {
  for (const ParameterStringFilter& filter : filters) {
    const std::string& key = *filter.Key;
    const bool tag = key.starts_with("tag:") && known.find(" tag: ") != std::string_view::npos;
    if (!tag && known.find(" " + key + " ") == std::string_view::npos)
      throw InvalidFilterKey("The following filter key is not valid: " + key);
    if (filter.Values.empty() && !tag)
      throw InvalidFilterValue("The following filter values are missing : null for filter key " + key);
    const std::string option = filter.Option.value_or("Equals");
    const bool known_option = key == "Path" ? !filter.Option || option == "OneLevel" || option == "Recursive"
                                            : option == "Equals" || option == "BeginsWith" ||
                                                  (key == "Name" && option == "Contains");
    if (!known_option)
      throw InvalidFilterOption("The following filter option is not valid: " + option +
                                ". Valid options include: [BeginsWith, Equals].");
  }
}

}  // namespace landfall::ssm
