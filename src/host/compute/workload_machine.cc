#include "host/compute/workload_machine.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "codec/fields.h"
#include "host/compute/bundle.h"
#include "host/compute/console.h"
#include "host/files.h"
#include "host/instance_init.h"

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

constexpr int64_t kUnknownExitCode = 255;

// "ip-10-0-1-5.ec2.internal", as EC2 names an instance in us-east-1.
std::string default_hostname(std::string address) {
  std::ranges::replace(address, '.', '-');
  return "ip-" + address + ".ec2.internal";
}

int64_t inode_of(const std::string& path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 ? static_cast<int64_t>(info.st_ino) : 0;
}

bool is_volume_name(const std::string& name) {
  return !name.empty() && name[0] != '.' && name.size() <= 128 &&
         std::ranges::all_of(
             name, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
}

Result<> make_volumes(const Workload& workload, const std::string& volumes, uint32_t id_base) {
  for (const WorkloadMount& mount : workload.mounts) {
    if (!is_volume_name(mount.source)) return fail("volume name '" + mount.source + "'");
    if (mount.target.empty() || mount.target[0] != '/') return fail("mount target '" + mount.target + "'");
    const std::string path = volumes + "/" + mount.source;
    if (fs::exists(path)) continue;
    if (mkdir(path.c_str(), 0700) != 0) return fail_errno("mkdir " + path);
    if (chown(path.c_str(), id_base + static_cast<uid_t>(workload.uid),
              id_base + static_cast<gid_t>(workload.gid)) != 0)
      return fail_errno("chown " + path);
  }
  return {};
}

Result<> write_user_data(const Tree& tree, const Workload& workload) {
  if (workload.kind != "instance") return {};
  LF_CHECK(tree.make_directories("/var/lib/cloud/instance"));
  return tree.write_file({.path = kUserDataPath, .mode = "0600", .content = workload.user_data});
}

}  // namespace

WorkloadMachine::WorkloadMachine(std::string id, Context context)
    : id_(std::move(id)), context_(std::move(context)) {
  status_.id = id_;
  if (Result<std::string> text = read_file(directory() + "/state.json")) {
    if (Result<WorkloadRecord> record = from_json<WorkloadRecord>(*text))
      record_ = std::move(*record);
    else
      log::error("{}: unreadable record: {}", id_, record.error().message);
  }
  adopt();
}

WorkloadMachine::~WorkloadMachine() {
  context_.loop.cancel(timer_);
  if (pidfd_) context_.loop.remove(pidfd_.get());
}

// A root file system keeps the owners that it was made with, whatever this host can do.
uint32_t WorkloadMachine::id_base() const {
  struct stat info;
  if (stat((directory() + "/upper").c_str(), &info) == 0) return info.st_uid;
  return context_.places.id_base;
}

RootfsPaths WorkloadMachine::rootfs_paths() const {
  const uint32_t base = id_base();
  return {.directory = directory(),
          .merged = context_.places.rootfs + "/" + id_,
          .data_dir = context_.places.data_dir,
          .lower = base == 0 ? "/" : context_.places.lower,
          .id_base = base};
}

void WorkloadMachine::save() {
  if (Result<> written = write_file_atomically(directory() + "/state.json", to_json(record_)); !written)
    log::error("{}: {}", id_, written.error().message);
}

void WorkloadMachine::report(std::string state, std::string message) {
  WorkloadStatus next{.id = id_,
                      .state = std::move(state),
                      .exit_code = record_.exit_code,
                      .started_at_ms = record_.started_at_ms,
                      .reboot_generation = record_.reboot_generation,
                      .message = std::move(message)};
  if (next.state == "running") next.pid = record_.process.pid;
  if (to_json(next) == to_json(status_)) return;
  status_ = next;
  log::info("{}: {}{}{}", id_, status_.state, status_.message.empty() ? "" : ": ", status_.message);
  context_.on_status(status_);
}

// ---- what an earlier host left

