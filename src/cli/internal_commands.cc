#include "cli/internal_commands.h"

#include <span>

#include "agent/agent.h"
#include "engines/engine.h"
#include "host/instance_init.h"

namespace landfall::cli {

namespace {

// Sorted by name. Each entry: {"name", module::entry_function}.
std::span<const InternalCommand> table() {
  static constexpr InternalCommand kCommands[] = {
      {"agent", agent::run_agent},
      {"engine", engines::run_engine},
      {"instance-init", host::instance_init},
  };
  return kCommands;
}

}  // namespace

const InternalCommand* find_internal_command(std::string_view name) {
  for (const InternalCommand& command : table())
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace landfall::cli
