// What follows from what edge says: distributions become Deployed, invalidations Completed.
#include "codec/fields.h"
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "runtime/event_loop.h"
#include "services/acm/acm.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/function_logs.h"
#include "services/cloudfront/metrics.h"

namespace landfall::cloudfront {
namespace {

using reconcile::Outcome;

constexpr char kDistributionReconciler[] = "cloudfront.distribution";
constexpr char kInvalidationReconciler[] = "cloudfront.invalidation";
constexpr char kPrincipal[] = "cloudfront.amazonaws.com";
constexpr int64_t kPollMs = 50;  // edge acknowledges a revision within milliseconds

class CloudFront final : public Service {
 public:
  explicit CloudFront(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kDistributionReconciler,
                     [this](std::string_view key) { return step_distribution(key); });
    plane_.queue.add(kInvalidationReconciler,
                     [this](std::string_view key) { return step_invalidation(key); });
    plane_.store.watch(kDistributions, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kDistributionReconciler, change.id);
    });
    plane_.store.watch(kInvalidations, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kInvalidationReconciler, change.id);
    });
    plane_.observations.watch(kDistributionMetricsKind, [this](std::string_view, std::string_view document) {
      record_metrics(document);
    });
    plane_.observations.watch(kFunctionLogKind, [this](std::string_view, std::string_view document) {
      record_function_log(document);
    });
    // A renewed certificate keeps its ARN: every distribution looks again.
    plane_.store.watch(std::string(acm::kCertificatesTable) + "/", [this](const store::Change&) {
      enqueue_all(kDistributions.name, kDistributionReconciler);
    });
  }

  void start() override {
    enqueue_all(kDistributions.name, kDistributionReconciler);
    enqueue_all(kInvalidations.name, kInvalidationReconciler);
  }

 private:
  void enqueue_all(std::string_view table, const char* reconciler) {
    plane_.store.each(std::string(table) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(reconciler, key.substr(table.size() + 1));
    });
  }

  // "123456789012/E1" or "123456789012/E1/I1": the account, and the row's id after it.
  void transact(std::string_view key, const std::function<void(Call&, const std::string& id)>& body) {
    const size_t slash = key.find('/');
    const std::string account(key.substr(0, slash)), id(key.substr(slash + 1));
    plane_.transact(kPrincipal, account, plane_.config.region, [&](Call& call) { body(call, id); });
  }

  bool served(const char* kind, const std::string& id) const {
    const store::Document* snapshot =
        plane_.store.find(store::Txn::key_of(std::string(kEdgePrefix) + kind, id));
    return snapshot != nullptr && plane_.edge_revision >= snapshot->revision;
  }

  Outcome step_distribution(std::string_view key) {
    store::Txn txn(plane_.store);
    if (!txn.get(kDistributions, key)) return Outcome::done();
    transact(key, [](Call& call, const std::string& id) { sync_distribution(call, id); });
    const auto stored = txn.get(kDistributions, key);
    if (stored->deployed) return Outcome::done();
    if (!served(kDistributionSnapshotKind, stored->id)) return Outcome::after(kPollMs);
    transact(key, [](Call& call, const std::string& id) {
      DistributionRecord record = find_distribution(call, id);
      record.deployed = true;
      call.global_rows(kDistributions).put(id, std::move(record));
    });
    return Outcome::done();
  }

  Outcome step_invalidation(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kInvalidations, key);
    if (!stored || stored->completed) return Outcome::done();
    if (!served(kInvalidationSnapshotKind, stored->distribution_id + "/" + stored->id))
      return Outcome::after(kPollMs);
    transact(key, [](Call& call, const std::string& id) {
      InvalidationRecord record = *call.global_rows(kInvalidations).get(id);
      record.completed = true;
      call.global_rows(kInvalidations).put(id, std::move(record));
      unpublish(call.txn, kInvalidationSnapshotKind, id);
    });
    return Outcome::done();
  }

  void record_metrics(std::string_view document) {
    auto metrics = from_json<DistributionMetrics>(document);
    if (!metrics) return;
    // Not in the observation's callback: it may come in the middle of anything on the loop that reads the
    // store.
    plane_.loop.post([this, metrics = std::move(*metrics)] {
      plane_.transact(kPrincipal, metrics.account, kMetricsRegion,
                      [&](Call& call) { cloudwatch::record(call, samples_of(metrics)); });
    });
  }

  void record_function_log(std::string_view document) {
    auto log = from_json<FunctionLog>(document);
    if (!log) return;
    plane_.loop.post([this, log = std::move(*log)] {
      plane_.transact(kPrincipal, log.account, kMetricsRegion, [&](Call& call) {
        if (log_stream_.empty()) log_stream_ = call.random().uuid();
        record_log(call, log, log_stream_);
      });
    });
  }

  ControlPlane& plane_;
  std::string log_stream_;  // of functions; the last part of its name
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<CloudFront>(plane); }

}  // namespace landfall::cloudfront
