// What `control` tells `edge` about EC2: the only header that its two planes share.
//   MetadataSnapshot  kind "MetadataSnapshot", id = vpc id: what the metadata service of that VPC answers
//   from. It is there as long as the VPC is, with or without instances: edge serves a VPC while it has this
//   document. Its VPC endpoints are in it too, for the resolver and the API's front door of that VPC.
// A VPC's private DNS names (ip-10-0-1-5.ec2.internal) follow from the address by rule, and the VPC's
// resolver answers them from this snapshot: the name is an instance's or interface's private_dns_name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/secret.h"

namespace landfall::ec2 {

inline constexpr char kMetadataSnapshotKind[] = "MetadataSnapshot";

struct InstanceMetadata {
  std::string instance_id;
  std::string image_id;
  std::string instance_type;
  std::string architecture;  // "x86_64", "arm64"
  std::string availability_zone, availability_zone_id;
  std::string private_ip;
  std::string hostname;  // private DNS name
  std::string mac;
  std::string interface_id;
  std::string subnet_id, subnet_cidr;
  std::vector<std::string> security_group_ids, security_group_names;
  std::string reservation_id;
  std::string key_name, public_key;
  int64_t launch_index = 0;
  std::string pending_time;     // ISO 8601
  std::string lifecycle_state;  // of an Auto Scaling group; empty otherwise
  Secret user_data;
  // The instance profile and its role; empty without.
  std::string profile_arn, profile_id;
  std::string role_name, role_arn, role_id;
  std::map<std::string, std::string> tags;  // only where instance metadata tags are enabled
  bool tags_enabled = false;
  bool endpoint_enabled = true;
  bool token_required = true;  // http_tokens
  int64_t hop_limit = 2;
  template <class V>
  void fields(V& v) {
    v("instance_id", instance_id);
    v("image_id", image_id);
    v("instance_type", instance_type);
    v("architecture", architecture);
    v("availability_zone", availability_zone);
    v("availability_zone_id", availability_zone_id);
    v("private_ip", private_ip);
    v("hostname", hostname);
    v("mac", mac);
    v("interface_id", interface_id);
    v("subnet_id", subnet_id);
    v("subnet_cidr", subnet_cidr);
    v("security_group_ids", security_group_ids);
    v("security_group_names", security_group_names);
    v("reservation_id", reservation_id);
    v("key_name", key_name);
    v("public_key", public_key);
    v("launch_index", launch_index);
    v("pending_time", pending_time);
    v("lifecycle_state", lifecycle_state);
    v("user_data", user_data);
    v("profile_arn", profile_arn);
    v("profile_id", profile_id);
    v("role_name", role_name);
    v("role_arn", role_arn);
    v("role_id", role_id);
    v("tags", tags);
    v("tags_enabled", tags_enabled);
    v("endpoint_enabled", endpoint_enabled);
    v("token_required", token_required);
    v("hop_limit", hop_limit);
  }
};

// A VPC endpoint, as edge needs it: which address its names have, and what its policy lets through.
struct VpcEndpointSnapshot {
  std::string vpc_endpoint_id;
  std::string service_name;               // "com.amazonaws.us-east-1.s3"
  std::string policy;                     // empty: it allows everything
  std::vector<std::string> subnet_cidrs;  // of a gateway endpoint: the subnets whose routes lead to it
  std::vector<std::string> addresses;     // of an interface endpoint: its interfaces', for edge to serve
  // That the VPC's resolver answers with them: "ec2.us-east-1.amazonaws.com", "*.s3.us-east-1.amazonaws.com".
  std::vector<std::string> names;
  template <class V>
  void fields(V& v) {
    v("vpc_endpoint_id", vpc_endpoint_id);
    v("service_name", service_name);
    v("policy", policy);
    v("subnet_cidrs", subnet_cidrs);
    v("addresses", addresses);
    v("names", names);
  }
};

struct MetadataSnapshot {
  std::string vpc_id;
  std::vector<std::string> vpc_cidrs;
  bool dns_support = true;  // false: the VPC has no resolver
  std::string account, region, partition = "aws";
  std::map<std::string, InstanceMetadata> instances;  // by private address
  std::vector<VpcEndpointSnapshot> endpoints;
  template <class V>
  void fields(V& v) {
    v("vpc_id", vpc_id);
    v("vpc_cidrs", vpc_cidrs);
    v("dns_support", dns_support);
    v("account", account);
    v("region", region);
    v("partition", partition);
    v("instances", instances);
    v("endpoints", endpoints);
  }
};

}  // namespace landfall::ec2
