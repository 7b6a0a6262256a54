#include "roles/host.h"

#include <fcntl.h>
#include <linux/limits.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/log.h"
#include "host/compute/process_identity.h"
#include "host/service.h"
#include "host/world.h"
#include "roles/layout.h"
#include "runtime/signals.h"

namespace landfall::roles {

namespace {

constexpr int kHostFailed = 70;

// Two hosts on one data directory would fight over every namespace.
Result<UniqueFd> lock(const std::string& directory) {
  const std::string path = directory + "/lock";
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!fd) return fail_errno("open " + path);
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
    return fail_errno("another host runs on this data directory: lock " + path);
  return fd;
}

Result<std::string> own_program() {
  char path[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", path, sizeof path);
  if (n < 0) return fail_errno("readlink /proc/self/exe");
  std::string text(path, static_cast<size_t>(n));
  // A build that replaced the file while we run: the new one is at the old name.
  if (const size_t mark = text.rfind(" (deleted)"); mark != std::string::npos) text.resize(mark);
  return text;
}

// The world ends with the machine's boot, or with the supervisor: under a new one, what does not run is to be
// started again; under the same one it has ended, and that is told.
std::string world_id(const RoleOptions& options) {
  std::string boot = options.boot_id;
  if (boot.empty()) std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  const Result<host::ProcessIdentity> parent = host::identify(getppid());
  return boot + "/" +
         (parent ? std::to_string(parent->pid) + ":" + std::to_string(parent->start_ticks) : "orphan");
}

Result<> run(const HostOptions& options) {
  const Layout layout{options.role.data_dir};
  for (const std::string& path : {layout.host(), layout.run()})  // up made them; alone, for a test, we do
    if (mkdir(path.c_str(), 0711) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  LF_TRY(const UniqueFd held, lock(layout.host()));
  LF_TRY(const std::string program, own_program());
  LF_TRY(const std::unique_ptr<EventLoop> loop, EventLoop::create());
  signal(SIGINT, SIG_IGN);  // the terminal's Ctrl-C is the supervisor's to handle
  signal(SIGPIPE, SIG_IGN);

  LF_TRY(const std::unique_ptr<host::World> world,
         host::World::create(*loop, {.data_dir = options.role.data_dir,
                                     .directory = layout.host(),
                                     .binary = program,
                                     .world_id = world_id(options.role)}));
  bool stopping = false;
  const auto stop_world = [&](std::move_only_function<void()> done) {
    if (stopping) return;
    stopping = true;
    log::info("stopping every workload");
    world->shut_down([&, done = std::move(done)]() mutable {
      if (done) done();
      loop->stop();
    });
  };
  LF_TRY(const auto signals, Signals::create(*loop, {SIGTERM}, [&](int) { stop_world(nullptr); }));
  LF_TRY(const auto service, host::Service::create(*loop, *world,
                                                   {.socket = layout.host_socket(),
                                                    .admin_socket = layout.host_admin_socket(),
                                                    .control_uid = options.role.users.control,
                                                    .edge_uid = options.role.users.edge,
                                                    .group = options.role.users.control}));
  service->on_stop_world([&](std::move_only_function<void()> done) { stop_world(std::move(done)); });
  notify_ready(options.role.ready_fd);
  log::info("ready");
  loop->run();
  log::info("stopped");
  return {};
}

}  // namespace

int run_host(const HostOptions& options) {
  if (geteuid() != 0) {
    log::error("the host role needs root: it makes network namespaces, mounts and containers");
    return kHostFailed;
  }
  umask(022);
  const Result<> result = run(options);
  if (result) return 0;
  log::error("{}", result.error().message);
  return kHostFailed;
}

}  // namespace landfall::roles
