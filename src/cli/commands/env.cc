// `landfall env`: what an AWS client needs to find this Landfall from the machine itself.
#include <boost/json.hpp>
#include <cstdio>

#include "cli/cli.h"
#include "cli/client_environment.h"
#include "cli/commands.h"

namespace landfall::cli {

namespace {

// Safe between single quotes in any POSIX shell.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

}  // namespace

int env(const CommandOptions& options) {
  const auto variables =
      client_environment(roles::Layout{options.data_dir}, Reach::endpoint_url, options.account);
  if (!variables) {
    std::fprintf(stderr, "landfall env: %s\n", variables.error().message.c_str());
    return kFailed;
  }
  if (options.output == Output::json) {
    boost::json::object object;
    for (const auto& [name, value] : *variables) object[name] = value;
    std::printf("%s\n", boost::json::serialize(object).c_str());
    return kOk;
  }
  // What a session of another account left in the shell.
  if (options.account.empty()) std::printf("unset AWS_SESSION_TOKEN\n");
  for (const auto& [name, value] : *variables)
    std::printf("export %s=%s\n", name.c_str(), quoted(value).c_str());
  return kOk;
}

}  // namespace landfall::cli