void WorkloadMachine::adopt() {
  if (record_.state == "new" || record_.state == "down") return;
  const bool same_world = record_.world_id == context_.places.world_id;
  if (record_.state == "exited") {
    if (!same_world) record_.state = "down";
    return;
  }
  if (record_.state == "running") {
    // The network it is in must still be the one that is mounted under its interface's name; else it is cut
    // off for good.
    if (watch(record_.process)) {
      phase_ = Phase::running;
      log::info("{}: adopted, pid {}", id_, record_.process.pid);
      return report("running");
    }
    if (same_world) {
      record_.state = "exited";
      record_.exit_code = kUnknownExitCode;
      record_.message = "ended while host was away: its exit status is not known";
    }
  }
  if (record_.state != "exited") record_.state = "down";
  save();
  clean();
}

Result<> WorkloadMachine::watch(const ProcessIdentity& identity) {
  LF_TRY(UniqueFd pidfd, open_process(identity));
  const int64_t netns = inode_of("/proc/" + std::to_string(identity.pid) + "/ns/net");
  if (network_) {
    if (netns != inode_of(network_->netns_path)) return fail("it is in another network namespace");
  } else if (netns != record_.netns_inode) {
    return fail("it is in another network namespace");
  }
  LF_CHECK(context_.loop.add(pidfd.get(), EPOLLIN, this));
  pidfd_ = std::move(pidfd);
  record_.process = identity;
  record_.netns_inode = netns;
  return {};
}

// ---- towards what is wanted

void WorkloadMachine::converge(const Workload* wanted, std::optional<WorkloadNetwork> network) {
  if (shutting_down_) return;
  converged_ = true;
  const bool changed = !wanted || !wanted_ || to_json(*wanted) != to_json(*wanted_);
  if (wanted)
    wanted_ = *wanted;
  else
    wanted_.reset();
  network_ = std::move(network);
  // Adopted, but its interface's namespace was made anew meanwhile: it can reach nothing any more.
  if (phase_ == Phase::running && network_ && record_.netns_inode != inode_of(network_->netns_path)) {
    log::warn("{}: its network is gone: restarting it", id_);
    record_.state = "down";
    return stop(0);
  }
  if (changed && waiting_to_retry_) {
    context_.loop.cancel(timer_);
    waiting_to_retry_ = false;
    retry_ms_ = kFirstRetryMs;
  }
  step();
}

void WorkloadMachine::stop_for_shutdown() {
  shutting_down_ = true;
  if (phase_ == Phase::idle) context_.loop.cancel(timer_);
  step();
}

void WorkloadMachine::kill_now() {
  if (pidfd_) syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
  context_.cgroups.kill_all(id_);
}

void WorkloadMachine::step() {
  if (gone_ || !(converged_ || shutting_down_)) return;
  if (phase_ == Phase::running) {
    const bool wanted = !shutting_down_ && wanted_ && wanted_->desired == "running" &&
                        wanted_->reboot_generation == record_.reboot_generation;
    if (wanted) return;
    const bool engine = wanted_ && wanted_->kind == "engine";
    return stop(engine ? kEngineStopGraceMs : kInstanceStopGraceMs);
  }
  if (phase_ != Phase::idle) return;
  if (shutting_down_) return context_.on_idle(id_);
  if (!wanted_) return remove_files();
  if (wanted_->desired != "running") {
    record_.state = "down";
    record_.reboot_generation = wanted_->reboot_generation;
    return report("stopped");
  }
  if (record_.state == "exited" && record_.reboot_generation == wanted_->reboot_generation)
    return report("exited", record_.message);
  if (waiting_to_retry_) return;
  if (!network_) return report("creating", "waiting for its network interface");
  start();
}

// ---- starting

void WorkloadMachine::start() {
  record_ = {.state = "starting",
             .world_id = context_.places.world_id,
             .reboot_generation = wanted_->reboot_generation};
  report("creating");
  if (mkdir(directory().c_str(), 0700) != 0 && errno != EEXIST) return fail_start("mkdir " + directory());
  save();
  Result<> launched = prepare();
  if (launched) launched = launch();
  if (!launched) return fail_start(launched.error().message);
  phase_ = Phase::starting;
}

