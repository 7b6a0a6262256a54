#include "services/elbv2/dataplane/edge_elb.h"

#include <atomic>
#include <map>
#include <mutex>

#include "codec/fields.h"
#include "net/socket.h"
#include "proxy/worker.h"
#include "runtime/countdown.h"
#include "services/elbv2/dataplane/balancer.h"
#include "services/elbv2/dataplane/health_checker.h"

namespace landfall::elbv2::dataplane {
namespace {

// Everything of one worker; used on its thread.
class ElbWorker {
 public:
  ElbWorker(EdgeElbWorker where, size_t index, const EdgeElbOptions& options)
      : loop_(*where.loop), sockets_(*where.sockets), index_(index), options_(options), proxy_(loop_) {
    schedule_flush();
  }
  ~ElbWorker() {
    loop_.cancel(flush_);
    proxy_.drain_clients();
  }

  EventLoop& loop() { return loop_; }
  void drain(std::move_only_function<void()> drained) {
    proxy_.drain_clients([this, drained = std::move(drained)]() mutable {
      flush_logs();
      drained();
    });
  }

  void apply(std::shared_ptr<const LoadBalancerConfig> config) {
    auto& balancer = balancers_[config->snapshot.arn];
    if (!balancer)
      balancer = std::make_unique<Balancer>(
          proxy_, sockets_,
          [this](const LoadBalancerSnapshot& lb, const NodeSnapshot& node, uint16_t port, auto done) {
            open(lb, node, port, std::move(done));
          },
          options_.log_spool);
    balancer->apply(std::move(config));
  }

  void remove(const std::string& arn) { balancers_.erase(arn); }

  std::map<std::string, BalancerCounters> take_counters() {
    std::map<std::string, BalancerCounters> taken;
    for (auto& [arn, balancer] : balancers_) taken[arn] = balancer->take_counters();
    return taken;
  }

 private:
  void open(const LoadBalancerSnapshot& balancer, const NodeSnapshot& node, uint16_t port,
            std::move_only_function<void(Result<UniqueFd>)> done) {
    if (balancer.scheme == "internal") {
      // One listener for all: the sockets come from another process, which knows nothing of our workers.
      if (index_ != 0 || !options_.open_vpc_listener) return;
      return options_.open_vpc_listener(loop_, balancer.vpc_id, node.private_address, port, std::move(done));
    }
    const auto listen = [&]() -> Result<UniqueFd> {
      LF_TRY(const net::SocketAddress address, net::SocketAddress::inet(node.public_address, port));
      return net::listen_tcp(address, {.reuse_port = net::ReusePort::yes});
    };
    done(listen());
  }

  void flush_logs() {
    for (auto& [arn, balancer] : balancers_) balancer->flush_log();
  }

  void schedule_flush() {
    flush_ = loop_.after_ms(delivery::kFlushMs, [this] {
      flush_logs();
      schedule_flush();
    });
  }

  EventLoop& loop_;
  net::VpcSockets& sockets_;
  const size_t index_;
  const EdgeElbOptions& options_;
  proxy::Worker proxy_;
  std::map<std::string, std::unique_ptr<Balancer>> balancers_;  // by arn; before proxy_ in destruction
  TimerId flush_ = 0;
};

// Invariants: configs_ is what the last good document of each load balancer said; every worker has been
// posted exactly those, in order. The health checker lives on the first worker's loop.
class EdgeElbImpl final : public EdgeElb {
 public:
  EdgeElbImpl(std::vector<EdgeElbWorker> where, EdgeElbOptions options) : options_(std::move(options)) {
    for (size_t i = 0; i < where.size(); ++i)
      workers_.push_back(std::make_unique<ElbWorker>(where[i], i, options_));
    checker_ = std::make_unique<HealthChecker>(
        *where.front().loop, *where.front().sockets,
        [this](const std::string& arn, const TargetGroupHealth* health) {
          if (options_.report)
            options_.report(kTargetGroupHealthKind, arn, health == nullptr ? "" : to_json(*health));
        });
    schedule_metrics();
  }

  ~EdgeElbImpl() override { workers_.front()->loop().cancel(metrics_); }

