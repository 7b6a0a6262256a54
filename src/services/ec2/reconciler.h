// The reconciler of instances: what host says of their workloads becomes their state (instances.h has the
// machine).
#pragma once

#include <functional>
#include <map>
#include <string>

#include "gateway/control_plane.h"
#include "host/protocol.h"
#include "reconcile/queue.h"
#include "services/ec2/metrics.h"
#include "services/ec2/store.h"
#include "services/service.h"

namespace landfall::ec2 {

// What to do with an instance, from its record and what host says of its workload (nothing: host has said
// nothing yet).
enum class InstanceStep {
  none,
  run,              // -> running
  stop,             // stopping -> stopped
  ended_by_itself,  // pid 1 exited with a status of its own
  was_killed,       // pid 1 died of a signal, or its machine could not keep it
  could_not_start,  // failed for kLaunchPatienceMs
  terminate,        // shutting-down -> terminated
  forget,           // the record goes
};
struct NextStep {
  InstanceStep step = InstanceStep::none;
  int64_t again_ms = -1;  // look again after this time; -1: when something changes
};
// host tells of a removed workload once. Where control was away then, it waits this long before it believes
// that silence is absence (host says all it has at once when it connects).
inline constexpr int64_t kSilenceMs = 5'000;
inline constexpr int64_t kLaunchPatienceMs =
    60'000;  // host retries a launch that fails; then the instance is given up

inline constexpr int64_t kMetricPeriodMs =
    30'000;  // between two samples of an instance's metrics; host reports more often

NextStep next_step(const InstanceRecord& instance, const std::optional<host::WorkloadStatus>& status,
                   Timestamp now);

class Ec2Service final : public Service {
 public:
  explicit Ec2Service(ControlPlane& plane);
  void start() override;
  std::vector<Problem> problems() const override;

 private:
  reconcile::Outcome reconcile_instance(std::string_view key);
  void each_vpc(const std::function<void(std::string_view key)>& visit);
  reconcile::Outcome reconcile_network(std::string_view key);   // of a VPC
  reconcile::Outcome reconcile_metadata(std::string_view key);  // of a VPC
  void take_usage(std::string_view id, std::string_view document);
  void enqueue_workload(std::string_view workload_id);

  ControlPlane& plane_;
  std::map<std::string, std::string, std::less<>>
      instance_keys_;  // by instance id, of all accounts and regions
  std::map<std::string, host::WorkloadUsage, std::less<>>
      usage_;  // the report that each one's next sample begins at
};

}  // namespace landfall::ec2
