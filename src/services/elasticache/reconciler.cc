// Brings replication groups from what was asked to what host says is so.
#include <algorithm>
#include <set>

#include "engines/engine.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "services/ec2/ec2.h"
#include "services/elasticache/elasticache.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/nodes.h"

namespace landfall::elasticache {
namespace {

using reconcile::Outcome;

constexpr char kReconciler[] = "elasticache.group";
constexpr int64_t kReadyPollMs = 200;  // the engine says that it serves on its console; host is asked for it
constexpr int64_t kRestartPauseMs = 1'000;

class ElastiCache final : public Service {
 public:
  explicit ElastiCache(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kReconciler, [this](std::string_view key) { return step(key); });
    plane_.store.watch(kGroups, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kReconciler, change.id);
    });
    plane_.observations.watch("Workload", [this](std::string_view id, std::string_view) {
      if (id.starts_with("cache-")) enqueue_all();
    });
  }
  void start() override { enqueue_all(); }

  std::vector<Problem> problems() const override {
    std::vector<Problem> list;
    store::Txn txn(plane_.store);
    txn.each<GroupRecord>(kGroups, "", [&](std::string_view, const GroupRecord& record) {
      for (const NodeRecord& node : record.nodes) {
        const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", node.workload_id);
        if (status && (status->state == "failed" || status->state == "exited"))
          list.push_back({"cache " + node.cache_cluster_id + " is " + status->state,
                          status->message + "; see: landfall logs " + node.workload_id});
      }
    });
    return list;
  }

 private:
  void enqueue_all() {
    const size_t skip = std::string_view(kGroups.name).size() + 1;
    plane_.store.each(std::string(kGroups.name) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(kReconciler, key.substr(skip));
    });
  }

  Outcome step(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kGroups, key);
    if (!stored) return Outcome::done();
    if (*stored->shown.Status == "deleting") return finish_deletion(key, *stored);
    for (const NodeRecord& node : stored->leaving)
      if (has_ended(node)) {
        update(key, [&](Call& call, GroupRecord& record) { forget(call, record, node.cache_cluster_id); });
        return Outcome::after(0);
      }
    bool all = true, poll = false;
    for (size_t i = 0; i < stored->nodes.size(); ++i) {
      const NodeRecord& node = stored->nodes[i];
      const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", node.workload_id);
      if (status && status->state == "exited") return restart(key, node, *status);
      const bool running =
          status && status->state == "running" && status->reboot_generation == stored->reboot_generation;
      if (node.ready) continue;
      if (running && ready_.erase(node.workload_id) > 0) {
        update(key, [&](Call& call, GroupRecord& record) {
          record.nodes[i].ready = true;
          if (std::ranges::all_of(record.nodes, &NodeRecord::ready)) record.shown.Status = "available";
          put_group(call, record);
        });
        return Outcome::after(0);
      }
      all = false;
      if (running) {
        poll = true;
        ask(std::string(key), node.workload_id);
      }
    }
    if (all) return Outcome::done();
    return poll ? Outcome::after(kReadyPollMs) : Outcome::wait();
  }

  void ask(const std::string& key, const std::string& workload) {
    if (!asking_.insert(workload).second) return;
    plane_.host.console_output(workload, [this, key, workload](Result<std::string> console) {
      asking_.erase(workload);
      if (!console || !engines::console_says_ready(*console)) return;
      ready_.insert(workload);
      plane_.queue.enqueue(kReconciler, key);
    });
  }

  bool has_ended(const NodeRecord& node) const {
    const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", node.workload_id);
    return !status || status->state == "removed";
  }

  static void forget(Call& call, GroupRecord& record, const std::string& id) {
    const auto node = std::ranges::find(record.leaving, id, &NodeRecord::cache_cluster_id);
    if (node == record.leaving.end()) return;
    release_node(call, *node);
    record.leaving.erase(node);
    put_group(call, record);
  }

  // A replica that runs; empty: none.
  std::string successor_of(const GroupRecord& record) const {
    if (record.shown.AutomaticFailover != "enabled") return "";
    for (const NodeRecord& node : record.nodes) {
      const auto status = plane_.observations.get<host::WorkloadStatus>("Workload", node.workload_id);
      if (!node.primary && node.ready && status && status->state == "running") return node.cache_cluster_id;
    }
    return "";
  }

  // A node's engine ended: ElastiCache replaces it; its data is in the volume. With automatic failover a
  // replica takes a primary's place, and what was the primary follows it.
  Outcome restart(std::string_view key, const NodeRecord& ended, const host::WorkloadStatus& status) {
    const int64_t since = plane_.clock.now().unix_ms - status.started_at_ms;
    if (since < kRestartPauseMs) return Outcome::after(kRestartPauseMs - since);
    update(key, [&](Call& call, GroupRecord& record) {
      if (const std::string successor = ended.primary ? successor_of(record) : ""; !successor.empty())
        make_primary(call, record, successor);
      ++record.reboot_generation;
      record.shown.Status = "modifying";
      for (NodeRecord& node : record.nodes) {
        node.ready = false;
        desire_node(call, record, node);
      }
      put_group(call, record);
    });
    return Outcome::wait();
  }

  Outcome finish_deletion(std::string_view key, const GroupRecord& record) {
    for (const auto* nodes : {&record.nodes, &record.leaving})
      for (const NodeRecord& node : *nodes)
        if (!has_ended(node)) return Outcome::wait();
    update(key, [](Call& call, GroupRecord& gone) {
      for (const NodeRecord& node : gone.nodes) release_node(call, node);
      for (const NodeRecord& node : gone.leaving) release_node(call, node);
      ec2::delete_private_name(call, gone.primary_address);
      ec2::delete_private_name(call, gone.reader_address);
      call.rows(kGroups).erase(*gone.shown.ReplicationGroupId);
    });
    return Outcome::done();
  }

  void update(std::string_view key, const std::function<void(Call&, GroupRecord&)>& change) {
    const ResourceKey where = parse_resource_key(key);
    plane_.transact("elasticache.amazonaws.com", where.account, where.region, [&](Call& call) {
      if (const auto stored = call.rows(kGroups).get(where.id)) {
        GroupRecord record = *stored;
        change(call, record);
      }
    });
  }

  ControlPlane& plane_;
  std::set<std::string> asking_, ready_;  // workload ids
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<ElastiCache>(plane); }

}  // namespace landfall::elasticache
