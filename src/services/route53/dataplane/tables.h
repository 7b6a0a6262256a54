// Tables: all that one worker answers from: the zones and the names that AWS owns. Each worker has its own
// and changes it on its own loop, so there is no lock; the compiled zones themselves are shared.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/route53/dataplane/zone.h"

namespace landfall::route53 {

// A NameSnapshot made ready.
struct NameEntry {
  std::vector<std::string> a, aaaa;  // rdata
  std::string vpc_id;
  std::vector<std::string> vpc_a, vpc_aaaa;  // rdata; both empty: as outside
  std::string cname;                         // wire, as written; empty if none
  uint32_t ttl = 60;
  bool healthy = true;

  static Result<NameEntry> compile(const NameSnapshot& snapshot);
  // What a client inside `vpc_id` (empty: outside every VPC) gets. Types other than A and AAAA have none.
  const std::vector<std::string>& addresses(dns::Type type, std::string_view client_vpc_id) const;
};

class Tables {
 public:
  void put_zone(std::shared_ptr<const Zone> zone);  // replaces the one with its id
  void remove_zone(std::string_view id);
  Result<> put_name(const NameSnapshot& name);            // replaces
  void put_name(std::string_view name, NameEntry entry);  // `name` valid, in text form
  void remove_name(std::string_view name);

  // The most specific zone that holds the name (lower-case wire), or nullptr.
  const Zone* find_public(std::string_view name) const;
  const Zone* find_private(std::string_view name, std::string_view vpc_id) const;
  const NameEntry* find_name(std::string_view name) const;

  // True if zones or names seen from this VPC are below the name (lower-case wire), which thus exists too,
  // with no data (RFC 8020 section 2: NXDOMAIN would say that nothing is below). An empty `vpc_id`: from
  // outside.
  bool is_above_something(std::string_view name, std::string_view vpc_id) const;

  // Of health checks, by id. One that nothing is known of is healthy, as Route 53 has it.
  void set_health(const std::string& id, bool healthy);
  bool is_healthy(std::string_view id) const { return !unhealthy_.contains(id); }

  size_t zone_count() const { return by_id_.size(); }
  size_t name_count() const { return names_.size(); }

 private:
  template <class Accept>
  const Zone* find_zone(std::string_view name, Accept accept) const;
  void count_above(std::string_view vpc_id, std::string_view name, int change);
  void count_above(const Zone& zone, int change);

  std::unordered_map<std::string, std::shared_ptr<const Zone>, WireHash, std::equal_to<>> by_id_;
  // Several zones may have one name: public and private, or public ones made one after another. The first is
  // served.
  WireMap<std::vector<std::shared_ptr<const Zone>>> by_origin_;
  WireMap<NameEntry> names_;
  // How many public zones and names, and of a VPC's private zones (its id stands before the name), are below
  // a name. No entry is 0.
  WireMap<int> above_;
  std::set<std::string, std::less<>> unhealthy_;
};

}  // namespace landfall::route53
