// Zone: a ZoneSnapshot made ready for answering. Immutable, shared by workers.
//
// Invariants: nodes_ holds each owner name of the zone and each name between one and the apex (empty
// non-terminals, RFC 4592 section 2.2.2), by lower-case wire name. The apex node exists and has an SOA set.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "codec/dns.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {

struct WireHash {
  using is_transparent = void;
  size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
template <class T>
using WireMap =
    std::unordered_map<std::string, T, WireHash, std::equal_to<>>;  // keyed by lower-case wire name

struct Alias {
  std::string target;  // lower-case wire name
  bool in_zone = false;
  bool evaluate_target_health = false;
};

// One record set of a name and type; several when a routing policy chooses among them.
struct RecordSet {
  uint32_t ttl = 0;
  std::vector<std::string> rdata;
  std::optional<Alias> alias;
  uint32_t weight = 0;
  bool primary = false;
  std::string region;
  std::string health_check;  // empty: none
};

enum class Policy { simple, weighted, failover, multivalue, latency, geolocation };

struct RecordSets {
  dns::Type type = dns::Type::A;
  Policy policy = Policy::simple;
  std::vector<RecordSet> sets;  // at least one
};

struct Node {
  std::vector<RecordSets> types;
  const RecordSets* find(dns::Type type) const;
};

class Zone {
 public:
  // Records that cannot be compiled make it fail: control validates them, so they are a broken document.
  static Result<std::shared_ptr<const Zone>> compile(const ZoneSnapshot& snapshot);

  const std::string& id() const { return id_; }
  std::string_view origin() const { return origin_; }  // lower-case wire
  bool is_private() const { return private_; }
  const std::vector<std::string>& vpc_ids() const { return vpc_ids_; }
  const Node* find(std::string_view lower_wire) const;

  // For negative answers (RFC 2308 section 3): TTL is the lesser of the SOA's own and its minimum field.
  std::string_view soa() const;
  uint32_t negative_ttl() const { return negative_ttl_; }

 private:
  Result<> add(const RecordSetSnapshot& set);
  std::string id_, origin_;
  bool private_ = false;
  std::vector<std::string> vpc_ids_;
  WireMap<Node> nodes_;
  uint32_t negative_ttl_ = 0;
};

}  // namespace landfall::route53
