// `landfall down`: ends a running Landfall and takes its world down; its state stays.
#include <poll.h>

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

// The supervisor says "stopped" a moment before it ends. False if it has not ended some seconds later.
bool wait_for_its_end(const UniqueFd& supervisor) {
  constexpr int kPatienceMs = 5'000;
  pollfd watched{.fd = supervisor.get(), .events = POLLIN, .revents = 0};
  return !supervisor || ::poll(&watched, 1, kPatienceMs) == 1;
}

}  // namespace

int down(const CommandOptions& options) {
  const roles::Layout layout{options.data_dir};
  const auto supervisor = supervisor_process(layout.up_socket());
  const auto answer = ask_supervisor(layout.up_socket(), "stop");
  if (answer && *answer == "stopped") {
    if (supervisor && wait_for_its_end(*supervisor)) return kOk;
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
