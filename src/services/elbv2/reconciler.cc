// What follows from what edge says and from time: load balancers become active, drained targets go, metrics
// are recorded.
#include "gateway/observations.h"
#include "reconcile/queue.h"
#include "runtime/event_loop.h"
#include "services/acm/acm.h"
#include "services/cloudwatch/cloudwatch.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/elbv2.h"

namespace landfall::elbv2 {
namespace {

using reconcile::Outcome;

constexpr char kBalancerReconciler[] = "elbv2.loadbalancer";
constexpr char kGroupReconciler[] = "elbv2.targetgroup";
constexpr int64_t kActivePollMs = 50;  // edge acknowledges a revision within milliseconds

class Elbv2 final : public Service {
 public:
  explicit Elbv2(ControlPlane& plane) : plane_(plane) {
    plane_.queue.add(kBalancerReconciler, [this](std::string_view key) { return step_balancer(key); });
    plane_.queue.add(kGroupReconciler, [this](std::string_view key) { return step_group(key); });
    plane_.store.watch(kLoadBalancers, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kBalancerReconciler, change.id);
    });
    plane_.store.watch(kTargetGroups, [this](const store::Change& change) {
      if (change.document != nullptr) plane_.queue.enqueue(kGroupReconciler, change.id);
    });
    // A renewed certificate keeps its ARN: every load balancer looks again.
    plane_.store.watch(std::string(acm::kCertificatesTable) + "/", [this](const store::Change&) {
      enqueue_all(kLoadBalancers.name, kBalancerReconciler);
    });
    ec2::watch_admission(plane_, [this] { enqueue_all(kLoadBalancers.name, kBalancerReconciler); });
    plane_.observations.watch(kLoadBalancerMetricsKind, [this](std::string_view, std::string_view document) {
      record_metrics(document);
    });
  }

  void start() override {
    enqueue_all(kLoadBalancers.name, kBalancerReconciler);
    enqueue_all(kTargetGroups.name, kGroupReconciler);
  }

 private:
  void enqueue_all(std::string_view table, const char* reconciler) {
    plane_.store.each(std::string(table) + "/", [&](std::string_view key, const store::Document&) {
      plane_.queue.enqueue(reconciler, key.substr(table.size() + 1));
    });
  }

  void transact(std::string_view key, const std::function<void(Call&, const std::string& arn)>& body) {
    const ResourceKey where = parse_resource_key(key);
    plane_.transact("elasticloadbalancing.amazonaws.com", where.account, where.region,
                    [&](Call& call) { body(call, where.id); });
  }

  Outcome step_balancer(std::string_view key) {
    transact(key, [](Call& call, const std::string& arn) { sync_load_balancer(call, arn); });
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kLoadBalancers, key);
    if (!stored || stored->active) return Outcome::done();
    const store::Document* snapshot = plane_.store.find(
        store::Txn::key_of(std::string(kEdgePrefix) + kLoadBalancerSnapshotKind, parse_resource_key(key).id));
    for (const NodeRecord& node : stored->nodes)
      if (!ec2::interface_is_up(plane_, node.interface_id)) return Outcome::after(kActivePollMs);
    if (snapshot == nullptr || plane_.edge_revision < snapshot->revision)
      return Outcome::after(kActivePollMs);
    transact(key, [](Call& call, const std::string& arn) {
      LoadBalancerRecord record = find_load_balancer(call, arn);
      record.active = true;
      call.rows(kLoadBalancers).put(arn, record);
    });
    return Outcome::done();
  }

  Outcome step_group(std::string_view key) {
    store::Txn txn(plane_.store);
    const auto stored = txn.get(kTargetGroups, key);
    if (!stored) return Outcome::done();
    const Timestamp now = plane_.clock.now();
    int64_t next = -1;
    bool due = false;
    for (const TargetRecord& target : stored->targets) {
      if (!target.draining) continue;
      const int64_t left = target.drained_at.unix_ms - now.unix_ms;
      due = due || left <= 0;
      if (left > 0) next = next < 0 ? left : std::min(next, left);
    }
    if (due)
      transact(key, [&](Call& call, const std::string& arn) {
        TargetGroupRecord record = find_target_group(call, arn);
        std::erase_if(record.targets, [&](const TargetRecord& target) {
          return target.draining && target.drained_at <= now;
        });
        call.rows(kTargetGroups).put(arn, record);
        sync_users_of(call, arn);
      });
    return next < 0 ? Outcome::done() : Outcome::after(next);
  }

  void record_metrics(std::string_view document) {
    if (document.empty()) return;
    auto metrics = from_json<LoadBalancerMetrics>(document);
    if (!metrics) return;
    // Not in the observation's callback: it may come in the middle of anything on the loop that reads the
    // store.
    plane_.loop.post([this, metrics = std::move(*metrics)] {
      std::vector<cloudwatch::Sample> samples;
      for (const MetricDatum& datum : metrics.data) {
        std::map<std::string, std::string> dimensions{{"LoadBalancer", metrics.load_balancer}};
        if (!datum.target_group.empty()) dimensions["TargetGroup"] = datum.target_group;
        if (!datum.availability_zone.empty()) dimensions["AvailabilityZone"] = datum.availability_zone;
        samples.push_back({"AWS/ApplicationELB", datum.name, std::move(dimensions), datum.unit,
                           metrics.timestamp, datum.sample_count, datum.sum, datum.minimum, datum.maximum});
      }
      plane_.transact("elasticloadbalancing.amazonaws.com",
                      [&](Call& call) { cloudwatch::record(call, samples); });
    });
  }

  ControlPlane& plane_;
};

}  // namespace

std::unique_ptr<Service> make_service(ControlPlane& plane) { return std::make_unique<Elbv2>(plane); }

}  // namespace landfall::elbv2
