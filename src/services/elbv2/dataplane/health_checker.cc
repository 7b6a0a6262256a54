#include "services/elbv2/dataplane/health_checker.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/log.h"
#include "codec/fields.h"
#include "net/socket.h"
#include "services/elbv2/dataplane/pattern.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr int64_t kInitialIntervalMs = 1'000;
constexpr size_t kBodyBytes = 64 * 1024;  // of a health check's answer; nobody reads it

const NodeSnapshot* node_for(const LoadBalancerSnapshot& balancer, const std::string& zone) {
  for (const NodeSnapshot& node : balancer.nodes)
    if (node.availability_zone == zone) return &node;
  return balancer.nodes.empty() ? nullptr : &balancer.nodes.front();
}

http::Connector connector(net::VpcSockets& sockets, std::string vpc_id, net::SocketAddress source,
                          net::SocketAddress target) {
  return [&sockets, vpc_id, source, target](http::Connected connected) {
    const auto begin = [source, target](UniqueFd socket) -> Result<UniqueFd> {
      if (source.length != 0 && bind(socket.get(), source.get(), source.length) != 0)
        return fail_errno("bind " + source.ip());
      LF_CHECK(net::start_connect(socket.get(), target));
      return socket;
    };
    if (UniqueFd socket = sockets.try_take(vpc_id)) return connected(begin(std::move(socket)));
    sockets.wait(vpc_id, [begin, connected = std::move(connected)](Result<UniqueFd> socket) mutable {
      if (!socket) return connected(std::unexpected(std::move(socket).error()));
      connected(begin(std::move(*socket)));
    });
  };
}

}  // namespace

// The checks of one target.
class TargetCheck {
 public:
  TargetCheck(HealthChecker& owner, std::shared_ptr<const LoadBalancerConfig> config,
              const TargetGroup& group, const Target& target)
      : owner_(owner), config_(std::move(config)), group_(&group), target_(&target) {
    schedule(0);
  }
  ~TargetCheck() {
    owner_.loop_.cancel(next_);
    owner_.loop_.cancel(limit_);
    if (call_) call_->cancel();
  }

  void update(std::shared_ptr<const LoadBalancerConfig> config, const TargetGroup& group,
              const Target& target) {
    config_ = std::move(config);
    group_ = &group;
    target_ = &target;
  }

  const TargetGroup& group() const { return *group_; }
  HealthState state() const { return target_->health->state.load(std::memory_order_relaxed); }
  const std::string& reason() const { return reason_; }
  const std::string& description() const { return description_; }

 private:
  const HealthCheckSnapshot& settings() const { return group_->snapshot.health_check; }

  void schedule(int64_t delay_ms) {
    next_ = owner_.loop_.after_ms(delay_ms, [this] {
      next_ = 0;
      ask();
    });
  }

  void ask() {
    const HealthCheckSnapshot& check = settings();
    int64_t port = target_->snapshot.port;
    if (check.port != "traffic-port")
      std::from_chars(check.port.data(), check.port.data() + check.port.size(), port);
    auto address = net::SocketAddress::inet(target_->snapshot.address, static_cast<uint16_t>(port));
    if (!address) return failed("Target.FailedHealthChecks", address.error().message);
    const NodeSnapshot* node = node_for(config_->snapshot, target_->snapshot.availability_zone);
    net::SocketAddress source;
    if (node != nullptr && !node->private_address.empty())
      if (auto parsed = net::SocketAddress::inet(node->private_address, 0)) source = *parsed;
    http::Endpoint endpoint{
        .pool_key = target_->key,
        .connect = connector(owner_.sockets_, config_->snapshot.vpc_id, source, *address)};
    if (check.protocol == "HTTPS") endpoint.tls = owner_.tls_;
    http::ClientRequest request;
    request.head.method = "GET";
    request.head.target = check.path.empty() ? "/" : check.path;
    request.head.authority = target_->snapshot.address + ":" + std::to_string(port);
    request.head.headers.add("User-Agent", "ELB-HealthChecker/2.0");
    request.head.headers.add("Accept-Encoding", "gzip, compressed");
    const int64_t timeout_ms = check.timeout_seconds * 1000;
    request.timeouts = {.connect_ms = timeout_ms, .response_head_ms = timeout_ms, .body_idle_ms = timeout_ms};
    call_ = owner_.client_->fetch(
        endpoint, std::move(request), kBodyBytes,
        [this](std::expected<http::Fetched, http::ClientError> answer) { take(std::move(answer)); });
    // Over all phases together.
    limit_ = owner_.loop_.after_ms(timeout_ms, [this] {
      limit_ = 0;
      call_->cancel();
      failed("Target.Timeout", "Request timed out");
    });
  }

