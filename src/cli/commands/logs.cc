// `landfall logs [WHAT]`: the roles' logs and the instances' consoles.
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <map>

#include "base/result.h"
#include "base/unique_fd.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "roles/layout.h"

namespace landfall::cli {

namespace fs = std::filesystem;

namespace {

// name -> file. Roles' logs are LOG/NAME.log; a workload's console is WORKLOADS/ID/console.log.
std::map<std::string, std::string> find_logs(const roles::Layout& layout) {
  std::map<std::string, std::string> logs;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(layout.log(), error))
    if (entry.path().extension() == ".log") logs[entry.path().stem()] = entry.path();
  for (const auto& entry : fs::directory_iterator(layout.workloads(), error))
    if (fs::exists(entry.path() / "console.log", error))
      logs[entry.path().filename()] = entry.path() / "console.log";
  return logs;
}

// Offset at which the last `lines` lines begin.
off_t offset_of_last_lines(int fd, size_t lines) {
  off_t end = ::lseek(fd, 0, SEEK_END);
  if (lines == 0) return 0;
  char buffer[8192];
  size_t newlines = 0;
  for (off_t at = end; at > 0;) {
    const off_t begin = std::max<off_t>(0, at - static_cast<off_t>(sizeof buffer));
    const ssize_t count = ::pread(fd, buffer, static_cast<size_t>(at - begin), begin);
    for (ssize_t i = count - 1; i >= 0; --i)
      if (buffer[i] == '\n' && begin + i + 1 != end && ++newlines == lines) return begin + i + 1;
    at = begin;
  }
  return 0;
}

Result<> print_from(int fd, off_t& offset) {
  char buffer[16 * 1024];
  for (;;) {
    const ssize_t count = ::pread(fd, buffer, sizeof buffer, offset);
    if (count < 0) return fail_errno("read");
    if (count == 0) break;
    std::fwrite(buffer, 1, static_cast<size_t>(count), stdout);
    offset += count;
  }
  std::fflush(stdout);
  return {};
}

Result<> follow(const std::string& path, int fd, off_t offset) {
  UniqueFd watch(::inotify_init1(IN_CLOEXEC));
  if (!watch || ::inotify_add_watch(watch.get(), path.c_str(), IN_MODIFY | IN_MOVE_SELF | IN_DELETE_SELF) < 0)
    return fail_errno("watch " + path);
  for (;;) {
    LF_CHECK(print_from(fd, offset));
    alignas(inotify_event) char events[4096];
    const ssize_t count = ::read(watch.get(), events, sizeof events);
    if (count <= 0) return fail_errno("watch " + path);
    for (const char* at = events; at < events + count;) {
      const auto* event = reinterpret_cast<const inotify_event*>(at);
      if (event->mask & (IN_MOVE_SELF | IN_DELETE_SELF)) return {};  // rotated, or the instance is gone
      at += sizeof *event + event->len;
    }
  }
}

Result<> print_log(const std::string& path, const LogsOptions& options) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  off_t offset = offset_of_last_lines(fd.get(), options.lines);
  LF_CHECK(print_from(fd.get(), offset));
  return options.follow ? follow(path, fd.get(), offset) : Result<>{};
}

void list(const std::map<std::string, std::string>& logs, Output output) {
  boost::json::array array;
  for (const auto& [name, path] : logs) {
    if (output == Output::json)
      array.push_back(boost::json::object{{"name", name}, {"path", path}});
    else
      std::printf("%-24s %s\n", name.c_str(), path.c_str());
  }
  if (output == Output::json) std::printf("%s\n", boost::json::serialize(array).c_str());
}

}  // namespace

int logs(const LogsOptions& options) {
  const auto logs = find_logs(roles::Layout{options.common.data_dir});
  if (options.what.empty()) {
    list(logs, options.common.output);
    return kOk;
  }
  const auto log = logs.find(options.what);
  if (log == logs.end()) {
    std::fprintf(stderr, "landfall logs: there is no log of \"%s\"; there is:\n", options.what.c_str());
    for (const auto& [name, path] : logs) std::fprintf(stderr, "  %s\n", name.c_str());
    return kFailed;
  }
  const auto printed = print_log(log->second, options);
  if (printed) return kOk;
  std::fprintf(stderr, "landfall logs: %s\n", printed.error().message.c_str());
  return kFailed;
}

}  // namespace landfall::cli