  Result<> apply(std::string_view kind, std::string_view id, const std::string* document) override {
    if (!takes(kind)) return {};
    const std::string arn(id);
    if (document == nullptr) {
      {
        std::lock_guard lock(mutex_);
        configs_.erase(arn);
        health_.erase(arn);
      }
      for (auto& worker : workers_) worker->loop().post([w = worker.get(), arn] { w->remove(arn); });
      workers_.front()->loop().post([this, arn] { checker_->remove(arn); });
      return {};
    }
    LF_TRY(LoadBalancerSnapshot snapshot, from_json<LoadBalancerSnapshot>(*document));
    LF_TRY(auto config, compile(std::move(snapshot), health_[arn]));
    {
      std::lock_guard lock(mutex_);
      configs_[arn] = config;
    }
    for (auto& worker : workers_) worker->loop().post([w = worker.get(), config] { w->apply(config); });
    workers_.front()->loop().post([this, config] { checker_->set(config); });
    return {};
  }

  void drain(std::move_only_function<void()> drained) override {
    const auto left = std::make_shared<Countdown>(workers_.size(), std::move(drained));
    for (auto& worker : workers_)
      worker->loop().post([w = worker.get(), left] { w->drain(Countdown::part(left)); });
  }

 private:
  struct Collected {
    std::mutex mutex;
    std::map<std::string, BalancerCounters> counters;
    std::atomic<size_t> waiting;
  };

  void schedule_metrics() {
    metrics_ = workers_.front()->loop().after_ms(options_.metrics_period_ms, [this] {
      collect();
      schedule_metrics();
    });
  }

  // Each worker empties its counters on its own thread; the last one has them reported, on the first one's.
  void collect() {
    auto collected = std::make_shared<Collected>();
    collected->waiting = workers_.size();
    for (auto& worker : workers_)
      worker->loop().post([this, w = worker.get(), collected] {
        {
          auto taken = w->take_counters();
          std::lock_guard lock(collected->mutex);
          for (auto& [arn, counters] : taken) collected->counters[arn].merge(counters);
        }
        if (collected->waiting.fetch_sub(1) == 1)
          workers_.front()->loop().post([this, collected] { report(*collected); });
      });
  }

  void report(Collected& collected) {
    if (!options_.report) return;
    const Timestamp now = workers_.front()->loop().clock().now();
    for (auto& [arn, counters] : collected.counters) {
      const auto config = config_of(arn);
      if (!config) continue;
      LoadBalancerMetrics metrics{
          .load_balancer_arn = arn, .load_balancer = config->dimension, .timestamp = now};
      counters.balancer.append_to(metrics.data, "");
      for (const auto& [dimension, group] : counters.groups) group.append_to(metrics.data, dimension);
      for (const auto& [group_arn, group] : config->groups) {
        const auto [healthy, unhealthy] = checker_->counts(group_arn);
        add_gauge(metrics.data, "HealthyHostCount", group->dimension, healthy);
        add_gauge(metrics.data, "UnHealthyHostCount", group->dimension, unhealthy);
      }
      options_.report(kLoadBalancerMetricsKind, arn, to_json(metrics));
    }
  }

  static void add_gauge(std::vector<MetricDatum>& data, const char* name, const std::string& group,
                        double value) {
    data.push_back({.name = name,
                    .unit = "Count",
                    .target_group = group,
                    .sum = value,
                    .minimum = value,
                    .maximum = value,
                    .sample_count = 1});
  }

  std::shared_ptr<const LoadBalancerConfig> config_of(const std::string& arn) {
    std::lock_guard lock(mutex_);
    auto it = configs_.find(arn);
    return it == configs_.end() ? nullptr : it->second;
  }

  EdgeElbOptions options_;
  std::vector<std::unique_ptr<ElbWorker>> workers_;
  std::unique_ptr<HealthChecker> checker_;
  std::map<std::string, HealthTable> health_;  // apply()'s thread only
  std::mutex mutex_;                           // guards configs_
  std::map<std::string, std::shared_ptr<const LoadBalancerConfig>> configs_;
  TimerId metrics_ = 0;
};

}  // namespace

std::unique_ptr<EdgeElb> EdgeElb::create(std::vector<EdgeElbWorker> workers, EdgeElbOptions options) {
  LF_INVARIANT(!workers.empty());
  return std::make_unique<EdgeElbImpl>(std::move(workers), std::move(options));
}

bool EdgeElb::takes(std::string_view kind) { return kind == kLoadBalancerSnapshotKind; }

}  // namespace landfall::elbv2::dataplane
