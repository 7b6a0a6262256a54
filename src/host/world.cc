#include "host/world.h"

#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/encoding.h"
#include "base/log.h"
#include "codec/fields.h"
#include "host/compute/console.h"
#include "host/compute/id_map.h"

namespace landfall::host {

namespace {

namespace fs = std::filesystem;

// Below it lie all our mounts: the namespaces' files and the overlays. Its propagation is private, so that no
// other mount namespace of the machine gets copies, which would keep namespaces and files alive.
Result<> make_mount_root(const std::string& path) {
  if (mkdir(path.c_str(), 0711) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  std::ifstream mounts("/proc/self/mounts");
  std::string source, target, rest;
  bool mounted = false;
  while (mounts >> source >> target && std::getline(mounts, rest)) mounted = mounted || target == path;
  if (!mounted && mount(path.c_str(), path.c_str(), nullptr, MS_BIND, nullptr) != 0)
    return fail_errno("mount " + path);
  if (mount(nullptr, path.c_str(), nullptr, MS_PRIVATE, nullptr) != 0)
    return fail_errno("make private " + path);
  for (const char* name : {"/netns", "/rootfs"})
    if (mkdir((path + name).c_str(), 0711) != 0 && errno != EEXIST) return fail_errno("mkdir " + path + name);
  return {};
}

// Different for every data directory, the same for every host of it.
std::string group_name(const std::string& data_dir) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (unsigned char c : data_dir) hash = (hash ^ c) * 1099511628211u;
  return fmt::format("/landfall-{:08x}", hash >> 32);
}

// Characters that would end an overlay option, or a word of /proc/mounts.
bool is_mountable_path(const std::string& path) {
  return path.find_first_of(",:\\ \t\n\"") == std::string::npos;
}

// Orphans that became our children because host is their subreaper, and whom nobody awaits. One that was a
// zombie a whole period ago is nobody's: a child that is awaited is taken within milliseconds.
pid_t reap_stranger(pid_t seen_before) {
  siginfo_t info{};
  if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return 0;
  if (info.si_pid == seen_before) waitpid(info.si_pid, nullptr, WNOHANG);
  return info.si_pid;
}

}  // namespace

World::World(EventLoop& loop, Options options, DesiredState desired, Cgroups cgroups, uint32_t id_base)
    : loop_(loop),
      options_(std::move(options)),
      desired_(std::move(desired)),
      cgroups_(std::move(cgroups)),
      runc_(loop, options_.directory + "/runc"),
      places_{.data_dir = options_.data_dir,
              .workloads = options_.directory + "/workloads",
              .volumes = options_.directory + "/volumes",
              .rootfs = options_.directory + "/mnt/rootfs",
              .binary = options_.binary,
              .world_id = options_.world_id,
              .lower = options_.directory + "/mnt/root",
              .id_base = id_base},
      networks_(options_.directory + "/mnt/netns", id_base) {}

World::~World() {
  *alive_ = false;
  loop_.cancel(measure_timer_);
}

Result<std::unique_ptr<World>> World::create(EventLoop& loop, Options options) {
  if (!is_mountable_path(options.data_dir))
    return fail("data directory " + options.data_dir +
                ": commas, colons, quotes, backslashes and blanks are not possible");
  for (const char* name : {"/desired", "/workloads", "/volumes", "/runc"}) {
    const std::string path = options.directory + name;
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return fail_errno("mkdir " + path);
  }
  // runc reaches a workload's root and volumes as the workload's own root: nobody, out here.
  if (chmod((options.directory + "/volumes").c_str(), 0711) != 0) return fail_errno("chmod volumes");
  LF_CHECK(make_mount_root(options.directory + "/mnt"));
  // runc's detached containers become our children: so we get their exit status.
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return fail_errno("PR_SET_CHILD_SUBREAPER");
  LF_TRY(DesiredState desired, DesiredState::load(options.directory + "/desired"));
  LF_TRY(Cgroups cgroups, Cgroups::create(group_name(options.data_dir)));
  const std::string shifted = options.directory + "/mnt/root";
  const Result<> shifting = mount_shifted_root(shifted, kIdBase);
  if (!shifting)
    log::warn("workloads keep the machine's user ids, without a user namespace: {}",
              shifting.error().message);
  std::unique_ptr<World> world(
      new World(loop, std::move(options), std::move(desired), std::move(cgroups), shifting ? kIdBase : 0));
  world->find_left_workloads();
  world->converge_soon();
  world->measure_timer_ = loop.after_ms(kUsagePeriodMs, [raw = world.get()] { raw->measure(); });
  return world;
}

void World::find_left_workloads() {
  std::set<std::string> ids;
  std::error_code error;
  for (const char* folder : {"/workloads", "/mnt/rootfs", "/runc"})
    for (const auto& entry : fs::directory_iterator(options_.directory + folder, error))
      ids.insert(entry.path().filename());
  for (const std::string& id : cgroups_.list()) ids.insert(id);
  for (const std::string& id : ids) ensure_machine(id);
}

// ---- converging

void World::converge_soon() {
  if (converge_scheduled_ || shut_down_done_) return;
  converge_scheduled_ = true;
  loop_.post([this, alive = alive_] {
    if (!*alive) return;
    converge_scheduled_ = false;
    converge();
  });
}

void World::converge() {
  if (shut_down_done_) return;
  networks_.converge(
      desired_.networks(),
      [this](const NetworkStatus& status) { observe("Network", status.id, to_json(status)); },
      [this](const InterfaceStatus& status) { observe("Interface", status.id, to_json(status)); });
  std::set<std::string> ids;
  for (const auto& [id, machine] : machines_) ids.insert(id);
  for (const auto& [id, workload] : desired_.workloads()) ids.insert(id);
  for (const std::string& id : ids) {
    const auto wanted = desired_.workloads().find(id);
    const Workload* workload = wanted == desired_.workloads().end() ? nullptr : &wanted->second;
    ensure_machine(id);
    machines_.at(id)->converge(workload, workload ? network_of(*workload) : std::nullopt);
  }
  remove_volumes();
}

void World::ensure_machine(const std::string& id) {
  if (machines_.contains(id)) return;
  machines_[id] = std::make_unique<WorkloadMachine>(
      id, WorkloadMachine::Context{
              .loop = loop_,
              .runc = runc_,
              .cgroups = cgroups_,
              .places = places_,
              .on_status =
                  [this](const WorkloadStatus& status) { observe("Workload", status.id, to_json(status)); },
              .on_idle = [this](const std::string& idle) { machine_idle(idle); }});
}

std::optional<WorkloadNetwork> World::network_of(const Workload& workload) const {
  if (!networks_.is_ready(workload.interface_id)) return std::nullopt;
  const auto interface = desired_.networks().interfaces.find(workload.interface_id);
  if (interface == desired_.networks().interfaces.end() || interface->second.attachment == "edge")
    return std::nullopt;
  const auto network = desired_.networks().networks.find(interface->second.vpc_id);
  if (network == desired_.networks().networks.end()) return std::nullopt;
  const Result<std::vector<Ipv4>> services = service_addresses(network->second);
  if (!services) return std::nullopt;
  return WorkloadNetwork{.netns_path = networks_.interface_netns(workload.interface_id),
                         .userns_path = networks_.interface_userns(workload.interface_id),
                         .address = interface->second.private_ip,
                         .resolver = services->front().to_string()};
}

void World::machine_idle(const std::string& id) {
  loop_.post([this, id, alive = alive_] {
    if (!*alive) return;
    const auto it = machines_.find(id);
    if (it != machines_.end() && it->second->is_gone()) machines_.erase(it);
    if (shut_down_done_) return finish_shut_down();
    converge_soon();
  });
}

// A volume goes when its document has gone and no workload uses it; one that never had a document stays.
void World::remove_volumes() {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(places_.volumes, error)) {
    const std::string name = entry.path().filename();
    const std::string mark = options_.directory + "/desired/Volume/." + name + ".deleted";
    if (access(mark.c_str(), F_OK) != 0 || desired_.volumes().contains(name)) continue;
    const bool used =
        std::ranges::any_of(desired_.workloads(),
                            [&](const auto& w) {
                              return std::ranges::any_of(
                                  w.second.mounts, [&](const WorkloadMount& m) { return m.source == name; });
                            }) ||
        std::ranges::any_of(machines_,
                            [&](const auto& m) { return !desired_.workloads().contains(m.first); });
    if (used) continue;  // of a workload that is wanted, or possibly of one that is still ending
    fs::remove_all(entry.path(), error);
    unlink(mark.c_str());
    log::info("volume {} deleted", name);
  }
}

