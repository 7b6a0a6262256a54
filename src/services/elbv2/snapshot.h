// What `control` tells `edge` about load balancers, and what edge says back: the only header that ELBv2's two
// planes share.
//
//   control -> edge   LoadBalancerSnapshot   kind "LoadBalancerSnapshot", id = load balancer arn: all of one
//   load balancer
//                                            with its listeners, rules, certificates and the target groups
//                                            they name
//   edge -> control   TargetGroupHealth      kind "TargetGroupHealth", id = target group arn, whenever a
//   state changes
//                     LoadBalancerMetrics    kind "LoadBalancerMetrics", id = load balancer arn, once a
//                     minute
//
// Values are AWS's own words ("HTTP", "round_robin", "lb_cookie", "host-header"). Attributes are the maps
// that Modify*Attributes takes, defaults left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "net/admission.h"

namespace landfall::elbv2 {

inline constexpr char kLoadBalancerSnapshotKind[] = "LoadBalancerSnapshot";
inline constexpr char kTargetGroupHealthKind[] = "TargetGroupHealth";
inline constexpr char kLoadBalancerMetricsKind[] = "LoadBalancerMetrics";

struct NodeSnapshot {
  std::string availability_zone;
  std::string public_address;                    // edge listens here; empty for scheme "internal"
  std::optional<net::AdmissionRules> admission;  // to public_address; none: everybody
  std::string private_address;  // of the node's interface in the VPC: connects and health checks come from
                                // it; with scheme "internal" the listeners are here too
  template <class V>
  void fields(V& v) {
    v("availability_zone", availability_zone);
    v("public_address", public_address);
    v("admission", admission);
    v("private_address", private_address);
  }
};

struct CertificateSnapshot {
  std::string arn;
  std::string chain_pem;  // leaf first
  Secret key_pem;
  std::vector<std::string>
      names;  // lower case, "*.example.com" for a wildcard; empty: taken from the certificate
  bool is_default = false;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("chain_pem", chain_pem);
    v("key_pem", key_pem);
    v("names", names);
    v("is_default", is_default);
  }
};

struct QueryPairSnapshot {
  std::string key;  // empty: any key
  std::string value;
  template <class V>
  void fields(V& v) {
    v("key", key);
    v("value", value);
  }
};

struct ConditionSnapshot {
  std::string field;  // host-header, path-pattern, http-header, http-request-method, query-string, source-ip
  std::string http_header_name;                // of http-header
  std::vector<std::string> values;             // patterns, methods, CIDRs
  std::vector<QueryPairSnapshot> query_pairs;  // of query-string
  template <class V>
  void fields(V& v) {
    v("field", field);
    v("http_header_name", http_header_name);
    v("values", values);
    v("query_pairs", query_pairs);
  }
};

struct WeightedTargetGroupSnapshot {
  std::string target_group_arn;
  int64_t weight = 1;
  template <class V>
  void fields(V& v) {
    v("target_group_arn", target_group_arn);
    v("weight", weight);
  }
};

// One action. Only the members of its type mean something.
struct ActionSnapshot {
  std::string type;                                        // forward, redirect, fixed-response
  std::vector<WeightedTargetGroupSnapshot> target_groups;  // forward
  int64_t group_stickiness_seconds = 0;                    // forward: 0 is off
  std::string status_code;                        // redirect: HTTP_301, HTTP_302; fixed-response: "404"
  std::string protocol, host, port, path, query;  // redirect; "#{host}" and the like; empty: unchanged
  std::string content_type, message_body;         // fixed-response
  template <class V>
  void fields(V& v) {
    v("type", type);
    v("target_groups", target_groups);
    v("group_stickiness_seconds", group_stickiness_seconds);
    v("status_code", status_code);
    v("protocol", protocol);
    v("host", host);
    v("port", port);
    v("path", path);
    v("query", query);
    v("content_type", content_type);
    v("message_body", message_body);
  }
};

struct RuleSnapshot {
  std::string arn;
  int64_t priority = 0;                       // 0: the default rule
  std::vector<ConditionSnapshot> conditions;  // all must hold
  std::vector<ActionSnapshot> actions;        // the last decides
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("priority", priority);
    v("conditions", conditions);
    v("actions", actions);
  }
};

struct ListenerSnapshot {
  std::string arn;
  int64_t port = 0;
  std::string protocol;    // HTTP, HTTPS
  std::string ssl_policy;  // ELBSecurityPolicy-...
  std::vector<CertificateSnapshot> certificates;
  std::vector<ActionSnapshot> default_actions;
  std::vector<RuleSnapshot> rules;  // in any order; without the default rule
  std::map<std::string, std::string> attributes;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("port", port);
    v("protocol", protocol);
    v("ssl_policy", ssl_policy);
    v("certificates", certificates);
    v("default_actions", default_actions);
    v("rules", rules);
    v("attributes", attributes);
  }
};

