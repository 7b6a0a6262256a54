// A load balancer's snapshot made ready for use: rules in order, groups found by pointer, certificates as TLS
// contexts. Immutable, shared by all workers; what changes while it is used (health) sits behind it in
// TargetHealth.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/tls.h"
#include "services/elbv2/snapshot.h"

namespace landfall::elbv2::dataplane {

enum class HealthState : uint8_t { initial, healthy, unhealthy };

// What the health checker writes and the workers read. One per target, kept when a new snapshot comes.
struct TargetHealth {
  std::atomic<HealthState> state = HealthState::initial;
  std::atomic<int64_t> slow_until_ns = 0;  // monotonic: until then it is in slow start
};

struct Target {
  TargetSnapshot snapshot;
  std::string key;  // "<target group arn> <id>:<port>"
  std::string
      cookie;  // what stickiness cookies say for it: a digest, so that they tell nothing about the VPC
  std::shared_ptr<TargetHealth> health;
  bool draining() const { return snapshot.state == "draining"; }
};

enum class Stickiness : uint8_t { off, lb_cookie, app_cookie };

struct TargetGroup {
  TargetGroupSnapshot snapshot;
  std::string dimension;  // "targetgroup/name/id"
  std::string cookie;     // of group stickiness
  std::vector<Target> targets;
  Stickiness stickiness = Stickiness::off;
  int64_t stickiness_seconds = 86'400;
  std::string app_cookie_name;
  enum class Algorithm : uint8_t {
    round_robin,
    least_outstanding,
    random
  } algorithm = Algorithm::round_robin;
  bool cross_zone = true;
  int64_t slow_start_ns = 0;  // of round robin; 0: off
  // Fewer healthy targets than either: all targets are tried, as when none is healthy.
  int64_t minimum_healthy = 1, minimum_healthy_percent = 0;
  bool has_health_threshold() const { return minimum_healthy > 1 || minimum_healthy_percent > 0; }
};

struct Action;
struct Forward {
  const TargetGroup* group = nullptr;
  int64_t weight = 0;
};

struct Action {
  enum class Kind : uint8_t { forward, redirect, fixed_response } kind = Kind::fixed_response;
  ActionSnapshot snapshot;
  int status = 503;  // redirect, fixed response
  std::vector<Forward> groups;
  int64_t total_weight = 0;
};

struct Rule {
  RuleSnapshot snapshot;
  Action action;
};

struct Certificate {
  CertificateSnapshot snapshot;  // without the key
  net::TlsContext context;
};

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/header-modification.html
struct HeaderChanges {
  std::string lines;                  // whole lines, for every answer, the load balancer's own too
  std::vector<std::string> replaced;  // names of targets' fields that those stand in for, in lower case
  bool server = true;                 // false: no answer has a Server field
  // What targets are told of TLS under (where the load balancer tells them at all).
  std::string tls_version_name = "X-Amzn-Tls-Version";
  std::string tls_cipher_name = "X-Amzn-Tls-Cipher-Suite";
  bool filters() const { return !replaced.empty() || !server; }
  bool passes(std::string_view name) const;
};

struct ListenerConfig {
  std::string arn;
  uint16_t port = 0;
  bool https = false;
  HeaderChanges headers;
  std::vector<Rule> rules;  // by priority; the default rule last
  std::vector<Certificate> certificates;
  // SNI: exact name, then a wildcard, then the default certificate. Null when there is none at all.
  const Certificate* choose(std::string_view server_name) const;
};

enum class XffMode : uint8_t { append, preserve, remove };

struct LoadBalancerConfig {
  LoadBalancerSnapshot snapshot;  // without listeners and target groups
  std::string dimension;          // "app/name/id"
  std::vector<ListenerConfig> listeners;
  std::map<std::string, std::unique_ptr<TargetGroup>> groups;
  int64_t idle_timeout_ms = 60'000;
  int64_t keep_alive_ms = 3'600'000;
  XffMode xff_mode = XffMode::append;
  bool xff_client_port = false, preserve_host = false, drop_invalid_fields = false, tls_fields = false;
  bool http2 = true, access_logs = false, connection_logs = false;

  const ListenerConfig* listener(uint16_t port) const;
};

// Health by target key, shared by successive configurations of one load balancer.
using HealthTable = std::map<std::string, std::shared_ptr<TargetHealth>>;

// Errors: a certificate or key that OpenSSL refuses. `health` gets an entry for each new target and loses
// those gone.
Result<std::shared_ptr<const LoadBalancerConfig>> compile(LoadBalancerSnapshot snapshot, HealthTable& health);

// "loadbalancer/app/name/id" of an ARN -> "app/name/id"; a target group's -> "targetgroup/name/id".
std::string metric_dimension(std::string_view arn);

}  // namespace landfall::elbv2::dataplane
