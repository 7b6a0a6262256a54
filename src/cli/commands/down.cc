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

// The supervisor says "stopped" and then exits: its lock goes last. True once it has gone.
bool wait_for_its_end(const roles::Layout& layout) {
  constexpr int kStepMs = 10, kSteps = 500;
  for (int i = 0; i < kSteps && roles::is_locked(layout); ++i) ::poll(nullptr, 0, kStepMs);
  return !roles::is_locked(layout);
}

}  // namespace

int down(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  const auto answer = ask_supervisor(layout.up_socket(), "stop");
  if (answer && *answer == "stopped") {
    if (wait_for_its_end(layout)) return kOk;
    std::fprintf(stderr, "landfall down: everything is stopped, but the supervisor itself does not end.\n");
    return kFailed;
  }
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
