// `landfall status`: one screen of what is well and what is not, and why.
#include <fmt/core.h>

#include <boost/json.hpp>
#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/local_client.h"
#include "roles/layout.h"

namespace landfall::cli {

namespace json = boost::json;

namespace {

// A role's own word on its health: the /health of its admin listener, or why it could not be asked.
json::object ask_health(const std::string& socket_path) {
  const auto body = http_get_unix(socket_path, "/health");
  if (!body)
    return {
        {"healthy", false},
        {"problems", json::array{json::object{{"what", "admin listener"}, {"why", body.error().message}}}}};
  boost::system::error_code error;
  json::value value = json::parse(*body, error);
  if (error || !value.is_object())
    return {{"healthy", false},
            {"problems",
             json::array{json::object{{"what", "admin listener"}, {"why", "its /health is no JSON"}}}}};
  return std::move(value.as_object());
}

std::string text(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value) return {};
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

bool is_healthy(const json::object& status) {
  for (const json::value& role : status.at("roles").as_array())
    if (text(role.as_object(), "state") != "ready") return false;
  for (const auto& [name, health] : status.at("health").as_object())
    if (const json::value* healthy = health.as_object().if_contains("healthy");
        healthy && !healthy->as_bool())
      return false;
  return true;
}

void print_problems(std::string_view role, const json::object& health) {
  const json::value* problems = health.if_contains("problems");
  if (!problems || !problems->is_array()) return;
  for (const json::value& problem : problems->as_array()) {
    if (!problem.is_object()) continue;
    fmt::print("  {}: {}: {}\n", role, text(problem.as_object(), "what"), text(problem.as_object(), "why"));
  }
}

void print_status(const json::object& status) {
  fmt::print("Landfall on {}: {} (account {}, {}; API http://127.0.0.1:{})\n", text(status, "data_dir"),
             is_healthy(status) ? "healthy" : "NOT healthy", text(status, "account_id"),
             text(status, "region"), text(status, "api_port"));
  for (const json::value& value : status.at("roles").as_array()) {
    const json::object& role = value.as_object();
    fmt::print("  {:8} {:9} pid {:<8} restarts {}{}\n", text(role, "name"), text(role, "state"),
               text(role, "pid"), text(role, "restarts"),
               text(role, "last_exit").empty() ? "" : " (last end: " + text(role, "last_exit") + ")");
  }
  for (const auto& [name, health] : status.at("health").as_object()) print_problems(name, health.as_object());
}

}  // namespace

int status(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  const auto answer = ask_supervisor(layout.up_socket(), "status");
  if (!answer) {
    if (options.output == Output::json) std::printf("{\"running\":false}\n");
    const bool absent = answer.error().error_number == ENOENT || answer.error().error_number == ECONNREFUSED;
    std::fprintf(
        stderr, "%s\n",
        absent ? ("No Landfall runs on " + layout.root + ".").c_str() : answer.error().message.c_str());
    return absent ? kNotRunning : kFailed;
  }
  json::object status = json::parse(*answer).as_object();
  status["running"] = true;
  status["health"] = json::object{{"control", ask_health(layout.control_admin_socket())},
                                  {"edge", ask_health(layout.edge_admin_socket())}};
  if (options.output == Output::json)
    std::printf("%s\n", json::serialize(status).c_str());
  else
    print_status(status);
  return is_healthy(status) ? kOk : kUnhealthy;
}

}  // namespace landfall::cli
