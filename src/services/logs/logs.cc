// The reconciler of retention: what is older than a group's retention is deleted.
#include "services/logs/logs.h"

#include <algorithm>

#include "gateway/call.h"
#include "reconcile/queue.h"
#include "services/logs/groups.h"

namespace landfall::logs {
namespace {

constexpr char kReconciler[] = "logs.retention";
constexpr int64_t kLongestWaitMs = 3'600'000;

class Logs final : public Service {
 public:
  explicit Logs(ControlPlane& plane) : plane_(plane) {
    plane.queue.add(kReconciler, [this](std::string_view id) { return step(id); });
    watch_ = plane.store.watch(kGroups, [this](const store::Change& change) {
      if (change.document) plane_.queue.enqueue(kReconciler, change.id);
    });
  }
  ~Logs() override { plane_.store.unwatch(watch_); }

  void start() override {
    store::Txn txn(plane_.store);
    txn.each<GroupRecord>(kGroups, "", [this](std::string_view id, const GroupRecord&) {
      plane_.queue.enqueue(kReconciler, id);
    });
  }

 private:
  // A chunk goes when its newest event is too old; reads leave out the older events of a chunk that stays.
  reconcile::Outcome step(std::string_view id) {
    store::Txn txn(plane_.store);
    const auto group = txn.get(kGroups, id);
    if (!group || group->retention_days == 0) return reconcile::Outcome::done();
    const int64_t cutoff = expired_before_ms(*group, plane_.clock.now());
    const ResourceKey key = parse_resource_key(id);
    const std::string prefix = key.account + "/" + key.region + "/" + group->uid + "/";
    std::vector<std::string> expired;
    int64_t bytes = 0, next_ms = INT64_MAX;
    txn.each<ChunkRecord>(kChunks, prefix, [&](std::string_view chunk_id, const ChunkRecord& chunk) {
      if (chunk.last_ms >= cutoff) {
        next_ms = std::min(next_ms, chunk.last_ms);
        return;
      }
      expired.emplace_back(chunk_id);
      bytes += chunk.bytes;
    });
    if (!expired.empty()) {
      for (const std::string& chunk_id : expired) {
        txn.erase(kChunks, chunk_id);
        txn.erase(kEvents, chunk_id);
      }
      GroupRecord changed = *group;
      changed.stored_bytes -= bytes;
      txn.put(kGroups, id, std::move(changed));
      if (auto committed = txn.commit(); !committed)
        return reconcile::Outcome::failed(committed.error().message);
    }
    if (next_ms == INT64_MAX) return reconcile::Outcome::wait();  // for the next event
    return reconcile::Outcome::after(std::clamp<int64_t>(next_ms - cutoff + 1, 1, kLongestWaitMs));
  }

  ControlPlane& plane_;
  store::WatchId watch_ = 0;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Logs>(plane); }

}  // namespace landfall::logs
