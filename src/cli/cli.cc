#include "cli/cli.h"

#include <CLI/CLI.hpp>
#include <functional>

#include "cli/commands.h"
#include "cli/internal_commands.h"
#include "cli/role_commands.h"

namespace landfall::cli {

int run(int argc, char** argv) {
  if (argc > 1)
    if (const InternalCommand* internal = find_internal_command(argv[1]))
      return internal->run(argc - 1, argv + 1);

  CLI::App app("Landfall: the classic AWS architecture, run for real on this machine", "landfall");
  app.require_subcommand(1);
  app.set_version_flag("--version", "landfall 0.1");
  std::function<int()> chosen;
  add_commands(app, chosen);
  add_role_commands(app, chosen);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return chosen();
}

}  // namespace landfall::cli
