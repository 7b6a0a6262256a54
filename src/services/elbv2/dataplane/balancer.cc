#include "services/elbv2/dataplane/balancer.h"

#include <algorithm>
#include <set>

#include "base/log.h"
#include "services/elbv2/dataplane/log_destination.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr int64_t kListenRetryMs = 1'000;

std::string listening_key(const NodeSnapshot& node, const std::string& address,
                          const ListenerConfig& listener) {
  return node.availability_zone + " " + address + " " + std::to_string(listener.port) +
         (listener.https ? " HTTPS" : " HTTP");
}

}  // namespace

Balancer::Balancer(proxy::Worker& worker, net::VpcSockets& sockets, OpenListener open_listener,
                   std::shared_ptr<delivery::Spool> log_spool)
    : worker_(worker),
      sockets_(sockets),
      open_listener_(std::move(open_listener)),
      log_spool_(std::move(log_spool)) {
  Random::system().fill(&random_state_, sizeof random_state_);
  random_state_ |= 1;
}

Balancer::~Balancer() {
  for (auto& [key, listening] : listening_) {
    worker_.loop().cancel(listening.retry);
    listening.site->detach();
  }
  for (auto& [zone, node] : nodes_)
    for (auto& [key, upstream] : node->upstreams) {
      upstream->retired = true;
      upstream->close_idle();
    }
}

void Balancer::apply(std::shared_ptr<const LoadBalancerConfig> config) {
  config_ = std::move(config);
  update_nodes();
  std::erase_if(groups_, [this](const auto& entry) { return !config_->groups.contains(entry.first); });
  update_listeners();
  update_logs();
}

void Balancer::update_nodes() {
  std::set<std::string> zones;
  for (const NodeSnapshot& snapshot : config_->snapshot.nodes) {
    zones.insert(snapshot.availability_zone);
    auto& node = nodes_[snapshot.availability_zone];
    if (!node) node = std::make_unique<BalancerNode>();
    if (node->snapshot.private_address != snapshot.private_address) node->upstreams.clear();
    node->snapshot = snapshot;
    node->admission.reset();
    if (snapshot.admission) node->admission.emplace(*snapshot.admission);
    node->by_target.clear();
    std::set<std::string> wanted;
    for (const auto& [arn, group] : config_->groups)
      for (const Target& target : group->targets) {
        const std::string key = target.key + " " + target.snapshot.address + " " + group->snapshot.protocol;
        auto it = node->upstreams.find(key);
        if (target.draining()) {
          // In-flight requests finish on the connections they have; kept ones end here.
          if (it != node->upstreams.end()) it->second->retired = true, it->second->close_idle();
          continue;
        }
        wanted.insert(key);
        if (it != node->upstreams.end()) node->by_target[&target] = it->second;
      }
    std::erase_if(node->upstreams, [&wanted](auto& entry) {
      if (wanted.contains(entry.first)) return false;
      entry.second->retired = true;
      entry.second->close_idle();
      return true;
    });
  }
  std::erase_if(nodes_, [&zones](const auto& entry) { return !zones.contains(entry.first); });
}

void Balancer::update_logs() {
  const auto update = [&](std::unique_ptr<delivery::LineBuffer>& log,
                          std::optional<delivery::Destination> destination) {
    if (!destination)
      log.reset();
    else if (!log || log->destination() != *destination)
      log = std::make_unique<delivery::LineBuffer>(log_spool_->stream(*destination));
  };
  if (!log_spool_) return;
  for (auto& [zone, node] : nodes_) {
    update(node->log, access_log_destination(*config_, node->snapshot));
    update(node->connection_log, connection_log_destination(*config_, node->snapshot));
  }
}

void Balancer::update_listeners() {
  std::set<std::string> wanted;
  for (const NodeSnapshot& node : config_->snapshot.nodes) {
    const bool internal = config_->snapshot.scheme == "internal";
    const std::string& address = internal ? node.private_address : node.public_address;
    if (address.empty()) continue;
    for (const ListenerConfig& listener : config_->listeners) {
      const std::string key = listening_key(node, address, listener);
      wanted.insert(key);
      if (listening_.contains(key)) continue;
      listening_[key].site =
          std::make_shared<AlbSite>(*this, node.availability_zone, listener.port, listener.https);
      listening_[key].site->refresh();
      open(key, node, listener.port, listener.https);
    }
  }
  std::erase_if(listening_, [&](auto& entry) {
    if (wanted.contains(entry.first)) return false;
    worker_.loop().cancel(entry.second.retry);
    entry.second.site->detach();
    return true;
  });
  for (auto& [key, listening] : listening_) listening.site->refresh();
}

void Balancer::open(const std::string& key, const NodeSnapshot& node, uint16_t port, bool https) {
  open_listener_(config_->snapshot, node, port,
                 [this, key, node, port, https, alive = std::weak_ptr(alive_)](Result<UniqueFd> socket) {
                   if (alive.expired()) return;
                   auto it = listening_.find(key);
                   if (it == listening_.end() || it->second.listener) return;
                   if (socket) {
                     proxy::ListenerOptions options{.site = it->second.site};
                     if (https)
                       options.tls = [site = it->second.site](std::string_view name) {
                         return site->choose_tls(name);
                       };
                     auto listener = worker_.listen(std::move(*socket), std::move(options));
                     if (listener) {
                       it->second.listener = std::move(*listener);
                       return;
                     }
                     socket = std::unexpected(listener.error());
                   }
                   log::warn("listener {}: {}; trying again", key, socket.error().message);
                   it->second.retry = worker_.loop().after_ms(
                       kListenRetryMs, [this, key, node, port, https] { open(key, node, port, https); });
                 });
}

