#include "cli/parse.h"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>

#include <unistd.h>

namespace landfall::cli {

namespace {

std::string default_data_dir() {
  if (const char* given = std::getenv("LANDFALL_DATA_DIR"); given && *given) return given;
  if (::geteuid() == 0) return "/var/lib/landfall";
  if (const char* xdg = std::getenv("XDG_DATA_HOME"); xdg && *xdg) return std::string(xdg) + "/landfall";
  const char* home = std::getenv("HOME");
  return std::string(home && *home ? home : "/tmp") + "/.local/share/landfall";
}

std::string absolute(const std::string& path) {
  std::string result = std::filesystem::absolute(path).lexically_normal().string();
  while (result.size() > 1 && result.back() == '/') result.pop_back();
  return result;
}

}  // namespace

void add_data_dir(CLI::App& command, std::string& data_dir) {
  data_dir = absolute(default_data_dir());
  command.add_option("--data-dir", data_dir, "where this Landfall keeps everything")
      ->capture_default_str()
      ->transform(CLI::Validator([](std::string& path) { return path = absolute(path), std::string(); },
                                 "DIR", "data_dir"));
}

void add_auth(CLI::App& command, AuthMode& auth) {
  static const std::map<std::string, AuthMode> kModes = {{"enforce", AuthMode::enforce},
                                                         {"any", AuthMode::any}};
  command.add_option("--auth", auth, "enforce (default), or any: every credential is the account's root")
      ->transform(CLI::CheckedTransformer(kModes));
}

void add_json(CLI::App& command, bool& json) { command.add_flag("--json", json, "print JSON"); }

const std::map<std::string, log::Level>& log_levels() {
  static const std::map<std::string, log::Level> kLevels = {{"debug", log::Level::debug},
                                                            {"info", log::Level::info},
                                                            {"warn", log::Level::warn},
                                                            {"error", log::Level::error}};
  return kLevels;
}

}  // namespace landfall::cli
