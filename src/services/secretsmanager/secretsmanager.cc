// The reconciler of deletions: a secret goes when its recovery window has passed.
#include "services/secretsmanager/secretsmanager.h"

#include "gateway/call.h"
#include "reconcile/queue.h"
#include "services/secretsmanager/store.h"

namespace landfall::secretsmanager {
namespace {

constexpr char kReconciler[] = "secretsmanager.deletion";

class SecretsManager final : public Service {
 public:
  explicit SecretsManager(ControlPlane& plane) : plane_(plane) {
    plane.queue.add(kReconciler, [this](std::string_view id) { return step(id); });
    watch_ = plane.store.watch(kSecrets, [this](const store::Change& change) {
      if (change.document) plane_.queue.enqueue(kReconciler, change.id);
    });
  }
  ~SecretsManager() override { plane_.store.unwatch(watch_); }

  void start() override {
    store::Txn txn(plane_.store);
    txn.each<SecretRecord>(kSecrets, "", [this](std::string_view id, const SecretRecord& secret) {
      if (secret.is_deleted()) plane_.queue.enqueue(kReconciler, id);
    });
  }

 private:
  reconcile::Outcome step(std::string_view id) {
    store::Txn txn(plane_.store);
    const auto secret = txn.get(kSecrets, id);
    if (!secret || !secret->is_deleted()) return reconcile::Outcome::done();
    const int64_t left_ms = secret->delete_at.unix_ms - plane_.clock.now().unix_ms;
    if (left_ms > 0) return reconcile::Outcome::after(left_ms);
    txn.erase(kSecrets, id);
    if (auto committed = txn.commit(); !committed)
      return reconcile::Outcome::failed(committed.error().message);
    return reconcile::Outcome::done();
  }

  ControlPlane& plane_;
  store::WatchId watch_ = 0;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<SecretsManager>(plane); }

}  // namespace landfall::secretsmanager