// ---- desired

Result<> World::put(const Put& put) {
  LF_CHECK(desired_.put(put));
  converge_soon();
  return {};
}

Result<> World::remove(const Delete& item) {
  if (item.kind == "Volume" && desired_.volumes().contains(item.id))
    std::ofstream(options_.directory + "/desired/Volume/." + item.id + ".deleted") << "";
  LF_CHECK(desired_.remove(item.kind, item.id));
  converge_soon();
  return {};
}

std::vector<mirror::Item> World::sync(const std::vector<mirror::Item>& items) {
  DesiredState::SyncDifference difference = desired_.compare(items);
  for (const mirror::Item& item : difference.unlisted)
    if (Result<> removed = remove({.kind = item.kind, .id = item.id}); !removed)
      log::error("{}", removed.error().message);
  return std::move(difference.wanted);
}

// ---- observed

void World::observe(const std::string& kind, const std::string& id, std::string document) {
  if (on_observed_) on_observed_({.kind = kind, .id = id, .document = std::move(document)});
}

void World::report_everything() {
  networks_.report(
      [this](const NetworkStatus& status) { observe("Network", status.id, to_json(status)); },
      [this](const InterfaceStatus& status) { observe("Interface", status.id, to_json(status)); });
  for (const auto& [id, machine] : machines_)
    if (!machine->status().state.empty()) observe("Workload", id, to_json(machine->status()));
}

