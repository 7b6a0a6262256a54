// WorkloadMachine: one workload, from its desired document to its processes.
//
//             start()             runc done              pid 1 ends
//   idle ───────────────▶ starting ───────▶ running ──────────────────▶ cleaning ──▶ idle
//    ▲                        │ failed         │ not wanted so            ▲  runc delete,
//    │                        ▼                ▼                          │  overlay unmounted
//    └── retry later ◀── cleaning          stopping ── pid 1 ends ────────┘
//                                            SIGTERM, after a grace SIGKILL to the whole group
//
// Invariants: there is at most one runc process at a time, and only in starting and cleaning; running and
// stopping have a pidfd of pid 1 registered with the loop; the record on disk says what the next host needs
// to adopt or clean up: it is written before a start, after it, and after an end.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/unique_fd.h"
#include "host/compute/cgroup.h"
#include "host/compute/process_identity.h"
#include "host/compute/rootfs.h"
#include "host/compute/runc.h"
#include "host/protocol.h"
#include "runtime/event_loop.h"

namespace landfall::host {

inline constexpr int64_t kInstanceStopGraceMs = 2000;  // pid 1 itself waits kShutdownGraceMs
inline constexpr int64_t kEngineStopGraceMs = 10'000;  // a database may have to write
inline constexpr int64_t kAskAgainMs = 100;
inline constexpr int64_t kFirstRetryMs = 500;
inline constexpr int64_t kMaxRetryMs = 30'000;

// Where things are, for every workload alike.
struct ComputePlaces {
  std::string data_dir;
  std::string workloads;    // host/workloads: a directory each
  std::string volumes;      // host/volumes
  std::string rootfs;       // overlays are mounted here, by id
  std::string binary;       // this program
  std::string world_id;     // under another one, who is not running is to be started, not "exited"
  std::string lower = "/";  // below every root: the machine's, or its shifted mount
  uint32_t id_base = 0;     // of lower (id_map.h)
};

// What the network says about a workload's interface.
struct WorkloadNetwork {
  std::string netns_path;
  std::string userns_path;  // that owns it, "" if the machine's does
  std::string address;
  std::string resolver;
};

struct WorkloadRecord {
  std::string state = "new";  // "new", "starting", "running", "exited", "down"
  std::string world_id;
  ProcessIdentity process;
  int64_t netns_inode = 0;
  int64_t started_at_ms = 0;
  int64_t reboot_generation = 0;
  int64_t exit_code = 0;
  std::string message;
  template <class V>
  void fields(V& v) {
    v("state", state);
    v("world_id", world_id);
    v("process", process);
    v("netns_inode", netns_inode);
    v("started_at_ms", started_at_ms);
    v("reboot_generation", reboot_generation);
    v("exit_code", exit_code);
    v("message", message);
  }
};

class WorkloadMachine final : public IoHandler {
 public:
  struct Context {
    EventLoop& loop;
    const Runc& runc;
    const Cgroups& cgroups;
    const ComputePlaces& places;
    std::function<void(const WorkloadStatus&)> on_status;
    std::function<void(const std::string& id)>
        on_idle;  // reached idle; the owner may destroy it, later, from the loop
  };

  // Reads the record an earlier host left, and adopts or begins to clean up what it tells of.
  WorkloadMachine(std::string id, Context context);
  ~WorkloadMachine();
  WorkloadMachine(const WorkloadMachine&) = delete;

  // nullptr: it should go, files and all. `network`: empty until its interface is up.
  void converge(const Workload* wanted, std::optional<WorkloadNetwork> network);
  // Stops it for good, keeping its files; the record lets the next host start it again.
  void stop_for_shutdown();
  void kill_now();  // as a crash would

  bool is_idle() const { return phase_ == Phase::idle; }
  bool is_running() const { return phase_ == Phase::running; }
  bool is_gone() const { return gone_; }
  const WorkloadStatus& status() const { return status_; }
  std::string console_path() const { return directory() + "/console.log"; }
  WorkloadUsage usage() const;
  void on_io(uint32_t events) override;

 private:
  enum class Phase { idle, starting, running, stopping, cleaning };

  std::string directory() const { return context_.places.workloads + "/" + id_; }
  RootfsPaths rootfs_paths() const;
  uint32_t id_base() const;
  void adopt();
  void step();
  void start();
  Result<> prepare();
  Result<> launch();
  void started(Result<> result);
  Result<> watch(const ProcessIdentity& identity);
  void stop(int64_t grace_ms);
  void ask_to_stop(int64_t left_ms);
  void ended();
  void clean();
  void cleaned(Result<> result);
  void fail_start(const std::string& why);
  void remove_files();
  void report(std::string state, std::string message = {});
  void save();

  std::string id_;
  Context context_;
  Phase phase_ = Phase::idle;
  std::optional<Workload> wanted_;
  std::optional<WorkloadNetwork> network_;
  WorkloadRecord record_;
  WorkloadStatus status_;
  UniqueFd pidfd_;
  std::unique_ptr<ChildProcess> runc_;
  TimerId timer_ = 0;  // of the grace while stopping, of the retry while idle
  int64_t retry_ms_ = kFirstRetryMs;
  bool converged_ = false;  // converge() was called: before that, nothing is removed for not being wanted
  bool shutting_down_ = false;
  bool waiting_to_retry_ = false;
  bool gone_ = false;
};

}  // namespace landfall::host
