#include "cli/stack/stack_file.h"

#include <yaml-cpp/yaml.h>

#include <filesystem>
#include <set>

#include "roles/up/settings.h"

namespace landfall::cli {

namespace fs = std::filesystem;

namespace {

std::string inside(const std::string& folder, const std::string& path) {
  return (fs::path(folder) / path).lexically_normal().string();
}

std::string text(const YAML::Node& node, const char* key, const std::string& fallback = {}) {
  return node[key] ? node[key].as<std::string>() : fallback;
}

// A mistyped key would silently do nothing: it is refused.
Result<> check_keys(const YAML::Node& node, const std::set<std::string>& known) {
  for (const auto& entry : node)
    if (const auto key = entry.first.as<std::string>(); !known.contains(key))
      return fail("unknown key \"" + key + "\" in line " + std::to_string(entry.first.Mark().line + 1));
  return {};
}

Result<> read_assets(const YAML::Node& node, const std::string& folder, StackFile& file) {
  for (const YAML::Node& asset : node) {
    LF_CHECK(check_keys(asset, {"file", "key", "parameter"}));
    if (!asset["file"] || !asset["key"]) return fail("an asset needs \"file\" and \"key\"");
    file.assets.push_back(
        {inside(folder, text(asset, "file")), text(asset, "key"), text(asset, "parameter")});
  }
  return {};
}

Result<> read_sites(const YAML::Node& node, const std::string& folder, StackFile& file) {
  for (const YAML::Node& site : node) {
    LF_CHECK(check_keys(site, {"folder", "prefix", "bucket_output", "distribution_output"}));
    if (!site["folder"] || !site["bucket_output"])
      return fail("a site needs \"folder\" and \"bucket_output\"");
    file.sites.push_back({inside(folder, text(site, "folder")), text(site, "prefix"),
                          text(site, "bucket_output"), text(site, "distribution_output")});
  }
  return {};
}

Result<> read_parameters(const YAML::Node& node, const std::map<std::string, std::string>& values,
                         StackFile& file) {
  for (const auto& entry : node) {
    StackParameter parameter;
    if (entry.second.IsMap()) {
      LF_CHECK(check_keys(entry.second, {"generate"}));
      parameter.generate = entry.second["generate"].as<unsigned>();
    } else {
      parameter.value = substitute(entry.second.as<std::string>(), values);
    }
    file.parameters[entry.first.as<std::string>()] = parameter;
  }
  return {};
}

Result<StackFile> read_document(const YAML::Node& root, const std::string& folder,
                                const StackVariables& variables) {
  LF_CHECK(check_keys(root, {"stack", "deployment_bucket", "assets", "parameters", "sites", "healthy"}));
  StackFile file;
  file.name = text(root, "stack", fs::path(folder).filename().string());
  std::map<std::string, std::string> values = {{"account", variables.account}, {"region", variables.region}};
  file.deployment_bucket = substitute(text(root, "deployment_bucket"), values);
  values["deployment_bucket"] = file.deployment_bucket;
  LF_CHECK(read_assets(root["assets"], folder, file));
  if (!file.assets.empty() && file.deployment_bucket.empty())
    return fail("assets need a \"deployment_bucket\"");
  LF_CHECK(read_parameters(root["parameters"], values, file));
  LF_CHECK(read_sites(root["sites"], folder, file));
  for (const YAML::Node& url : root["healthy"]) file.healthy.push_back(url.as<std::string>());
  return file;
}

}  // namespace

std::string substitute(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "{" + name + "}";
    for (size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
      text.replace(at, mark.size(), value);
  }
  return text;
}

Result<StackFile> parse_landfall_yaml(const std::string& text, const std::string& folder,
                                      const StackVariables& variables) {
  try {  // yaml-cpp reports everything by exceptions; they end here
    return read_document(YAML::Load(text), folder, variables);
  } catch (const YAML::Exception& error) {
    return fail(error.what());
  }
}

Result<StackFile> load_stack_file(const std::string& template_path, const StackVariables& variables) {
  LF_TRY(std::string body, roles::read_file(template_path));
  const std::string folder = fs::path(template_path).parent_path().string();
  const std::string beside = folder + "/landfall.yaml";
  StackFile file;
  file.name = fs::path(folder).filename().string();
  if (const auto text = roles::read_file(beside)) {
    auto parsed = parse_landfall_yaml(*text, folder, variables);
    if (!parsed) return fail(beside + ": " + parsed.error().message);
    file = std::move(*parsed);
  } else if (text.error().error_number != ENOENT) {
    return std::unexpected(text.error());
  }
  file.template_body = std::move(body);
  return file;
}

}  // namespace landfall::cli