void World::measure() {
  measure_timer_ = loop_.after_ms(kUsagePeriodMs, [this] { measure(); });
  stranger_ = reap_stranger(stranger_);
  for (const auto& [id, machine] : machines_) {
    if (!machine->is_running()) continue;
    observe("WorkloadUsage", id, to_json(machine->usage()));
    if (Result<> rotated = rotate_console(machine->console_path()); !rotated)
      log::error("{}", rotated.error().message);
  }
}

Result<ConsoleOutput> World::console_output(const GetConsoleOutput& request) const {
  const auto it = machines_.find(request.workload_id);
  if (it == machines_.end()) return fail("no workload '" + request.workload_id + "'");
  const std::string path = it->second->console_path();
  LF_TRY(const std::string text, read_console_tail(path, request.tail_bytes));
  return ConsoleOutput{
      .id = request.id, .output_base64 = to_base64(text), .written_at_ms = console_written_at_ms(path)};
}

Result<> World::check_running(const std::string& id) const {
  const auto it = machines_.find(id);
  if (it == machines_.end()) return fail("no workload '" + id + "'");
  if (!it->second->is_running()) return fail(id + " is not running: " + it->second->status().state);
  return {};
}

Result<> World::kill_workload(const std::string& id) {
  LF_CHECK(check_running(id));
  machines_.at(id)->kill_now();
  return {};
}

// ---- the end

void World::shut_down(std::move_only_function<void()> done) {
  shut_down_done_ = std::move(done);
  loop_.cancel(measure_timer_);
  measure_timer_ = 0;
  for (const auto& [id, machine] : machines_) machine->stop_for_shutdown();
  finish_shut_down();
}

void World::finish_shut_down() {
  if (ended_) return;
  if (!std::ranges::all_of(machines_, [](const auto& m) { return m.second->is_idle(); })) return;
  machines_.clear();
  networks_.remove_all();
  if (umount2(mounts().c_str(), MNT_DETACH) != 0) log::error("umount {}: {}", mounts(), std::strerror(errno));
  if (Result<> removed = cgroups_.remove_group(); !removed) log::error("{}", removed.error().message);
  ended_ = true;
  shut_down_done_();
}

}  // namespace landfall::host
