#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"

namespace landfall::cli {

int exec(const CommandOptions&, const std::string&, const std::vector<std::string>&) {
  std::fprintf(stderr, "landfall exec: this build cannot do it yet\n");
  return kFailed;
}

}  // namespace landfall::cli
