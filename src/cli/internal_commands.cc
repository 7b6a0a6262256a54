#include "cli/internal_commands.h"

#include <span>

namespace landfall::cli {

namespace {

// Sorted by name. Each entry: {"name", module::entry_function}.
std::span<const InternalCommand> table() {
  static const std::span<const InternalCommand> kNone;
  return kNone;
}

}  // namespace

const InternalCommand* find_internal_command(std::string_view name) {
  for (const InternalCommand& command : table())
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace landfall::cli