Result<> WorkloadMachine::prepare() {
  const Workload& workload = *wanted_;
  if (workload.kind != "instance" && workload.argv.empty()) return fail("an engine without argv");
  const RootfsPaths paths = rootfs_paths();
  if (paths.id_base != 0 && context_.places.id_base != paths.id_base)
    return fail(
        "its files belong to shifted ids, which this machine's root file system cannot show (any more)");
  if (paths.id_base != 0 && network_->userns_path.empty()) return fail("its interface has no user namespace");
  LF_CHECK(make_volumes(workload, context_.places.volumes, paths.id_base));
  LF_CHECK(mount_rootfs(paths));
  LF_TRY(const Tree tree, Tree::open(paths.merged, paths.id_base));
  const std::string hostname =
      workload.hostname.empty() ? default_hostname(network_->address) : workload.hostname;
  LF_CHECK(write_system_files(
      tree, {hostname, network_->address, network_->resolver, workload.ca_certificate_pem}));
  LF_CHECK(write_user_data(tree, workload));
  for (const WorkloadFile& file : workload.files) LF_CHECK(tree.write_file(file));
  // Mount points: made here, because runc follows what is there.
  for (const WorkloadMount& mount : workload.mounts) LF_CHECK(tree.make_directories(mount.target));

  const std::string bundle = directory() + "/bundle";
  if (mkdir(bundle.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + bundle);
  const Secret config = bundle_config({.workload = workload,
                                       .hostname = hostname,
                                       .rootfs = paths.merged,
                                       .netns_path = network_->netns_path,
                                       .cgroup_path = context_.cgroups.path_of(id_),
                                       .volumes = context_.places.volumes,
                                       .userns_path = network_->userns_path,
                                       .id_base = paths.id_base,
                                       .binary = context_.places.binary});
  return write_file_atomically(bundle + "/config.json", config.reveal());
}

Result<> WorkloadMachine::launch() {
  LF_TRY(const UniqueFd console, open_console(console_path()));
  // Inside, /dev/stdout opens it anew: its owner must be root there.
  if (fchown(console.get(), id_base(), id_base()) != 0) return fail_errno("chown " + console_path());
  unlink((directory() + "/pid").c_str());
  LF_TRY(runc_, context_.runc.start({.id = id_,
                                     .bundle = directory() + "/bundle",
                                     .pid_file = directory() + "/pid",
                                     .console_fd = console.get()},
                                    [this](Result<> result) { started(std::move(result)); }));
  return {};
}

void WorkloadMachine::started(Result<> result) {
  context_.loop.post([done = std::move(runc_)]() mutable { done.reset(); });  // it is on the stack below us
  if (result) {
    pid_t pid = 0;
    std::ifstream(directory() + "/pid") >> pid;
    const Result<ProcessIdentity> identity = identify(pid);
    if (!identity)
      result = fail("pid 1: " + identity.error().message);
    else
      result = watch(*identity);
  }
  if (!result) return fail_start(result.error().message);
  phase_ = Phase::running;
  retry_ms_ = kFirstRetryMs;
  record_.state = "running";
  record_.started_at_ms = context_.loop.clock().now().unix_ms;
  save();
  report("running");
  step();  // what is wanted may have changed meanwhile
}

void WorkloadMachine::fail_start(const std::string& why) {
  record_.state = "down";
  save();
  report("failed", why);
  log::error("{}: not started: {}", id_, why);
  waiting_to_retry_ = true;
  timer_ = context_.loop.after_ms(retry_ms_, [this] {
    waiting_to_retry_ = false;
    step();
  });
  retry_ms_ = std::min(retry_ms_ * 2, kMaxRetryMs);
  clean();
}

// ---- ending

void WorkloadMachine::stop(int64_t grace_ms) {
  phase_ = Phase::stopping;
  ask_to_stop(grace_ms);
}

// An instance that has just started may not listen to signals yet, and as pid 1 of its namespace it does not
// see those it does not listen to: it is asked again. An engine is asked once: to some programs a second
// SIGTERM means "at once".
void WorkloadMachine::ask_to_stop(int64_t left_ms) {
  const bool again = left_ms > kAskAgainMs && !(wanted_ && wanted_->kind == "engine");
  syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGTERM, nullptr, 0);
  timer_ = context_.loop.after_ms(again ? kAskAgainMs : left_ms, [this, again, left_ms] {
    timer_ = 0;
    if (again) return ask_to_stop(left_ms - kAskAgainMs);
    kill_now();
  });
}

