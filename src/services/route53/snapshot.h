// What `control` tells `edge` about DNS: the only header that Route 53's two planes share. Documents, one per
// thing:
//   ZoneSnapshot  kind "ZoneSnapshot", id = hosted zone id       (published by Route 53's reconciler)
//   HealthCheckSnapshot kind "HealthCheckSnapshot", id = health check id
//   NameSnapshot  kind "NameSnapshot", id = the name             (published by whoever owns the name: ELBv2,
//   CloudFront,
//                                                                 RDS, ElastiCache, Elastic Beanstalk)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace landfall::route53 {

inline constexpr char kZoneSnapshotKind[] = "ZoneSnapshot";
inline constexpr char kNameSnapshotKind[] = "NameSnapshot";
inline constexpr char kHealthCheckSnapshotKind[] = "HealthCheckSnapshot";
inline constexpr char kHealthCheckStatusKind[] = "HealthCheckStatus";  // an observation: what edge saw

struct AliasSnapshot {
  std::string name;                     // lower case
  bool in_zone = false;                 // a record of the same zone; else a NameSnapshot's name
  bool evaluate_target_health = false;  // of a NameSnapshot: its `healthy`
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("in_zone", in_zone);
    v("evaluate_target_health", evaluate_target_health);
  }
};

// One ResourceRecordSet. Without set_identifier: the simple policy.
struct RecordSetSnapshot {
  std::string name;  // Route 53's text form, with the final dot
  std::string type;
  int64_t ttl = 0;
  std::vector<std::string> values;  // text form; empty for an alias
  std::optional<AliasSnapshot> alias;
  std::string set_identifier;
  std::optional<int64_t> weight;  // weighted
  std::string failover;           // failover: PRIMARY or SECONDARY
  bool multivalue = false;        // multivalue answer
  std::string region;             // latency
  std::string geo;  // geolocation: "*" for the default location, else "continent/country/subdivision"
  std::string health_check;  // id; empty: none
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("type", type);
    v("ttl", ttl);
    v("values", values);
    v("alias", alias);
    v("set_identifier", set_identifier);
    v("weight", weight);
    v("failover", failover);
    v("multivalue", multivalue);
    v("region", region);
    v("geo", geo);
    v("health_check", health_check);
  }
};

struct ZoneSnapshot {
  std::string id;
  std::string name;  // Route 53's text form, with the final dot
  bool is_private = false;
  std::vector<std::string> vpc_ids;  // of a private zone
  std::vector<RecordSetSnapshot> record_sets;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("name", name);
    v("private", is_private);
    v("vpc_ids", vpc_ids);
    v("record_sets", record_sets);
  }
};

// What edge asks for, how often, and what counts as an answer.
struct HealthCheckSnapshot {
  std::string id;
  std::string type;        // TCP, HTTP, HTTPS, HTTP_STR_MATCH, HTTPS_STR_MATCH, CALCULATED
  std::string ip_address;  // empty: what `host` resolves to
  std::string host;        // Host header and SNI; empty: the address
  int64_t port = 80;
  std::string path = "/", search_string;
  int64_t interval_seconds = 30, failure_threshold = 3;
  bool inverted = false, disabled = false, sni = true;
  std::vector<std::string> children;  // of CALCULATED
  int64_t health_threshold = 0;       // of them
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("type", type);
    v("ip_address", ip_address);
    v("host", host);
    v("port", port);
    v("path", path);
    v("search_string", search_string);
    v("interval_seconds", interval_seconds);
    v("failure_threshold", failure_threshold);
    v("inverted", inverted);
    v("disabled", disabled);
    v("sni", sni);
    v("children", children);
    v("health_threshold", health_threshold);
  }
};

struct HealthCheckStatus {
  bool healthy = true;       // after inversion: what records go by
  bool answered = true;      // the last probe
  std::string status;        // "Success: HTTP Status Code 200, OK"
  std::string last_failure;  // as `status`, of the last probe that failed
  int64_t checked_ms = 0, failed_ms = 0;
  template <class V>
  void fields(V& v) {
    v("healthy", healthy);
    v("answered", answered);
    v("status", status);
    v("last_failure", last_failure);
    v("checked_ms", checked_ms);
    v("failed_ms", failed_ms);
  }
};

// A name that AWS itself would own (my-alb-123.us-east-1.elb.amazonaws.com) and where it leads: what an alias
// follows, and a name that resolves by itself.
struct NameSnapshot {
  std::string name;                        // lower case, no final dot
  std::vector<std::string> addresses;      // IPv4 or IPv6, for clients outside any VPC
  std::string vpc_id;                      // where vpc_addresses are valid
  std::vector<std::string> vpc_addresses;  // for resolvers inside vpc_id; if empty they answer `addresses`
  std::string cname;                       // instead of addresses: another name (an environment's CNAME)
  int64_t ttl = 60;
  bool healthy = true;  // false: a failover alias that evaluates target health goes elsewhere
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("addresses", addresses);
    v("vpc_id", vpc_id);
    v("vpc_addresses", vpc_addresses);
    v("cname", cname);
    v("ttl", ttl);
    v("healthy", healthy);
  }
};

}  // namespace landfall::route53
