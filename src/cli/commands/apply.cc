#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"

namespace landfall::cli {

int apply(const ApplyOptions& options) {
  if (options.stack_file.empty()) return kOk;
  std::fprintf(stderr, "landfall apply: this build cannot do it yet\n");
  return kFailed;
}

}  // namespace landfall::cli
