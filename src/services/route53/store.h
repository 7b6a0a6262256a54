// Route 53's rows. Global: keys begin with "<account>/".
//   kZones       "<account>/<zone id>"
//   kZoneReferences "<account>/<caller reference>": the zone that was made with it
//   kRecordSets  "<account>/<zone id>/<record_set_key()>": key order is the order of ListResourceRecordSets
//   kHealthChecks "<account>/<health check id>"
//   kChanges     "<account>/<change id>"
// Invariant: the ZoneSnapshot of each zone in the store follows from its rows: whoever writes these calls
// publish_zone() in the same transaction.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "route53/shapes.h"
#include "store/store.h"

namespace landfall::route53 {

const aws::Shape& shape_of(const ResourceRecordSet*);

struct ZoneVpc {
  std::string id, region;
  auto operator<=>(const ZoneVpc&) const = default;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("region", region);
  }
};

struct HostedZoneRecord {
  std::string id;    // "Z0123456789ABCDEFGHIJ"
  std::string name;  // lower case, with the final dot
  std::string caller_reference;
  std::string comment;
  bool is_private = false;
  std::vector<ZoneVpc> vpcs;
  std::vector<std::string> name_servers;  // the delegation set; without final dots
  std::map<std::string, std::string> tags;
  Timestamp created;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("name", name);
    v("caller_reference", caller_reference);
    v("comment", comment);
    v("private", is_private);
    v("vpcs", vpcs);
    v("name_servers", name_servers);
    v("tags", tags);
    v("created", created);
  }
};

struct ZoneReference {
  std::string zone_id;
  template <class V>
  void fields(V& v) {
    v("zone_id", zone_id);
  }
};

struct HealthCheckRecord {
  HealthCheck shown;
  std::map<std::string, std::string> tags;
  bool alarm_healthy = true;  // of CLOUDWATCH_METRIC: what its alarm said last
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
    v("alarm_healthy", alarm_healthy);
  }
};

struct ChangeRecord {
  std::string zone_id;
  std::string comment;
  Timestamp submitted;
  template <class V>
  void fields(V& v) {
    v("zone_id", zone_id);
    v("comment", comment);
    v("submitted", submitted);
  }
};

inline constexpr store::Table<HostedZoneRecord> kZones{"route53.zone"};
inline constexpr store::Table<ZoneReference> kZoneReferences{"route53.zone_reference"};
inline constexpr store::Table<ResourceRecordSet> kRecordSets{"route53.record_set"};
inline constexpr store::Table<HealthCheckRecord> kHealthChecks{"route53.health_check"};
inline constexpr store::Table<ChangeRecord> kChanges{"route53.change"};

}  // namespace landfall::route53
