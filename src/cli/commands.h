// The commands a person types, one file each in commands/. Each returns the process's exit status (cli.h).
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace landfall::cli {

enum class Output { text, json };

struct CommandOptions {
  std::string data_dir;
  Output output = Output::text;
  std::string account;  // env, shell, apply: id or name of an added account; empty: the first
};

struct AccountCreation {
  CommandOptions common;
  std::string name, id;  // id empty: chosen
};

struct LogsOptions {
  CommandOptions common;
  std::string what;    // empty: says what there is
  size_t lines = 100;  // from the end; 0: all
  bool follow = false;
};

struct ApplyOptions {
  CommandOptions common;
  std::string stack_file;  // empty: only the summary
  std::string stack_name;  // empty: from landfall.yaml, else the file's folder's name
};

int down(const CommandOptions& options);
int status(const CommandOptions& options);
int env(const CommandOptions& options);
int shell(const CommandOptions& options, const std::vector<std::string>& command);
int exec(const CommandOptions& options, const std::string& instance, const std::vector<std::string>& command);
int logs(const LogsOptions& options);
int inspect(const CommandOptions& options);
int apply(const ApplyOptions& options);
int reset(const CommandOptions& options);
int account_create(const AccountCreation& options);
int account_list(const CommandOptions& options);
int account_delete(const CommandOptions& options, const std::string& id_or_name);

// Adds all of them, `up` included; `chosen` is set to what to run once the command line is parsed.
void add_commands(CLI::App& app, std::function<int()>& chosen);

}  // namespace landfall::cli
