// What ELBv2 keeps. Ids of rows are ARNs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elbv2/shapes.h"
#include "gateway/call.h"
#include "store/store.h"

namespace landfall::elbv2 {

using Attributes = std::map<std::string, std::string>;
using Tags = std::map<std::string, std::string>;

struct NodeRecord {
  std::string subnet_id, availability_zone, interface_id, private_address, public_address;
  template <class V>
  void fields(V& v) {
    v("subnet_id", subnet_id);
    v("availability_zone", availability_zone);
    v("interface_id", interface_id);
    v("private_address", private_address);
    v("public_address", public_address);
  }
};

// provisioning -> active, when edge serves the revision that made it
struct LoadBalancerRecord {
  LoadBalancer shown;  // without State and AvailabilityZones
  std::vector<NodeRecord> nodes;
  Attributes attributes;  // those that were set
  Tags tags;
  bool active = false;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("nodes", nodes);
    v("attributes", attributes);
    v("tags", tags);
    v("active", active);
  }
};

struct TargetRecord {
  std::string id, address, availability_zone;
  int64_t port = 0;
  bool draining = false;
  Timestamp drained_at;  // when a draining target goes
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("address", address);
    v("availability_zone", availability_zone);
    v("port", port);
    v("draining", draining);
    v("drained_at", drained_at);
  }
};

struct TargetGroupRecord {
  TargetGroup shown;  // without LoadBalancerArns
  Attributes attributes;
  Tags tags;
  std::vector<TargetRecord> targets;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("attributes", attributes);
    v("tags", tags);
    v("targets", targets);
  }
};

struct ListenerRecord {
  Listener shown;
  std::vector<std::string> more_certificates;  // besides the default
  Attributes attributes;
  Tags tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("more_certificates", more_certificates);
    v("attributes", attributes);
    v("tags", tags);
  }
};

struct RuleRecord {
  Rule shown;
  std::string listener_arn;
  Tags tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("listener_arn", listener_arn);
    v("tags", tags);
  }
};

inline constexpr store::Table<LoadBalancerRecord> kLoadBalancers{"elbv2.loadbalancer"};
inline constexpr store::Table<TargetGroupRecord> kTargetGroups{"elbv2.targetgroup"};
inline constexpr store::Table<ListenerRecord> kListeners{"elbv2.listener"};
inline constexpr store::Table<RuleRecord> kRules{"elbv2.rule"};

// Quotas (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html).
inline constexpr size_t kMaxListenersPerLoadBalancer = 50;
inline constexpr size_t kMaxRulesPerLoadBalancer = 100;
inline constexpr size_t kMaxTargetsPerLoadBalancer = 1000;
inline constexpr size_t kMaxCertificatesPerLoadBalancer = 25;

}  // namespace landfall::elbv2
