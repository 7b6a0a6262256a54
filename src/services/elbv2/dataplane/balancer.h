// Balancer: one load balancer as one worker carries it: its configuration of the moment, its nodes with their
// connections to targets, its listeners, what it has counted. AlbSite: what it says about the requests of one
// listener of one node.
//
// Threads: one worker. Invariants: every pointer into a configuration that outlives a call is held together
// with the shared_ptr of that configuration (Decision::keep_alive for requests, config_ here).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "delivery/line_buffer.h"
#include "net/vpc_sockets.h"
#include "proxy/site.h"
#include "proxy/upstream.h"
#include "proxy/worker.h"
#include "services/elbv2/dataplane/config.h"
#include "services/elbv2/dataplane/counters.h"

namespace landfall::elbv2::dataplane {

class AlbSite;

// One node of the load balancer, in one zone.
struct BalancerNode {
  NodeSnapshot snapshot;
  std::optional<net::Admission> admission;                            // to the public address
  std::map<std::string, std::shared_ptr<proxy::Upstream>> upstreams;  // by target key and address
  std::unordered_map<const Target*, std::shared_ptr<proxy::Upstream>>
      by_target;                                         // of the configuration of the moment
  std::unique_ptr<delivery::LineBuffer> log;             // null: access logs are off
  std::unique_ptr<delivery::LineBuffer> connection_log;  // null: they are off
};

// What is remembered of a group between requests.
struct GroupState {
  size_t next = 0;  // round robin
  Counters counters;
};

// Gives a bound, listening socket for a node's address, now or later (in a VPC it comes from host).
using OpenListener = std::function<void(const LoadBalancerSnapshot& balancer, const NodeSnapshot& node,
                                        uint16_t port, std::move_only_function<void(Result<UniqueFd>)> done)>;

class Balancer {
 public:
  Balancer(proxy::Worker& worker, net::VpcSockets& sockets, OpenListener open_listener,
           std::shared_ptr<delivery::Spool> log_spool);  // null: nothing is logged
  ~Balancer();

  void apply(std::shared_ptr<const LoadBalancerConfig> config);
  BalancerCounters take_counters();
  void flush_log();

  // --- for the sites ---
  const std::shared_ptr<const LoadBalancerConfig>& config() const { return config_; }
  BalancerNode* node(const std::string& zone);
  // A target of the group for a request on this node, by the group's algorithm; null when there is none to
  // choose from.
  const Target* pick(const TargetGroup& group, BalancerNode& node, const Target* except);
  std::shared_ptr<proxy::Upstream> upstream(BalancerNode& node, const Target& target);
  // The round begins anywhere: workers that all began with the first target would give it more than its
  // share.
  GroupState& group_state(const TargetGroup& group) {
    const auto [it, made] = groups_.try_emplace(group.snapshot.arn);
    if (made) it->second.next = random() % 1024;
    return it->second;
  }
  Counters& counters() { return counters_; }
  uint64_t random();
  proxy::Worker& worker() { return worker_; }

 private:
  struct Listening {
    std::shared_ptr<AlbSite> site;
    std::shared_ptr<proxy::Listener> listener;  // null until the socket is there
    TimerId retry = 0;
  };
  bool lets_its_turn_pass(const TargetGroup& group, const Target& target);
  void update_nodes();
  void update_logs();
  void update_listeners();
  void open(const std::string& key, const NodeSnapshot& node, uint16_t port, bool https);

  proxy::Worker& worker_;
  net::VpcSockets& sockets_;
  OpenListener open_listener_;
  std::shared_ptr<delivery::Spool> log_spool_;
  std::shared_ptr<const LoadBalancerConfig> config_;
  std::map<std::string, std::unique_ptr<BalancerNode>> nodes_;  // by zone
  std::map<std::string, Listening> listening_;                  // by "zone address port protocol"
  std::map<std::string, GroupState> groups_;                    // by arn
  Counters counters_;
  uint64_t random_state_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>();
};

class AlbSite final : public proxy::Site {
 public:
  AlbSite(Balancer& balancer, std::string zone, uint16_t port, bool https);

  net::TlsContext choose_tls(std::string_view server_name);
  void detach() { balancer_ = nullptr; }  // the load balancer is gone; connections may remain for a moment
  int64_t open_connections() const { return open_; }

  const proxy::SiteTimeouts& timeouts() const override { return timeouts_; }
  const http1::HeadLimits& head_limits() const override { return limits_; }
  void refresh();  // the configuration has changed
  void decide(proxy::Transaction& transaction) override;
  std::shared_ptr<proxy::Upstream> another_upstream(proxy::Transaction& transaction) override;
  bool forwards_field(const proxy::Transaction& transaction, const http1::Field& field) const override;
  void add_request_fields(const proxy::Transaction& transaction, std::string& out) const override;
  void add_response_fields(const proxy::Transaction& transaction, std::string& out) const override;
  bool filters_answers(const proxy::Transaction& transaction) const override;
  bool passes_answer_field(const proxy::Transaction& transaction, std::string_view name) const override;
  std::string_view server_field() const override;
  std::string error_body(int status) const override;
  int status_for(http1::HeadError error) const override;
  std::string_view reason_of(int status) const override;
  bool admits(const proxy::ClientInfo& client) override;
  void connection_opened() override;
  void connection_closed() override { --open_; }
  void connection_ready(proxy::ClientInfo& client, int64_t handshake_ns) override;
  void tls_failed(proxy::ClientInfo& client) override;
  void finished(const proxy::Transaction& transaction) override;

 private:
  void forward(proxy::Transaction& transaction, const Rule& rule);
  const TargetGroup* pick_group(const proxy::Transaction& transaction, const Action& action) const;
  void respond(proxy::Transaction& transaction, int status);
  void set_sticky(proxy::Decision& decision, const TargetGroup& group, const Target& target) const;
  void count(const proxy::Transaction& transaction);
  void write_log(const proxy::Transaction& transaction);
  void name_connection(proxy::ClientInfo& client) const;
  void write_connection_log(const proxy::ClientInfo& client, std::optional<int64_t> handshake_ns);

  Balancer* balancer_;
  const std::string zone_;
  const uint16_t port_;
  const bool https_;
  proxy::SiteTimeouts timeouts_;
  http1::HeadLimits limits_;
  int64_t open_ = 0;
  uint64_t refused_ = 0;
  int64_t refused_told_ns_ = 0;
};

}  // namespace landfall::elbv2::dataplane
