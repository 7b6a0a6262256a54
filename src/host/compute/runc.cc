#include "host/compute/runc.h"

#include <fstream>
#include <sstream>

#include <unistd.h>

namespace landfall::host {

namespace {

constexpr const char* kRunc = "runc";

std::string last_line(const std::string& path) {
  std::ifstream file(path);
  std::string line, last;
  while (std::getline(file, line))
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

Result<std::unique_ptr<ChildProcess>> Runc::start(const Start& options, OnDone on_done) const {
  const std::string log = options.bundle + "/runc.log";
  unlink(log.c_str());
  ChildProcess::Options process{
      .argv = {kRunc, "--root", state_directory_, "--log", log, "run", "--detach", "--bundle", options.bundle,
               "--pid-file", options.pid_file, options.id},
      .stdout_fd = options.console_fd,
      .stderr_fd = options.console_fd,
      .new_process_group = true};
  return ChildProcess::start(
      loop_, std::move(process),
      [log, on_done = std::move(on_done)](ExitStatus status, const std::string&) mutable {
        if (status.ok()) return on_done({});
        on_done(fail("runc run: " + status.to_string() + ": " + last_line(log)));
      });
}

Result<std::unique_ptr<ChildProcess>> Runc::remove(const std::string& id, OnDone on_done) const {
  ChildProcess::Options process{.argv = {kRunc, "--root", state_directory_, "delete", "--force", id},
                                .new_process_group = true};
  return ChildProcess::start(
      loop_, std::move(process),
      [on_done = std::move(on_done)](ExitStatus status, const std::string& output) mutable {
        if (status.ok()) return on_done({});
        on_done(fail("runc delete: " + status.to_string() + ": " + output));
      });
}

ChildProcess::Options Runc::exec(const std::string& id, const std::string& process_file) const {
  return {.argv = {kRunc, "--root", state_directory_, "exec", "--process", process_file, id},
          .new_process_group = true};
}

}  // namespace landfall::host
