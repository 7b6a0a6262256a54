// `landfall control|edge|host`: the roles, as `up` starts them (or a service unit does).
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace landfall::cli {

// Adds the three subcommands; `chosen` is set to what to run once the command line is parsed.
void add_role_commands(CLI::App& app, std::function<int()>& chosen);

}  // namespace landfall::cli
