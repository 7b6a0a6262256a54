#include "cli/role_commands.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/parse.h"
#include "roles/control.h"
#include "roles/edge.h"
#include "roles/host.h"

namespace landfall::cli {

namespace {

using roles::RoleOptions;

void add_role_options(CLI::App& command, RoleOptions& role) {
  add_data_dir(command, role.data_dir);
  command.add_option("--region", role.region)->capture_default_str();
  command.add_option("--account", role.account_id)->capture_default_str();
  command.add_option("--public-cidr", role.public_cidr)->capture_default_str();
  command.add_option("--api-port", role.api_port)->capture_default_str();
  command.add_option("--boot-id", role.boot_id);
  command.add_option("--ready-fd", role.ready_fd, "descriptor that gets \"ready\\n\" once the role serves");
  command.add_option("--control-uid", role.users.control)->capture_default_str();
  command.add_option("--edge-uid", role.users.edge)->capture_default_str();
  command.add_option("--postgres-uid", role.users.postgres)->capture_default_str();
  command.add_option("--redis-uid", role.users.redis)->capture_default_str();
  command.add_option("--log-level", role.log_level, "debug, info, warn or error")
      ->transform(CLI::CheckedTransformer(log_levels()));
}

}  // namespace

void add_role_commands(CLI::App& app, std::function<int()>& chosen) {
  CLI::App* control =
      app.add_subcommand("control", "the control plane role: AWS APIs, state, reconcilers")->group("Roles");
  auto control_options = std::make_shared<roles::ControlOptions>();
  add_role_options(*control, control_options->role);
  add_auth(*control, control_options->auth);
  control->callback([&chosen, control_options] {
    chosen = [control_options] {
      log::init("control", control_options->role.log_level);
      return roles::run_control(*control_options);
    };
  });

  CLI::App* edge =
      app.add_subcommand("edge", "the traffic role: DNS, load balancers, CDN, S3, metadata")->group("Roles");
  auto edge_options = std::make_shared<roles::EdgeOptions>();
  add_role_options(*edge, edge_options->role);
  add_auth(*edge, edge_options->auth);
  edge->add_option("--workers", edge_options->workers, "threads that carry traffic; 0: one per CPU")
      ->capture_default_str();
  edge->add_option("--log-delivery-seconds", edge_options->log_delivery_seconds,
                   "access logs reach S3 at the ends of periods this long")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  edge->callback([&chosen, edge_options] {
    chosen = [edge_options] {
      log::init("edge", edge_options->role.log_level);
      return roles::run_edge(*edge_options);
    };
  });

  CLI::App* host =
      app.add_subcommand("host", "the machine role (root): networks, instances, engines")->group("Roles");
  auto host_options = std::make_shared<roles::HostOptions>();
  add_role_options(*host, host_options->role);
  host->callback([&chosen, host_options] {
    chosen = [host_options] {
      log::init("host", host_options->role.log_level);
      return roles::run_host(*host_options);
    };
  });
}

}  // namespace landfall::cli
