// What RDS keeps.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/secret.h"
#include "gateway/call.h"
#include "rds/shapes.h"
#include "store/store.h"

namespace landfall::rds {

// A DB instance:
//   creating -> available <-> modifying | rebooting | stopping -> stopped -> starting -> available
//   any -> deleting -> (gone)
struct InstanceRecord {
  DBInstance shown;  // as DescribeDBInstances shows it; DBInstanceStatus is the state above
  Secret master_password;
  std::vector<std::string> subnet_ids;
  std::string interface_id, private_ip, vpc_id;
  std::string volume;  // host's volume with the data; outlives the workload
  std::string certificate_pem;
  Secret key_pem;
  std::map<std::string, std::string> tags;
  int64_t reboot_generation = 0;                  // of the workload: changes when it must restart
  std::map<std::string, std::string> parameters;  // of its group, as they were when it was last started
  std::string snapshot_id;     // being taken: the engine copies its data there before it serves again
  std::string restore_volume;  // a snapshot's: where the data of the first start comes from
  // Where its replicas reach it, and the password they give: a replica's is its source's. Both empty in
  // records of before there were replicas. shown.ReadReplicaSourceDBInstanceIdentifier says whom it follows.
  std::string replication_volume;
  Secret replication_password;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("master_password", master_password);
    v("subnet_ids", subnet_ids);
    v("interface_id", interface_id);
    v("private_ip", private_ip);
    v("vpc_id", vpc_id);
    v("volume", volume);
    v("certificate_pem", certificate_pem);
    v("key_pem", key_pem);
    v("tags", tags);
    v("reboot_generation", reboot_generation);
    v("parameters", parameters);
    v("snapshot_id", snapshot_id);
    v("restore_volume", restore_volume);
    v("replication_volume", replication_volume);
    v("replication_password", replication_password);
  }
};

struct SubnetGroupRecord {
  DBSubnetGroup shown;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

struct ParameterGroupRecord {
  DBParameterGroup shown;
  std::map<std::string, std::string> values;   // what differs from the engine's defaults
  std::map<std::string, std::string> methods;  // of each of them: immediate, pending-reboot
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("values", values);
    v("methods", methods);
    v("tags", tags);
  }
};

// creating -> available -> (gone). Its data is a volume of its own.
struct SnapshotRecord {
  DBSnapshot shown;
  std::string volume, instance_class;
  Secret master_password;
  std::vector<std::string> restorable_by;  // other accounts, or "all"
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("volume", volume);
    v("instance_class", instance_class);
    v("master_password", master_password);
    v("restorable_by", restorable_by);
    v("tags", tags);
  }
};

inline constexpr store::Table<ParameterGroupRecord> kParameterGroups{"rds.parametergroup"};  // id: name
inline constexpr store::Table<SnapshotRecord> kSnapshots{"rds.snapshot"};  // id: identifier, lower case
inline constexpr store::Table<InstanceRecord> kInstances{"rds.instance"};  // id: identifier, lower case
inline constexpr store::Table<SubnetGroupRecord> kSubnetGroups{"rds.subnetgroup"};  // id: name, lower case

}  // namespace landfall::rds