struct HealthCheckSnapshot {
  bool enabled = true;
  std::string protocol = "HTTP";      // HTTP, HTTPS
  std::string port = "traffic-port";  // or a number
  std::string path = "/";
  int64_t interval_seconds = 30;
  int64_t timeout_seconds = 5;
  int64_t healthy_threshold = 5;
  int64_t unhealthy_threshold = 2;
  std::string matcher = "200";  // "200", "200,202", "200-299"
  template <class V>
  void fields(V& v) {
    v("enabled", enabled);
    v("protocol", protocol);
    v("port", port);
    v("path", path);
    v("interval_seconds", interval_seconds);
    v("timeout_seconds", timeout_seconds);
    v("healthy_threshold", healthy_threshold);
    v("unhealthy_threshold", unhealthy_threshold);
    v("matcher", matcher);
  }
};

struct TargetSnapshot {
  std::string id;       // i-..., or an address
  std::string address;  // "10.0.1.5"
  int64_t port = 0;
  std::string availability_zone;     // "all": from every zone
  std::string state = "registered";  // registered, draining (deregistered, its delay not over)
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("address", address);
    v("port", port);
    v("availability_zone", availability_zone);
    v("state", state);
  }
};

struct TargetGroupSnapshot {
  std::string arn;
  std::string name;
  std::string protocol = "HTTP";  // HTTP, HTTPS
  std::string protocol_version = "HTTP1";
  int64_t port = 80;
  HealthCheckSnapshot health_check;
  std::map<std::string, std::string> attributes;
  std::vector<TargetSnapshot> targets;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("name", name);
    v("protocol", protocol);
    v("protocol_version", protocol_version);
    v("port", port);
    v("health_check", health_check);
    v("attributes", attributes);
    v("targets", targets);
  }
};

struct LoadBalancerSnapshot {
  std::string arn;
  std::string name;
  std::string dns_name;
  std::string scheme = "internet-facing";  // or internal
  std::string vpc_id;
  std::vector<NodeSnapshot> nodes;
  std::map<std::string, std::string> attributes;
  std::vector<ListenerSnapshot> listeners;
  std::vector<TargetGroupSnapshot> target_groups;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("name", name);
    v("dns_name", dns_name);
    v("scheme", scheme);
    v("vpc_id", vpc_id);
    v("nodes", nodes);
    v("attributes", attributes);
    v("listeners", listeners);
    v("target_groups", target_groups);
  }
};

// ---- what edge observes ----

struct TargetHealthObservation {
  std::string id;
  int64_t port = 0;
  std::string state;   // initial, healthy, unhealthy, draining, unused
  std::string reason;  // Elb.RegistrationInProgress, Target.Timeout, ...; empty when healthy
  std::string description;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("port", port);
    v("state", state);
    v("reason", reason);
    v("description", description);
  }
};

struct TargetGroupHealth {
  std::string target_group_arn;
  std::vector<TargetHealthObservation> targets;
  template <class V>
  void fields(V& v) {
    v("target_group_arn", target_group_arn);
    v("targets", targets);
  }
};

// One metric over the minute that ended at `timestamp`: a sum with its sample count, minimum and maximum, as
// PutMetricData's StatisticSet. Dimensions besides LoadBalancer: TargetGroup and AvailabilityZone, empty when
// not given.
struct MetricDatum {
  std::string name;  // RequestCount, HTTPCode_Target_2XX_Count, TargetResponseTime, HealthyHostCount, ...
  std::string unit;  // Count, Seconds, Bytes
  std::string target_group;  // "targetgroup/name/id"
  std::string availability_zone;
  double sum = 0, minimum = 0, maximum = 0;
  double sample_count = 0;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("unit", unit);
    v("target_group", target_group);
    v("availability_zone", availability_zone);
    v("sum", sum);
    v("minimum", minimum);
    v("maximum", maximum);
    v("sample_count", sample_count);
  }
};

struct LoadBalancerMetrics {
  std::string load_balancer_arn;
  std::string load_balancer;  // the dimension: "app/name/id"
  Timestamp timestamp;
  std::vector<MetricDatum> data;
  template <class V>
  void fields(V& v) {
    v("load_balancer_arn", load_balancer_arn);
    v("load_balancer", load_balancer);
    v("timestamp", timestamp);
    v("data", data);
  }
};

}  // namespace landfall::elbv2
