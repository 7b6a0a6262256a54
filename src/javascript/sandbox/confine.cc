#include "javascript/sandbox/confine.h"

#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <initializer_list>

namespace landfall::javascript {
namespace {

constexpr rlim_t kAddressSpaceBytes =
    768ULL * 1024 * 1024;  // SpiderMonkey and its threads take a third at rest

bool limit(__rlimit_resource what, rlim_t value) {
  const rlimit both{value, value};
  return ::setrlimit(what, &both) == 0;
}

bool close_others(int socket) {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || ::dup2(null, STDIN_FILENO) < 0) return false;
  const auto from = static_cast<unsigned>(socket);
  return ::close_range(3, from - 1, 0) == 0 || from == 3 ? ::close_range(from + 1, ~0U, 0) == 0 : false;
}

// Anything else ends the process. No file is opened, nothing is sent but on the socket that is there, no
// process or thread is made, no memory becomes code.
bool filter_calls(int socket) {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return false;
  bool good = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0;
  const auto allow = [&](int call) { good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0; };
  for (const int call :
       {SCMP_SYS(futex), SCMP_SYS(munmap), SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(rt_sigreturn),
        SCMP_SYS(rt_sigprocmask), SCMP_SYS(timer_settime), SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday),
        SCMP_SYS(clock_nanosleep), SCMP_SYS(sched_yield), SCMP_SYS(getrandom), SCMP_SYS(getpid),
        SCMP_SYS(gettid), SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(restart_syscall),
        SCMP_SYS(set_robust_list), SCMP_SYS(rseq)})
    allow(call);
  const auto on_socket = [&](int call) {
    good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                    SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(socket))) == 0;
  };
  on_socket(SCMP_SYS(recvfrom));
  on_socket(SCMP_SYS(sendto));
  good = good && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                  SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO)) == 0;
  for (const int call : {SCMP_SYS(mmap), SCMP_SYS(mprotect)})
    good = good &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
  allow(SCMP_SYS(mremap));
  // How much there is, which malloc asks; no other change of limits or names.
  for (const int call : {SCMP_SYS(sysinfo), SCMP_SYS(sched_getaffinity), SCMP_SYS(getrusage)}) allow(call);
  good = good && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return good;
}

}  // namespace

bool confine(int socket) {
  return limit(RLIMIT_AS, kAddressSpaceBytes) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) &&
         close_others(socket) && limit(RLIMIT_NOFILE, 0) && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && filter_calls(socket);
}

}  // namespace landfall::javascript
