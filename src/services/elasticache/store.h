// What ElastiCache keeps.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/secret.h"
#include "elasticache/shapes.h"
#include "gateway/call.h"
#include "store/store.h"

namespace landfall::elasticache {

inline constexpr char kEngineVersion[] = "7.0";  // what runs, whatever 7.x was asked for

struct NodeRecord {
  std::string cache_cluster_id;  // "<group>-001"
  std::string workload_id, interface_id, private_ip, availability_zone, volume, address;
  bool primary = false;
  bool ready = false;
  template <class V>
  void fields(V& v) {
    v("cache_cluster_id", cache_cluster_id);
    v("workload_id", workload_id);
    v("interface_id", interface_id);
    v("private_ip", private_ip);
    v("availability_zone", availability_zone);
    v("volume", volume);
    v("address", address);
    v("primary", primary);
    v("ready", ready);
  }
};

// A replication group:  creating -> available <-> modifying,   any -> deleting -> (gone)
struct GroupRecord {
  ReplicationGroup shown;  // Status is the state; endpoints and members are filled from `nodes`
  std::vector<NodeRecord> nodes;
  std::vector<NodeRecord> leaving;  // removed from the group; host has not ended them yet
  std::string vpc_id, subnet_group;
  std::vector<std::string> security_group_ids;
  int64_t port = 6379;
  Secret auth_token, previous_auth_token;  // the second: until the rotation is ended with SET
  std::string certificate_pem;
  Secret key_pem;
  std::string primary_address, reader_address;
  std::map<std::string, std::string> tags;
  int64_t reboot_generation = 0;
  std::string parameter_group, maintenance_window = "sun:05:00-sun:06:00", notification_topic;
  Secret replication_password;                  // with users: how replicas sign in at the primary
  std::string engine_version = kEngineVersion;  // as it was asked for
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("nodes", nodes);
    v("leaving", leaving);
    v("vpc_id", vpc_id);
    v("subnet_group", subnet_group);
    v("security_group_ids", security_group_ids);
    v("port", port);
    v("auth_token", auth_token);
    v("previous_auth_token", previous_auth_token);
    v("certificate_pem", certificate_pem);
    v("key_pem", key_pem);
    v("primary_address", primary_address);
    v("reader_address", reader_address);
    v("tags", tags);
    v("reboot_generation", reboot_generation);
    v("parameter_group", parameter_group);
    v("maintenance_window", maintenance_window);
    v("notification_topic", notification_topic);
    v("replication_password", replication_password);
    v("engine_version", engine_version);
  }
};

struct SubnetGroupRecord {
  CacheSubnetGroup shown;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

struct ParameterGroupRecord {
  CacheParameterGroup shown;
  std::map<std::string, std::string> values;  // what differs from the engine's defaults
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("values", values);
    v("tags", tags);
  }
};

struct UserRecord {
  User shown;                                // UserGroupIds are made from the groups
  std::vector<std::string> password_hashes;  // SHA-256, as Redis's own ACL keeps them
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("password_hashes", password_hashes);
    v("tags", tags);
  }
};

struct UserGroupRecord {
  UserGroup shown;  // ReplicationGroups are made from the replication groups
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

inline constexpr store::Table<ParameterGroupRecord> kParameterGroups{"elasticache.parametergroup"};
inline constexpr store::Table<UserRecord> kUsers{"elasticache.user"};
inline constexpr store::Table<UserGroupRecord> kUserGroups{"elasticache.usergroup"};
inline constexpr store::Table<GroupRecord> kGroups{"elasticache.group"};                    // id: lower case
inline constexpr store::Table<SubnetGroupRecord> kSubnetGroups{"elasticache.subnetgroup"};  // id: lower case

}  // namespace landfall::elasticache