  void take(std::expected<http::Fetched, http::ClientError> answer) {
    if (!answer && answer.error().kind == http::ClientErrorKind::timeout)
      return failed("Target.Timeout", "Request timed out");
    if (!answer) return failed("Target.FailedHealthChecks", "Health checks failed");
    const int status = answer->head.status;
    if (!matches_codes(settings().matcher, status))
      return failed("Target.ResponseCodeMismatch",
                    "Health checks failed with these codes: [" + std::to_string(status) + "]");
    finish_call();
    failures_ = 0;
    ++successes_;
    if (state() == HealthState::initial ||
        (state() == HealthState::unhealthy && successes_ >= settings().healthy_threshold))
      become(HealthState::healthy, "", "");
    schedule(settings().interval_seconds * 1000);
  }

  void failed(const char* reason, std::string description) {
    finish_call();
    successes_ = 0;
    const int64_t now = owner_.loop_.clock().monotonic_ns();
    const int64_t interval_ms = settings().interval_seconds * 1000;
    const bool initial = state() == HealthState::initial;
    if (!initial || counted_ns_ == 0 || now - counted_ns_ >= interval_ms * 1'000'000) {
      counted_ns_ = now;
      ++failures_;
    }
    if (state() != HealthState::unhealthy && failures_ >= settings().unhealthy_threshold)
      become(HealthState::unhealthy, reason, std::move(description));
    else if (state() == HealthState::unhealthy && (reason_ != reason || description_ != description))
      become(HealthState::unhealthy, reason, std::move(description));
    schedule(state() == HealthState::initial ? std::min(kInitialIntervalMs, interval_ms) : interval_ms);
  }

  void finish_call() {
    owner_.loop_.cancel(limit_);
    limit_ = 0;
    call_.reset();
  }

  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#slow-start-mode:
  // entered only where another target, healthy and out of slow start itself, carries the traffic meanwhile.
  int64_t slow_until(HealthState state) const {
    const int64_t now = owner_.loop_.clock().monotonic_ns();
    const bool relieved = std::ranges::any_of(group_->targets, [&](const Target& other) {
      return other.key != target_->key && !other.draining() &&
             other.health->state.load(std::memory_order_relaxed) == HealthState::healthy &&
             other.health->slow_until_ns.load(std::memory_order_relaxed) <= now;
    });
    return state == HealthState::healthy && relieved ? now + group_->slow_start_ns : 0;
  }

  void become(HealthState state, const char* reason, std::string description) {
    target_->health->slow_until_ns.store(slow_until(state), std::memory_order_relaxed);
    target_->health->state.store(state, std::memory_order_relaxed);
    reason_ = reason;
    description_ = std::move(description);
    log::debug("target {} is {} {}", target_->key, state == HealthState::healthy ? "healthy" : "unhealthy",
               reason_);
    owner_.report_group(*group_);
  }

  HealthChecker& owner_;
  std::shared_ptr<const LoadBalancerConfig> config_;  // holds group_ and target_
  const TargetGroup* group_;
  const Target* target_;
  std::string reason_, description_;
  int64_t successes_ = 0, failures_ = 0, counted_ns_ = 0;
  std::shared_ptr<http::ClientCall> call_;
  TimerId next_ = 0, limit_ = 0;
};