BalancerNode* Balancer::node(const std::string& zone) {
  auto it = nodes_.find(zone);
  return it == nodes_.end() ? nullptr : it->second.get();
}

std::shared_ptr<proxy::Upstream> Balancer::upstream(BalancerNode& node, const Target& target) {
  auto& known = node.by_target[&target];
  if (known) return known;
  const TargetGroup* group = nullptr;
  for (const auto& [arn, candidate] : config_->groups)
    if (!candidate->targets.empty() && &target >= candidate->targets.data() &&
        &target < candidate->targets.data() + candidate->targets.size())
      group = candidate.get();
  if (group == nullptr) return nullptr;
  auto address =
      net::SocketAddress::inet(target.snapshot.address, static_cast<uint16_t>(target.snapshot.port));
  if (!address) return nullptr;
  proxy::UpstreamOptions options{
      .address = *address, .vpc_id = config_->snapshot.vpc_id, .idle_ms = config_->idle_timeout_ms};
  if (auto source = net::SocketAddress::inet(node.snapshot.private_address, 0)) options.source = *source;
  if (group->snapshot.protocol == "HTTPS")
    if (auto tls = net::make_client_tls({.verify = net::VerifyPeer::no})) options.tls = std::move(*tls);
  known = std::make_shared<proxy::Upstream>(worker_, sockets_, std::move(options));
  node.upstreams[target.key + " " + target.snapshot.address + " " + group->snapshot.protocol] = known;
  return known;
}

namespace {

bool is_healthy(const TargetGroup& group, const Target& target) {
  return !group.snapshot.health_check.enabled ||
         target.health->state.load(std::memory_order_relaxed) == HealthState::healthy;
}

// Registered, and within reach of that node.
bool is_in_reach(const TargetGroup& group, const NodeSnapshot& node, const Target& target) {
  if (target.draining()) return false;
  return group.cross_zone || target.snapshot.availability_zone == "all" ||
         target.snapshot.availability_zone == node.availability_zone;
}

// Whether so few are healthy that the unhealthy ones are to be tried too.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html
bool is_below_threshold(const TargetGroup& group, const NodeSnapshot& node) {
  int64_t registered = 0, healthy = 0;
  for (const Target& target : group.targets) {
    if (!is_in_reach(group, node, target)) continue;
    ++registered;
    healthy += is_healthy(group, target) ? 1 : 0;
  }
  return healthy < group.minimum_healthy || healthy * 100 < group.minimum_healthy_percent * registered;
}

}  // namespace

// Whether a target in slow start lets its turn pass: the number of those it takes rises linearly.
bool Balancer::lets_its_turn_pass(const TargetGroup& group, const Target& target) {
  if (group.slow_start_ns == 0) return false;
  const int64_t until = target.health->slow_until_ns.load(std::memory_order_relaxed);
  const int64_t left = until == 0 ? 0 : std::min(until - worker_.now_ns(), group.slow_start_ns);
  return left > 0 && static_cast<double>(random() % 1024) / 1024 * static_cast<double>(group.slow_start_ns) <
                         static_cast<double>(left);
}

const Target* Balancer::pick(const TargetGroup& group, BalancerNode& node, const Target* except) {
  GroupState& state = group_state(group);
  const size_t count = group.targets.size();
  const bool threshold = group.has_health_threshold() && is_below_threshold(group, node.snapshot);
  // Fail open: when no target is healthy, or too few are, all are tried (as ALB does).
  for (bool healthy_only : {true, false}) {
    if (healthy_only && threshold) continue;
    const Target* best = nullptr;
    uint64_t least = UINT64_MAX;
    uint64_t usable = 0;
    for (size_t i = 0; i < count; ++i) {
      const size_t at = (state.next + i) % count;
      const Target& target = group.targets[at];
      if (&target == except || !is_in_reach(group, node.snapshot, target)) continue;
      if (healthy_only && !is_healthy(group, target)) continue;
      switch (group.algorithm) {
        case TargetGroup::Algorithm::round_robin:
          if (healthy_only && lets_its_turn_pass(group, target)) {
            best = &target;  // unless there is another
            break;
          }
          state.next = at + 1;
          return &target;
        case TargetGroup::Algorithm::random:  // each with the same chance, whatever lies between them
          if (random() % ++usable == 0) best = &target;
          break;
        case TargetGroup::Algorithm::least_outstanding: {
          auto it = node.by_target.find(&target);
          const uint64_t outstanding =
              it == node.by_target.end() || !it->second ? 0 : it->second->requests_in_flight;
          if (outstanding < least) {
            least = outstanding;
            best = &target;
          }
        }
      }
    }
    if (best != nullptr) {
      ++state.next;
      return best;
    }
  }
  return nullptr;
}

BalancerCounters Balancer::take_counters() {
  BalancerCounters taken;
  taken.balancer = std::exchange(counters_, {});
  double open = 0;
  for (const auto& [key, listening] : listening_)
    open += static_cast<double>(listening.site->open_connections());
  taken.balancer.add(Metric::active_connection_count, open);
  for (const auto& [arn, group] : config_->groups)
    taken.groups[group->dimension] = std::exchange(group_state(*group).counters, {});
  return taken;
}

void Balancer::flush_log() {
  for (auto& [zone, node] : nodes_) {
    if (node->log) node->log->flush();
    if (node->connection_log) node->connection_log->flush();
  }
}

// xorshift64*: for trace ids and weights, where repeatability by an attacker does no harm.
uint64_t Balancer::random() {
  random_state_ ^= random_state_ >> 12;
  random_state_ ^= random_state_ << 25;
  random_state_ ^= random_state_ >> 27;
  return random_state_ * 0x2545F4914F6CDD1DULL;
}

}  // namespace landfall::elbv2::dataplane
