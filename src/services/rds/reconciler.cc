// Brings DB instances from what was asked to what host says is so.
#include "reconcile/queue.h"

#include "base/ascii.h"
#include "engines/engine.h"
#include "gateway/observations.h"
#include "services/ec2/ec2.h"
#include "services/rds/instances.h"
#include "services/rds/rds.h"
#include "services/rds/replicas.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {
namespace {

using reconcile::Outcome;

constexpr char kReconciler[] = "rds.instance";
constexpr int64_t kReadyPollMs = 250;  // the engine says that it serves on its console; host is asked for it

class Rds final : public Service {
 public:
  explicit Rds(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kReconciler, [this](std::string_view key) { return step(key); });
    plane_.store.watch(kInstances, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kReconciler, change.id);
    });
    plane_.observations.watch("Workload", [this](std::string_view id, std::string_view) {
      if (id.starts_with("db-")) enqueue_all();
    });
  }
  void start() override { enqueue_all(); }

  std::vector<Problem> problems() const override {
    std::vector<Problem> list;
    store::Txn txn(plane_.store);
    txn.each<InstanceRecord>(kInstances, "", [&](std::string_view, const InstanceRecord& record) {
      const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", workload_id(record));
      if (status && (status->state == "failed" || status->state == "exited"))
        list.push_back({"database " + *record.shown.DBInstanceIdentifier + " is " + status->state,
                        status->message + "; see: landfall logs " + workload_id(record)});
    });
    return list;
  }

 private:
  void enqueue_all() {
    const size_t skip = std::string_view(kInstances.name).size() + 1;
    plane_.store.each(std::string(kInstances.name) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(kReconciler, key.substr(skip));
    });
  }

  Outcome step(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kInstances, key);
    if (!stored) return Outcome::done();
    const std::string state = *stored->shown.DBInstanceStatus, workload = workload_id(*stored);
    const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", workload);
    if (state == "deleting" && stored->snapshot_id.empty()) {
      if (status && status->state != "removed") return Outcome::wait();
      update(key, [](Call& call, InstanceRecord& record) { finish_deletion(call, record); });
      return Outcome::done();
    }
    if (state == "stopping") {
      if (!status || status->state == "stopped" || status->state == "exited") set_status(key, "stopped");
      return Outcome::wait();
    }
    if (state == "stopped" || !status) return Outcome::wait();
    if (status->state == "exited" || status->state == "failed") {  // the engine died: RDS restarts it
      const Timestamp started{status->started_at_ms};
      if (status->state == "failed" || plane_.clock.now().unix_ms - started.unix_ms < kRestartPauseMs) {
        if (restarting_.insert(std::string(key)).second) return Outcome::after(kRestartPauseMs);
      }
      restarting_.erase(std::string(key));
      update(key, [](Call& call, InstanceRecord& record) {
        ++record.reboot_generation;
        if (record.shown.DBInstanceStatus != "deleting") record.shown.DBInstanceStatus = "rebooting";
        desire_workload(call, record, true);
        put_instance(call, record);
      });
      return Outcome::wait();
    }
    if (status->state != "running" || status->reboot_generation != stored->reboot_generation)
      return Outcome::wait();
    if (state == "available") return Outcome::done();
    return ask_ready(std::string(key), workload);
  }

  Outcome ask_ready(const std::string& key, const std::string& workload) {
    if (ready_.erase(key) > 0) {
      update(key, [](Call& call, InstanceRecord& record) { serves(call, record); });
      return Outcome::done();
    }
    if (asking_.insert(key).second)
      plane_.host.console_output(workload, [this, key](Result<std::string> console) {
        asking_.erase(key);
        if (console && engines::console_says_ready(*console)) {
          ready_.insert(key);
          plane_.queue.enqueue(kReconciler, key);
        }
      });
    return Outcome::after(kReadyPollMs);
  }

  void update(std::string_view key, const std::function<void(Call&, InstanceRecord&)>& change) {
    const ResourceKey where = parse_resource_key(key);
    plane_.transact("rds.amazonaws.com", where.account, where.region, [&](Call& call) {
      if (const auto stored = call.rows(kInstances).get(where.id)) {
        InstanceRecord record = *stored;
        change(call, record);
      }
    });
  }

  void set_status(std::string_view key, const char* status) {
    update(key, [&](Call& call, InstanceRecord& record) {
      record.shown.DBInstanceStatus = status;
      put_instance(call, record);
    });
  }

  // The engine takes connections: what its start was for is done.
  static void serves(Call& call, InstanceRecord& record) {
    const bool clear = !record.snapshot_id.empty() || !record.restore_volume.empty();
    if (!record.snapshot_id.empty()) finish_snapshot(call, record);
    record.restore_volume.clear();
    if (record.shown.DBInstanceStatus == "deleting") {
      undesire(call.txn, "Workload", workload_id(record));
    } else {
      record.shown.DBInstanceStatus = "available";
      show_replication(record);
      if (!record.shown.InstanceCreateTime) record.shown.InstanceCreateTime = call.now;
      if (clear) desire_workload(call, record, true);  // its next start has nothing to copy
    }
    put_instance(call, record);
  }

  static void finish_deletion(Call& call, InstanceRecord& record) {
    ec2::release_service_interface(call, record.interface_id);
    ec2::delete_private_name(call, *record.shown.Endpoint->Address);
    undesire(call.txn, "Volume", record.volume);
    if (!record.replication_volume.empty()) undesire(call.txn, "Volume", record.replication_volume);
    call.rows(kInstances).erase(ascii_lower(*record.shown.DBInstanceIdentifier));
  }

  static constexpr int64_t kRestartPauseMs = 1'000;  // between an engine's death and its next start
  ControlPlane& plane_;
  std::set<std::string> asking_, ready_, restarting_;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Rds>(plane); }

}  // namespace landfall::rds
