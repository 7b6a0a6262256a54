// What EC2's tests share: a World with a VPC and a subnet, and what handlers throw and desire.
#pragma once

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "ec2/operations.h"
#include "gateway/testing.h"
#include "host/protocol.h"
#include "services/ec2/ec2.h"
#include "services/ec2/images.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/snapshot.h"

namespace landfall::ec2 {

using testing_support::TestPlane;

inline std::string code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const ServiceError& error) {
    return error.code();
  }
  return "";
}

template <class T>
std::optional<T> desired(TestPlane& t, std::string_view kind, std::string_view id) {
  const auto* document = t.store->find(store::Txn::key_of(std::string(kHostPrefix) + std::string(kind), id));
  if (document == nullptr) return std::nullopt;
  return from_json<T>(document->text).value();
}
inline std::optional<MetadataSnapshot> metadata(TestPlane& t, std::string_view vpc_id) {
  const auto* document =
      t.store->find(store::Txn::key_of(std::string(kEdgePrefix) + kMetadataSnapshotKind, vpc_id));
  if (document == nullptr) return std::nullopt;
  return from_json<MetadataSnapshot>(document->text).value();
}

// A VPC with a subnet.
struct World {
  TestPlane t;
  std::string vpc_id, subnet_id;
  World() {
    t.call([&](Call& call) {
      call.rows(kSetup).put("setup",
                            {.default_vpc_made = true});  // and deleted since: only what a test makes
      CreateVpcRequest vpc;
      vpc.CidrBlock = "10.0.0.0/16";
      vpc_id = *CreateVpc(call, vpc).Vpc->VpcId;
      subnet_id = make_subnet(call, "10.0.1.0/24", "us-east-1b");
    });
  }
  std::string make_subnet(Call& call, const std::string& cidr, const std::string& zone) {
    CreateSubnetRequest in;
    in.VpcId = vpc_id;
    in.CidrBlock = cidr;
    in.AvailabilityZone = zone;
    return *CreateSubnet(call, in).Subnet->SubnetId;
  }
  std::string make_group(const std::string& name) {
    return t.call([&](Call& call) {
      CreateSecurityGroupRequest in;
      in.GroupName = name;
      in.Description = "for a test";
      in.VpcId = vpc_id;
      return *CreateSecurityGroup(call, in).GroupId;
    });
  }
  RunInstancesRequest run_request(int64_t count = 1) {
    RunInstancesRequest in;
    in.ImageId = default_image_id();
    in.InstanceType = "t3.micro";
    in.SubnetId = subnet_id;
    in.MinCount = in.MaxCount = count;
    return in;
  }
  std::vector<std::string> run(const RunInstancesRequest& in) {
    return t.call([&](Call& call) {
      std::vector<std::string> ids;
      for (const Instance& instance : RunInstances(call, in).Instances) ids.push_back(*instance.InstanceId);
      return ids;
    });
  }
  std::string run_one() { return run(run_request()).front(); }
  Instance describe_one(const std::string& id) {
    return t.call([&](Call& call) {
      DescribeInstancesRequest in;
      in.InstanceIds = {id};
      return DescribeInstances(call, in).Reservations.at(0).Instances.at(0);
    });
  }
  std::string state(const std::string& id) { return *describe_one(id).State->Name; }
  void observe(const std::string& id, const std::string& state, int64_t exit_code = 0,
               int64_t generation = 0) {
    host::WorkloadStatus status{
        .id = id, .state = state, .exit_code = exit_code, .reboot_generation = generation};
    t.observations.put("Workload", id, to_json(status));
    t.settle();
  }
};

template <class Request>
Request with_filter(const std::string& name, const std::vector<std::string>& values) {
  Request in;
  in.Filters.push_back({.Name = name, .Values = values});
  return in;
}

}  // namespace landfall::ec2
