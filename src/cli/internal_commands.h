// Subcommands that Landfall starts itself inside workloads, never typed by a person: hidden from --help.
// To add one: declare its entry function in your module's header and add a line to the table in
// internal_commands.cc.
#pragma once

#include <string_view>

namespace landfall::cli {

struct InternalCommand {
  std::string_view name;              // argv[1], e.g. "instance-init", "engine", "agent"
  int (*run)(int argc, char** argv);  // argv[0] is the subcommand's own name; returns the exit status
};

const InternalCommand* find_internal_command(std::string_view name);

}  // namespace landfall::cli