void WorkloadMachine::on_io(uint32_t) { ended(); }

void WorkloadMachine::ended() {
  siginfo_t info{};
  const bool ours =
      waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0;
  context_.loop.remove(pidfd_.get());
  pidfd_.reset();
  if (phase_ == Phase::stopping) {
    context_.loop.cancel(timer_);
    timer_ = 0;
    record_.state = "down";
  } else {
    record_.state = "exited";
    // Not our child: another host started it, and whoever adopted it took the status.
    record_.exit_code = !ours                        ? kUnknownExitCode
                        : info.si_code == CLD_EXITED ? info.si_status
                                                     : 128 + info.si_status;
    record_.message = ours ? "" : "started by an earlier host: its exit status is not known";
  }
  record_.process = {};
  save();
  // Told before the cleaning: somebody wants to route around it now.
  if (record_.state == "exited") report("exited", record_.message);
  clean();
}

void WorkloadMachine::clean() {
  phase_ = Phase::cleaning;
  context_.cgroups.kill_all(id_);
  Result<std::unique_ptr<ChildProcess>> child =
      context_.runc.remove(id_, [this](Result<> result) { cleaned(std::move(result)); });
  if (child)
    runc_ = std::move(*child);
  else
    context_.loop.post([this, error = child.error()] { cleaned(std::unexpected(error)); });
}

void WorkloadMachine::cleaned(Result<> result) {
  context_.loop.post([done = std::move(runc_)]() mutable { done.reset(); });
  if (!result) log::error("{}: {}", id_, result.error().message);
  if (Result<> removed = context_.cgroups.remove(id_); !removed)
    log::warn("{}: {}", id_, removed.error().message);
  if (Result<> unmounted = unmount_rootfs(rootfs_paths()); !unmounted)
    log::error("{}: {}", id_, unmounted.error().message);
  phase_ = Phase::idle;
  step();
  if (phase_ == Phase::idle && !gone_ && !shutting_down_) context_.on_idle(id_);
}

void WorkloadMachine::remove_files() {
  if (Result<> removed = remove_rootfs(rootfs_paths()); !removed)
    log::error("{}: {}", id_, removed.error().message);
  std::error_code error;
  fs::remove_all(directory(), error);
  if (error) log::error("{}: remove: {}", id_, error.message());
  gone_ = true;
  report("removed");
  context_.on_idle(id_);
}

WorkloadUsage WorkloadMachine::usage() const {
  WorkloadUsage usage{.id = id_, .at_ms = context_.loop.clock().now().unix_ms};
  context_.cgroups.read_usage(id_, usage);
  // The interface's counters as pid 1 sees them: "  eth0: rx_bytes rx_packets ... (8 fields) tx_bytes
  // tx_packets ...".
  std::ifstream devices("/proc/" + std::to_string(record_.process.pid) + "/net/dev");
  std::string line;
  while (std::getline(devices, line)) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos || line.find("eth0") > colon) continue;
    std::istringstream words(line.substr(colon + 1));
    int64_t skipped;
    words >> usage.network_in_bytes >> usage.network_in_packets;
    for (int i = 0; i < 6; ++i) words >> skipped;
    words >> usage.network_out_bytes >> usage.network_out_packets;
  }
  return usage;
}

}  // namespace landfall::host
