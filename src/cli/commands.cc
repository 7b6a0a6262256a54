#include "cli/commands.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/parse.h"
#include "roles/up.h"

namespace landfall::cli {

namespace {

using Chosen = std::function<int()>;

struct Parsed {
  std::string data_dir;
  bool json = false;
  std::string account;
  CommandOptions options() const { return {data_dir, json ? Output::json : Output::text, account}; }
};

std::string absolute_file(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

void add_up(CLI::App& app, Chosen& chosen) {
  auto options = std::make_shared<roles::UpOptions>();
  auto detach = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("up", "start Landfall, and with --stack what a template declares");
  add_data_dir(*command, options->data_dir);
  command
      ->add_option("--stack", options->stack_file,
                   "CloudFormation template to create or update (see landfall.yaml beside it)")
      ->check(CLI::ExistingFile);
  command->add_flag("--detach", *detach, "run in the background; returns when everything declared is up");
  command->add_option("--api-port", options->api_port, "the API's port on 127.0.0.1 (4566)");
  command->add_option("--public-cidr", options->public_cidr, "range of the public addresses (127.77.0.0/16)");
  command->add_option("--region", options->region, "the one region (us-east-1)");
  command->add_option("--account", options->account_id, "the account's id (123456789012)");
  command
      ->add_option_function<std::string>(
          "--auth",
          [options](const std::string& text) {
            options->auth = text == "any" ? AuthMode::any : AuthMode::enforce;
          },
          "enforce (default), or any: every credential is the account's root")
      ->check(CLI::IsMember({"enforce", "any"}));
  command->add_option("--workers", options->edge_workers, "threads that carry traffic; 0: one per CPU");
  command
      ->add_option("--log-delivery-seconds", options->log_delivery_seconds,
                   "access logs reach S3 at the ends of periods this long")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command->add_option("--log-level", options->log_level, "debug, info, warn or error")
      ->transform(CLI::CheckedTransformer(log_levels()));
  command->callback([&chosen, options, detach] {
    chosen = [options, detach] {
      options->attachment = *detach ? roles::Attachment::detached : roles::Attachment::foreground;
      options->stack_file = absolute_file(options->stack_file);
      return roles::run_up(*options);
    };
  });
}

// A command with --data-dir and, where it lists, --json.
enum class Lists { no, yes };
std::pair<CLI::App*, std::shared_ptr<Parsed>> add_simple(CLI::App& app, const char* name, const char* help,
                                                         Lists lists) {
  auto parsed = std::make_shared<Parsed>();
  CLI::App* command = app.add_subcommand(name, help);
  add_data_dir(*command, parsed->data_dir);
  if (lists == Lists::yes) add_json(*command, parsed->json);
  return {command, parsed};
}

void add_plain(CLI::App& app, Chosen& chosen, const char* name, const char* help, Lists lists,
               int (*run)(const CommandOptions&)) {
  auto [command, parsed] = add_simple(app, name, help, lists);
  command->callback(
      [&chosen, parsed = parsed, run] { chosen = [parsed, run] { return run(parsed->options()); }; });
}

void add_account_option(CLI::App& command, std::string& account) {
  command.add_option("--account", account,
                     "id or name of an added account: a session of its OrganizationAccountAccessRole");
}

void add_env(CLI::App& app, Chosen& chosen) {
  auto [command, parsed] =
      add_simple(app, "env", "shell exports for AWS clients: eval \"$(landfall env)\"", Lists::yes);
  add_account_option(*command, parsed->account);
  command->callback([&chosen, parsed = parsed] { chosen = [parsed] { return env(parsed->options()); }; });
}

void add_account(CLI::App& app, Chosen& chosen) {
  CLI::App* group = app.add_subcommand("account", "more accounts beside the first: create, list, delete");
  group->require_subcommand(1);
  auto [create, created] =
      add_simple(*group, "create", "adds an account; prints its root's access key, once", Lists::yes);
  auto creation = std::make_shared<AccountCreation>();
  create->add_option("NAME", creation->name, "what to call it")->required();
  create->add_option("--id", creation->id, "its twelve digits (chosen without this)");
  create->callback([&chosen, creation, parsed = created] {
    chosen = [creation, parsed] {
      creation->common = parsed->options();
      return account_create(*creation);
    };
  });
  add_plain(*group, chosen, "list", "the accounts there are", Lists::yes, account_list);
  auto [remove, removed] = add_simple(*group, "delete", "deletes an account that is empty", Lists::no);
  auto which = std::make_shared<std::string>();
  remove->add_option("ACCOUNT", *which, "id or name")->required();
  remove->callback([&chosen, which, parsed = removed] {
    chosen = [which, parsed] { return account_delete(parsed->options(), *which); };
  });
}

void add_shell(CLI::App& app, Chosen& chosen) {
  auto [command, parsed] = add_simple(
      app, "shell", "a shell (or -- CMD) in which AWS's real names lead to this Landfall", Lists::no);
  add_account_option(*command, parsed->account);
  auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("CMD", *words, "command and its arguments, after --");
  command->callback(
      [&chosen, parsed = parsed, words] { chosen = [=] { return shell(parsed->options(), *words); }; });
}

void add_exec(CLI::App& app, Chosen& chosen) {
  auto [command, parsed] =
      add_simple(app, "exec", "run a command inside an instance: exec INSTANCE -- CMD", Lists::no);
  auto instance = std::make_shared<std::string>();
  auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("INSTANCE", *instance, "instance id")->required();
  command->add_option("CMD", *words, "command and its arguments, after --")->required();
  command->callback([&chosen, parsed = parsed, instance, words] {
    chosen = [=] { return exec(parsed->options(), *instance, *words); };
  });
}

void add_logs(CLI::App& app, Chosen& chosen) {
  auto [command, parsed] = add_simple(app, "logs", "print a role's or an instance's log", Lists::yes);
  auto options = std::make_shared<LogsOptions>();
  command->add_option("WHAT", options->what,
                      "control, edge, host, up or an instance's id; without it: what there is");
  command->add_option("-n,--lines", options->lines, "lines from the end; 0: all")->capture_default_str();
  command->add_flag("-f,--follow", options->follow, "go on printing what is added");
  command->callback([&chosen, parsed = parsed, options] {
    chosen = [=] {
      options->common = parsed->options();
      return logs(*options);
    };
  });
}

void add_inspect(CLI::App& app, Chosen& chosen) {
  auto parsed = std::make_shared<Parsed>();
  CLI::App* command =
      app.add_subcommand("inspect", "read a data directory, running or not, without changing it");
  command->add_option("DATA-DIR", parsed->data_dir, "the data directory")
      ->required()
      ->check(CLI::ExistingDirectory);
  add_json(*command, parsed->json);
  command->callback([&chosen, parsed] {
    chosen = [parsed] {
      parsed->data_dir = absolute_file(parsed->data_dir);
      return inspect(parsed->options());
    };
  });
}

void add_apply(CLI::App& app, Chosen& chosen) {
  auto [command, parsed] = add_simple(
      app, "apply", "create or update a stack on the running Landfall, with its assets", Lists::no);
  add_account_option(*command, parsed->account);
  auto options = std::make_shared<ApplyOptions>();
  command->add_option("--stack", options->stack_file, "CloudFormation template")->check(CLI::ExistingFile);
  command->add_option("--name", options->stack_name,
                      "the stack's name (from landfall.yaml, else the folder's)");
  command->callback([&chosen, parsed = parsed, options] {
    chosen = [=] {
      options->common = parsed->options();
      options->stack_file = absolute_file(options->stack_file);
      return apply(*options);
    };
  });
}

}  // namespace

void add_commands(CLI::App& app, Chosen& chosen) {
  add_up(app, chosen);
  add_plain(app, chosen, "down", "stop a running Landfall; its state stays", Lists::no, down);
  add_plain(app, chosen, "status", "what is well and what is not, and why", Lists::yes, status);
  add_env(app, chosen);
  add_account(app, chosen);
  add_shell(app, chosen);
  add_exec(app, chosen);
  add_logs(app, chosen);
  add_apply(app, chosen);
  add_inspect(app, chosen);
  add_plain(app, chosen, "reset", "empty everything: back to one fresh account", Lists::no, reset);
}

}  // namespace landfall::cli
