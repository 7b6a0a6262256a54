// World: everything of this Landfall that exists on the machine: networks and workloads, and what should be
// of them.
//
// Level-triggered: any change of the desired state, of a workload or of a network schedules one converge() on
// the loop, which looks at everything and does what is missing. Nothing here needs control to be there.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "host/compute/cgroup.h"
#include "host/compute/runc.h"
#include "host/compute/workload_machine.h"
#include "host/desired_state.h"
#include "host/network/networks.h"
#include "host/protocol.h"
#include "runtime/event_loop.h"

namespace landfall::host {

class World {
 public:
  struct Options {
    std::string data_dir;   // absolute
    std::string directory;  // data_dir/host, exists
    std::string binary;     // this program
    std::string world_id;
  };
  using OnObserved = std::function<void(const Observed&)>;

  // Adopts what an earlier host left running and cleans up the rest.
  static Result<std::unique_ptr<World>> create(EventLoop& loop, Options options);
  ~World();

  void on_observed(OnObserved callback) { on_observed_ = std::move(callback); }
  void report_everything();

  Result<> put(const Put& put);
  Result<> remove(const Delete& item);
  std::vector<mirror::Item> sync(const std::vector<mirror::Item>& items);

  Result<std::vector<UniqueFd>> open_sockets(const OpenSockets& request) {
    return networks_.open_sockets(request);
  }
  Result<ConsoleOutput> console_output(const GetConsoleOutput& request) const;
  Result<> kill_workload(const std::string& id);
  // Error if there is none that runs.
  Result<> check_running(const std::string& id) const;
  const Runc& runc() const { return runc_; }
  const std::string& directory() const { return options_.directory; }

  // Ends every workload and removes every namespace, mount and cgroup; files stay. Nothing else may be called
  // after it.
  void shut_down(std::move_only_function<void()> done);

 private:
  World(EventLoop& loop, Options options, DesiredState desired, Cgroups cgroups, uint32_t id_base);
  void find_left_workloads();
  void converge_soon();
  void converge();
  void ensure_machine(const std::string& id);
  void remove_volumes();
  void observe(const std::string& kind, const std::string& id, std::string document);
  void machine_idle(const std::string& id);
  void finish_shut_down();
  void measure();
  std::optional<WorkloadNetwork> network_of(const Workload& workload) const;
  std::string mounts() const { return options_.directory + "/mnt"; }

  EventLoop& loop_;
  Options options_;
  DesiredState desired_;
  Cgroups cgroups_;
  Runc runc_;
  ComputePlaces places_;
  Networks networks_;
  std::map<std::string, std::unique_ptr<WorkloadMachine>> machines_;
  OnObserved on_observed_;
  bool converge_scheduled_ = false;
  TimerId measure_timer_ = 0;
  pid_t stranger_ = 0;                              // a child nobody awaited at the last measure()
  std::move_only_function<void()> shut_down_done_;  // set: ending
  bool ended_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace landfall::host
