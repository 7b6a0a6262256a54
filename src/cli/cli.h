// The command line: parses, dispatches, returns the exit status.
#pragma once

namespace landfall::cli {

// Exit statuses of the commands a person types; `exec` and `shell` pass on the status of what they ran.
enum ExitStatus : int {
  kOk = 0,
  kFailed = 1,      // it was tried and did not work; the reason is on stderr
  kUsage = 2,       // the command line makes no sense
  kNotRunning = 3,  // no Landfall runs on this data directory
  kUnhealthy = 4,   // `status`, `up --detach`: it runs, and something declared is not well
};

int run(int argc, char** argv);

}  // namespace landfall::cli