HealthChecker::HealthChecker(EventLoop& loop, net::VpcSockets& sockets, Report report)
    : loop_(loop),
      sockets_(sockets),
      report_(std::move(report)),
      client_(http::Client::create(loop, {.idle_per_endpoint = 0})) {
  // ALB does not verify targets' certificates.
  if (auto tls = net::make_client_tls({.verify = net::VerifyPeer::no})) tls_ = std::move(*tls);
}

HealthChecker::~HealthChecker() { checks_.clear(); }

void HealthChecker::set(std::shared_ptr<const LoadBalancerConfig> config) {
  const auto before = configs_.find(config->snapshot.arn);
  std::set<std::string> gone;
  if (before != configs_.end())
    for (const auto& [arn, group] : before->second->groups)
      for (const Target& target : group->targets) gone.insert(target.key);
  for (const auto& [arn, group] : config->groups)
    for (const Target& target : group->targets) {
      if (target.draining() || !group->snapshot.health_check.enabled) continue;
      gone.erase(target.key);
      auto& check = checks_[target.key];
      if (check)
        check->update(config, *group, target);
      else
        check = std::make_unique<TargetCheck>(*this, config, *group, target);
    }
  for (const std::string& key : gone) checks_.erase(key);
  if (before != configs_.end())
    for (const auto& [arn, group] : before->second->groups)
      if (!config->groups.contains(arn) && reported_.erase(arn) > 0) report_(arn, nullptr);
  configs_[config->snapshot.arn] = config;
  for (const auto& [arn, group] : config->groups) report_group(*group);
}

void HealthChecker::remove(const std::string& load_balancer_arn) {
  auto it = configs_.find(load_balancer_arn);
  if (it == configs_.end()) return;
  for (const auto& [arn, group] : it->second->groups) {
    for (const Target& target : group->targets) checks_.erase(target.key);
    if (reported_.erase(arn) > 0) report_(arn, nullptr);
  }
  configs_.erase(it);
}

std::pair<int, int> HealthChecker::counts(const std::string& target_group_arn) const {
  std::pair<int, int> counts{0, 0};
  for (const auto& [key, check] : checks_) {
    if (check->group().snapshot.arn != target_group_arn) continue;
    if (check->state() == HealthState::healthy) ++counts.first;
    if (check->state() == HealthState::unhealthy) ++counts.second;
  }
  return counts;
}

void HealthChecker::report_group(const TargetGroup& group) {
  TargetGroupHealth health{.target_group_arn = group.snapshot.arn};
  for (const Target& target : group.targets) {
    TargetHealthObservation seen{.id = target.snapshot.id, .port = target.snapshot.port};
    auto it = checks_.find(target.key);
    if (target.draining()) {
      seen.state = "draining";
      seen.reason = "Target.DeregistrationInProgress";
      seen.description = "Target deregistration is in progress";
    } else if (it == checks_.end()) {
      seen.state = "unavailable";
      seen.reason = "Target.HealthCheckDisabled";
      seen.description = "Health checks are not enabled for this target";
    } else if (it->second->state() == HealthState::initial) {
      seen.state = "initial";
      seen.reason = "Elb.RegistrationInProgress";
      seen.description = "Target registration is in progress";
    } else if (it->second->state() == HealthState::healthy) {
      seen.state = "healthy";
    } else {
      seen.state = "unhealthy";
      seen.reason = it->second->reason();
      seen.description = it->second->description();
    }
    health.targets.push_back(std::move(seen));
  }
  std::string text = to_json(health);
  std::string& last = reported_[group.snapshot.arn];
  if (text == last) return;
  last = std::move(text);
  report_(health.target_group_arn, &health);
}

}  // namespace landfall::elbv2::dataplane
