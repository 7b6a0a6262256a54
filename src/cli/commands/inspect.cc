#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"

namespace landfall::cli {

int inspect(const CommandOptions&) {
  std::fprintf(stderr, "landfall inspect: this build cannot do it yet\n");
  return kFailed;
}

}  // namespace landfall::cli
