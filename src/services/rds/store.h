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
  int64_t reboot_generation = 0;  // of the workload: changes when it must restart
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

inline constexpr store::Table<InstanceRecord> kInstances{"rds.instance"};  // id: identifier, lower case
inline constexpr store::Table<SubnetGroupRecord> kSubnetGroups{"rds.subnetgroup"};  // id: name, lower case

}  // namespace landfall::rds
