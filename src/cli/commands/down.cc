// `landfall down`: ends a running Landfall and takes its world down; its state stays.
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/local_client.h"
#include "roles/layout.h"
#include "roles/up/data_dir.h"

namespace landfall::cli {

namespace {

bool nobody_listens(const Error& error) {
  return error.error_number == ENOENT || error.error_number == ECONNREFUSED;
}

}  // namespace

int down(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  const auto answer = ask_supervisor(layout.up_socket(), "stop");
  if (answer && *answer == "stopped") return kOk;
  if (answer) {
    std::fprintf(stderr, "landfall down: %s\n", answer->c_str());
    return kFailed;
  }
  if (nobody_listens(answer.error()) && !roles::is_locked(layout)) {
    std::fprintf(stderr, "No Landfall runs on %s.\n", layout.root.c_str());
    return kNotRunning;
  }
  std::fprintf(stderr, "landfall down: %s\n", answer.error().message.c_str());
  return kFailed;
}

}  // namespace landfall::cli
