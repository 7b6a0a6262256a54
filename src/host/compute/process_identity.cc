#include "host/compute/process_identity.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

namespace landfall::host {

namespace {

constexpr int kStateField = 3;
constexpr int kStartTimeField = 22;

struct Stat {
  char state = '?';
  int64_t start_ticks = 0;
};

Result<Stat> read_stat(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  if (!std::getline(file, text)) return fail("process " + std::to_string(pid) + " is gone", ESRCH);
  // The second field is the name in parentheses, which may itself hold spaces and parentheses: count from the
  // last.
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return fail("unreadable stat of process " + std::to_string(pid));
  std::istringstream rest(text.substr(name_end + 1));
  Stat stat;
  std::string word;
  for (int field = kStateField; field <= kStartTimeField && rest >> word; ++field) {
    if (field == kStateField) stat.state = word[0];
    if (field == kStartTimeField) stat.start_ticks = std::stoll(word);
  }
  return stat;
}

}  // namespace

Result<ProcessIdentity> identify(pid_t pid) {
  LF_TRY(const Stat stat, read_stat(pid));
  return ProcessIdentity{pid, stat.start_ticks};
}

Result<UniqueFd> open_process(const ProcessIdentity& identity) {
  const auto pid = static_cast<pid_t>(identity.pid);
  if (pid <= 0) return fail("no process", ESRCH);
  UniqueFd pidfd(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!pidfd) return fail_errno("pidfd_open " + std::to_string(pid));
  // Looked at after the pidfd was opened: from here on the number cannot pass to another process unseen.
  LF_TRY(const Stat stat, read_stat(pid));
  if (stat.start_ticks != identity.start_ticks || stat.state == 'Z' || stat.state == 'X')
    return fail("process " + std::to_string(pid) + " is another one by now", ESRCH);
  return pidfd;
}

}  // namespace landfall::host
