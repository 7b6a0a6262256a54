// EC2's operations through the handlers, as another service or the gateway calls them.
#include "services/ec2/ec2.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "ec2/operations.h"
#include "gateway/testing.h"
#include "host/protocol.h"
#include "services/ec2/images.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/snapshot.h"

namespace landfall::ec2 {
namespace {

using testing_support::TestPlane;

std::string code_of(const std::function<void()>& body) {
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
std::optional<MetadataSnapshot> metadata(TestPlane& t, std::string_view vpc_id) {
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

}  // namespace

// --- VPCs

TEST(Vpc, ComesWithDefaultGroupMainRouteTableAndAcl) {
  World w;
  w.t.call([&](Call& call) {
    const auto groups =
        DescribeSecurityGroups(call, with_filter<DescribeSecurityGroupsRequest>("vpc-id", {w.vpc_id}))
            .SecurityGroups;
    ASSERT_EQ(groups.size(), 1u);
    EXPECT_EQ(groups[0].GroupName, "default");
    ASSERT_EQ(groups[0].IpPermissions.size(), 1u);
    EXPECT_EQ(groups[0].IpPermissions[0].UserIdGroupPairs.at(0).GroupId, groups[0].GroupId);
    EXPECT_EQ(groups[0].IpPermissionsEgress.at(0).IpRanges.at(0).CidrIp, "0.0.0.0/0");
    const auto tables =
        DescribeRouteTables(call, with_filter<DescribeRouteTablesRequest>("association.main", {"true"}))
            .RouteTables;
    ASSERT_EQ(tables.size(), 1u);
    EXPECT_EQ(tables[0].Routes.at(0).GatewayId, "local");
    EXPECT_EQ(DescribeNetworkAcls(call, {}).NetworkAcls.size(), 1u);
  });
  const auto network = desired<host::Network>(w.t, "Network", w.vpc_id);
  ASSERT_TRUE(network.has_value());
  EXPECT_EQ(network->cidrs, std::vector<std::string>{"10.0.0.0/16"});
  ASSERT_EQ(network->subnets.size(), 1u);
  EXPECT_EQ(network->subnets[0].availability_zone, "us-east-1b");
}

TEST(Vpc, IsDeletedOnlyWhenEmptyAndTakesItsOwnThingsAlong) {
  World w;
  const auto remove = [&](Call& call) {
    DeleteVpcRequest in;
    in.VpcId = w.vpc_id;
    DeleteVpc(call, in);
  };
  EXPECT_EQ(code_of([&] { w.t.call(remove); }), "DependencyViolation");
  w.t.call([&](Call& call) {
    DeleteSubnetRequest in;
    in.SubnetId = w.subnet_id;
    DeleteSubnet(call, in);
  });
  w.t.call(remove);
  EXPECT_FALSE(desired<host::Network>(w.t, "Network", w.vpc_id));
  EXPECT_EQ(code_of([&] { w.t.call(remove); }), "InvalidVpcID.NotFound");
  w.t.call([&](Call& call) {
    EXPECT_TRUE(DescribeSecurityGroups(call, {}).SecurityGroups.empty());
    EXPECT_TRUE(DescribeRouteTables(call, {}).RouteTables.empty());
  });
}

TEST(Vpc, TheDefaultOneIsMadeOnceAndStaysDeleted) {
  TestPlane t;
  t.call([](Call& call) { ensure_default_vpc(call); });
  const std::string id = t.call([](Call& call) { return find_default_vpc(call)->vpc_id; });
  t.call([](Call& call) { ensure_default_vpc(call); });
  t.call([&](Call& call) {
    EXPECT_EQ(DescribeVpcs(call, {}).Vpcs.size(), 1u);
    const auto subnets =
        DescribeSubnets(call, with_filter<DescribeSubnetsRequest>("default-for-az", {"true"})).Subnets;
    EXPECT_EQ(subnets.size(), 6u);
    const auto igw = DescribeInternetGateways(
        call, with_filter<DescribeInternetGatewaysRequest>("attachment.vpc-id", {id}));
    ASSERT_EQ(igw.InternetGateways.size(), 1u);
    for (const Subnet& subnet : subnets) {
      DeleteSubnetRequest in;
      in.SubnetId = subnet.SubnetId;
      DeleteSubnet(call, in);
    }
    DetachInternetGatewayRequest detach;
    detach.InternetGatewayId = igw.InternetGateways[0].InternetGatewayId;
    detach.VpcId = id;
    DetachInternetGateway(call, detach);
    DeleteVpcRequest in;
    in.VpcId = id;
    DeleteVpc(call, in);
    ensure_default_vpc(call);
    EXPECT_FALSE(find_default_vpc(call));
  });
}

TEST(Vpc, BlocksMustBeValidAndSubnetsInsideAndApart) {
  World w;
  const auto vpc = [&](const char* cidr) {
    return code_of([&] {
      w.t.call([&](Call& call) {
        CreateVpcRequest in;
        in.CidrBlock = cidr;
        CreateVpc(call, in);
      });
    });
  };
  EXPECT_EQ(vpc("10.0.0.0/8"), "InvalidVpc.Range");
  EXPECT_EQ(vpc("10.0.0.0/29"), "InvalidVpc.Range");
  EXPECT_EQ(vpc("ten"), "InvalidParameterValue");
  const auto subnet = [&](const char* cidr) {
    return code_of([&] { w.t.call([&](Call& call) { w.make_subnet(call, cidr, "us-east-1a"); }); });
  };
  EXPECT_EQ(subnet("10.0.1.128/25"), "InvalidSubnet.Conflict");
  EXPECT_EQ(subnet("10.1.0.0/24"), "InvalidSubnet.Range");
  EXPECT_EQ(subnet("10.0.2.0/24"), "");
  EXPECT_EQ(code_of([&] { w.t.call([&](Call& call) { w.make_subnet(call, "10.0.3.0/24", "us-east-1z"); }); }),
            "InvalidParameterValue");
}

// --- describing

TEST(Describe, UnknownIdsAndFiltersAreErrorsAndPagesFollowOn) {
  World w;
  w.t.call([&](Call& call) {
    w.make_subnet(call, "10.0.2.0/24", "us-east-1a");
    w.make_subnet(call, "10.0.3.0/24", "us-east-1c");
  });
  w.t.call([&](Call& call) {
    DescribeSubnetsRequest in;
    in.SubnetIds = {"subnet-00000000000000000"};
    EXPECT_EQ(code_of([&] { DescribeSubnets(call, in); }), "InvalidSubnetID.NotFound");
    EXPECT_EQ(code_of([&] { DescribeSubnets(call, with_filter<DescribeSubnetsRequest>("colour", {"x"})); }),
              "InvalidParameterValue");
    DescribeSubnetsRequest first;
    first.MaxResults = 2;
    const auto one = DescribeSubnets(call, first);
    EXPECT_EQ(one.Subnets.size(), 2u);
    ASSERT_TRUE(one.NextToken);
    first.NextToken = one.NextToken;
    const auto two = DescribeSubnets(call, first);
    EXPECT_EQ(two.Subnets.size(), 1u);
    EXPECT_FALSE(two.NextToken);
    EXPECT_EQ(DescribeSubnets(call, with_filter<DescribeSubnetsRequest>("availability-zone",
                                                                        {"us-east-1[ac]", "us-east-1?"}))
                  .Subnets.size(),
              3u);
  });
}

TEST(Tags, AreCreatedFilteredDescribedAndGoWithTheResource) {
  World w;
  w.t.call([&](Call& call) {
    CreateTagsRequest in;
    in.Resources = {w.vpc_id, w.subnet_id};
    in.Tags = {{.Key = "Name", .Value = "net"}, {.Key = "env", .Value = "test"}};
    CreateTags(call, in);
    EXPECT_EQ(DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag:Name", {"n*"})).Vpcs.size(), 1u);
    EXPECT_EQ(DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag:Name", {"x"})).Vpcs.size(), 0u);
    EXPECT_EQ(DescribeTags(call, with_filter<DescribeTagsRequest>("resource-type", {"subnet"})).Tags.size(),
              2u);
    DeleteTagsRequest remove;
    remove.Resources = {w.vpc_id};
    remove.Tags = {{.Key = "Name", .Value = "other"}, {.Key = "env"}};
    DeleteTags(call, remove);
    EXPECT_EQ(
        DescribeVpcs(call, with_filter<DescribeVpcsRequest>("tag-key", {"Name"})).Vpcs.at(0).Tags.size(), 1u);
    in.Resources = {"vpc-00000000000000000"};
    EXPECT_EQ(code_of([&] { CreateTags(call, in); }), "InvalidVpcID.NotFound");
    in.Resources = {w.vpc_id};
    in.Tags = {{.Key = "aws:x", .Value = "y"}};
    EXPECT_EQ(code_of([&] { CreateTags(call, in); }), "InvalidParameterValue");
    DeleteSubnetRequest subnet;
    subnet.SubnetId = w.subnet_id;
    DeleteSubnet(call, subnet);
    EXPECT_TRUE(
        DescribeTags(call, with_filter<DescribeTagsRequest>("resource-type", {"subnet"})).Tags.empty());
  });
}

// --- security groups

TEST(SecurityGroup, RulesAreAuthorizedOnceRevokedAndToldToHost) {
  World w;
  const std::string web = w.make_group("web"), db = w.make_group("db");
  EXPECT_EQ(code_of([&] { w.make_group("web"); }), "InvalidGroup.Duplicate");
  AuthorizeSecurityGroupIngressRequest in;
  in.GroupId = db;
  IpPermission& permission = in.IpPermissions.emplace_back();
  permission.IpProtocol = "tcp";
  permission.FromPort = permission.ToPort = 5432;
  permission.UserIdGroupPairs.emplace_back().GroupId = web;
  const auto authorize = [&] {
    return w.t.call([&](Call& call) { return AuthorizeSecurityGroupIngress(call, in); });
  };
  const std::string rule_id = *authorize().SecurityGroupRules.at(0).SecurityGroupRuleId;
  EXPECT_EQ(code_of([&] { authorize(); }), "InvalidPermission.Duplicate");
  auto group = desired<host::SecurityGroup>(w.t, "SecurityGroup", db);
  ASSERT_EQ(group->ingress.size(), 1u);
  EXPECT_EQ(group->ingress[0].group_ids, std::vector<std::string>{web});
  EXPECT_EQ(group->ingress[0].from_port, 5432);
  EXPECT_EQ(group->egress.at(0).cidrs.at(0), "0.0.0.0/0");
  w.t.call([&](Call& call) {
    const auto rules =
        DescribeSecurityGroupRules(call, with_filter<DescribeSecurityGroupRulesRequest>("group-id", {db}));
    EXPECT_EQ(rules.SecurityGroupRules.size(), 2u);
    DeleteSecurityGroupRequest remove;
    remove.GroupId = web;
    EXPECT_EQ(code_of([&] { DeleteSecurityGroup(call, remove); }), "DependencyViolation");
    RevokeSecurityGroupIngressRequest revoke;
    revoke.GroupId = db;
    revoke.SecurityGroupRuleIds = {rule_id};
    RevokeSecurityGroupIngress(call, revoke);
    EXPECT_EQ(code_of([&] { RevokeSecurityGroupIngress(call, revoke); }),
              "InvalidSecurityGroupRuleId.NotFound");
    revoke.SecurityGroupRuleIds.clear();
    revoke.IpPermissions = in.IpPermissions;
    EXPECT_EQ(code_of([&] { RevokeSecurityGroupIngress(call, revoke); }), "InvalidPermission.NotFound");
    DeleteSecurityGroup(call, remove);
  });
  EXPECT_TRUE(desired<host::SecurityGroup>(w.t, "SecurityGroup", db)->ingress.empty());
  EXPECT_FALSE(desired<host::SecurityGroup>(w.t, "SecurityGroup", web));
}

TEST(SecurityGroup, PortsProtocolsAndCidrsAreChecked) {
  World w;
  const std::string group = w.make_group("g");
  const auto authorize = [&](const char* protocol, int64_t from, int64_t to, const char* cidr) {
    return code_of([&] {
      w.t.call([&](Call& call) {
        AuthorizeSecurityGroupIngressRequest in;
        in.GroupId = group;
        in.IpProtocol = protocol;
        in.FromPort = from;
        in.ToPort = to;
        in.CidrIp = cidr;
        AuthorizeSecurityGroupIngress(call, in);
      });
    });
  };
  EXPECT_EQ(authorize("tcp", 90, 80, "0.0.0.0/0"), "InvalidParameterValue");
  EXPECT_EQ(authorize("tcp", 0, 70000, "0.0.0.0/0"), "InvalidParameterValue");
  EXPECT_EQ(authorize("carrier-pigeon", 0, 0, "0.0.0.0/0"), "InvalidParameterValue");
  EXPECT_EQ(authorize("tcp", 80, 80, "0.0.0.0"), "InvalidParameterValue");
  EXPECT_EQ(authorize("icmp", -1, -1, "10.0.0.0/8"), "");
  EXPECT_EQ(authorize("6", 80, 80, "10.0.0.1/8"), "");
  EXPECT_EQ(authorize("tcp", 80, 80, "10.0.0.0/8"), "InvalidPermission.Duplicate");  // the same, canonically
}

// --- routes

TEST(Routes, GatewaysAreAttachedRoutedAssociatedAndTakenApart) {
  World w;
  w.t.call([&](Call& call) {
    const std::string igw = *CreateInternetGateway(call, {}).InternetGateway->InternetGatewayId;
    CreateRouteTableRequest create;
    create.VpcId = w.vpc_id;
    const std::string table = *CreateRouteTable(call, create).RouteTable->RouteTableId;
    CreateRouteRequest route;
    route.RouteTableId = table;
    route.DestinationCidrBlock = "0.0.0.0/0";
    route.GatewayId = igw;
    EXPECT_EQ(code_of([&] { CreateRoute(call, route); }),
              "InvalidParameterValue");  // not attached to this network
    AttachInternetGatewayRequest attach;
    attach.InternetGatewayId = igw;
    attach.VpcId = w.vpc_id;
    AttachInternetGateway(call, attach);
    EXPECT_EQ(code_of([&] { AttachInternetGateway(call, attach); }), "Resource.AlreadyAssociated");
    CreateRoute(call, route);
    EXPECT_EQ(code_of([&] { CreateRoute(call, route); }), "RouteAlreadyExists");
    AssociateRouteTableRequest associate;
    associate.RouteTableId = table;
    associate.SubnetId = w.subnet_id;
    const std::string association = *AssociateRouteTable(call, associate).AssociationId;
    const auto shown = DescribeRouteTables(call, with_filter<DescribeRouteTablesRequest>(
                                                     "association.subnet-id", {w.subnet_id}))
                           .RouteTables;
    ASSERT_EQ(shown.size(), 1u);
    EXPECT_EQ(shown[0].Routes.at(1).State, "active");
    DeleteRouteTableRequest remove;
    remove.RouteTableId = table;
    EXPECT_EQ(code_of([&] { DeleteRouteTable(call, remove); }), "DependencyViolation");
    DisassociateRouteTableRequest disassociate;
    disassociate.AssociationId = association;
    DisassociateRouteTable(call, disassociate);
    EXPECT_EQ(code_of([&] { DisassociateRouteTable(call, disassociate); }), "InvalidAssociationID.NotFound");
    DeleteRouteTable(call, remove);
    DeleteInternetGatewayRequest gone;
    gone.InternetGatewayId = igw;
    EXPECT_EQ(code_of([&] { DeleteInternetGateway(call, gone); }), "DependencyViolation");
  });
}

// --- instances

TEST(Instance, GetsTheLowestAddressAndItsDocumentsForHost) {
  World w;
  RunInstancesRequest in = w.run_request(2);
  in.UserData = to_base64("#!/bin/sh\necho hello\n");
  in.TagSpecifications = {{.ResourceType = "instance", .Tags = {{.Key = "Name", .Value = "web"}}}};
  const auto ids = w.run(in);
  ASSERT_EQ(ids.size(), 2u);
  const Instance first = w.describe_one(ids[0]);
  EXPECT_EQ(first.PrivateIpAddress, "10.0.1.4");
  EXPECT_EQ(first.PrivateDnsName, "ip-10-0-1-4.ec2.internal");
  EXPECT_EQ(w.describe_one(ids[1]).PrivateIpAddress, "10.0.1.5");
  EXPECT_EQ(first.State->Name, "pending");
  EXPECT_EQ(first.Placement->AvailabilityZone, "us-east-1b");
  EXPECT_EQ(first.Tags.at(0).Value, "web");
  EXPECT_EQ(first.MetadataOptions->HttpTokens, "required");
  const auto workload = desired<host::Workload>(w.t, "Workload", ids[0]);
  ASSERT_TRUE(workload.has_value());
  EXPECT_EQ(workload->kind, "instance");
  EXPECT_EQ(workload->memory_bytes, int64_t{1} << 30);
  EXPECT_EQ(workload->cpu_millis, 2000);
  EXPECT_EQ(workload->user_data.reveal(), "#!/bin/sh\necho hello\n");
  EXPECT_EQ(workload->hostname, "ip-10-0-1-4.ec2.internal");
  const auto interface = desired<host::Interface>(w.t, "Interface", workload->interface_id);
  ASSERT_TRUE(interface.has_value());
  EXPECT_EQ(interface->private_ip, "10.0.1.4");
  EXPECT_EQ(interface->workload_id, ids[0]);
  EXPECT_EQ(interface->security_group_ids.size(), 1u);
  const auto imds = metadata(w.t, w.vpc_id);
  ASSERT_TRUE(imds.has_value());
  EXPECT_EQ(imds->instances.at("10.0.1.5").instance_id, ids[1]);
  EXPECT_EQ(imds->instances.at("10.0.1.5").launch_index, 1);
}

TEST(Instance, FollowsWhatHostSaysThroughItsWholeLife) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string id = w.run_one();
  w.observe(id, "creating");
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running");
  EXPECT_EQ(w.state(id), "running");
  w.t.call([&](Call& call) {
    StopInstancesRequest in;
    in.InstanceIds = {id};
    const auto out = StopInstances(call, in);
    EXPECT_EQ(out.StoppingInstances.at(0).CurrentState->Name, "stopping");
    EXPECT_EQ(out.StoppingInstances.at(0).PreviousState->Code, 16);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "stopping");
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", id)->desired, "stopped");
  w.observe(id, "stopped");
  EXPECT_EQ(w.state(id), "stopped");
  w.t.call([&](Call& call) {
    StartInstancesRequest in;
    in.InstanceIds = {id};
    StartInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running", 0, 0);  // of the life before
  EXPECT_EQ(w.state(id), "pending");
  w.observe(id, "running", 0, 1);
  EXPECT_EQ(w.state(id), "running");
  w.t.call([&](Call& call) {
    TerminateInstancesRequest in;
    in.InstanceIds = {id};
    TerminateInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "shutting-down");
  EXPECT_FALSE(desired<host::Workload>(w.t, "Workload", id));
  EXPECT_TRUE(metadata(w.t, w.vpc_id)->instances.empty());
  w.observe(id, "removed");
  EXPECT_EQ(w.state(id), "terminated");
  w.t.call([&](Call& call) {
    EXPECT_TRUE(DescribeNetworkInterfaces(call, {}).NetworkInterfaces.empty());
    EXPECT_TRUE(DescribeVolumes(call, {}).Volumes.empty());
  });
  w.t.settle(kKeepTerminatedMs + 1);
  EXPECT_EQ(code_of([&] { w.describe_one(id); }), "InvalidInstanceID.NotFound");
}

TEST(Instance, KilledOrShutDownFromWithinIsStoppedWithTheReason) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string killed = w.run_one(), shut = w.run_one();
  RunInstancesRequest in = w.run_request();
  in.InstanceInitiatedShutdownBehavior = "terminate";
  const std::string ends = w.run(in).front();
  for (const auto& id : {killed, shut, ends}) w.observe(id, "running");
  w.observe(killed, "exited", 137);
  w.observe(shut, "exited", 0);
  w.observe(ends, "exited", 0);
  EXPECT_EQ(w.state(killed), "stopped");
  EXPECT_EQ(w.describe_one(killed).StateReason->Code, "Server.InternalError");
  EXPECT_EQ(w.state(shut), "stopped");
  EXPECT_EQ(w.describe_one(shut).StateReason->Code, "Client.InstanceInitiatedShutdown");
  EXPECT_EQ(w.state(ends), "shutting-down");
  EXPECT_EQ(desired<host::Workload>(w.t, "Workload", killed)->desired, "stopped");
  w.t.call([&](Call& call) { EXPECT_TRUE(find_instance(call, killed)->unhealthy()); });
}

TEST(Instance, SilenceOfHostEndsATerminationButOnlyAfterAWhile) {
  World w;
  const auto service = make_service(w.t.plane);
  const std::string id = w.run_one();
  w.t.call([&](Call& call) {
    TerminateInstancesRequest in;
    in.InstanceIds = {id};
    TerminateInstances(call, in);
  });
  w.t.settle();
  EXPECT_EQ(w.state(id), "shutting-down");
  w.t.settle(10'000);
  EXPECT_EQ(w.state(id), "terminated");
}

TEST(Instance, LaunchesAreRefusedWithEc2sErrors) {
  World w;
  const auto refused = [&](auto change) {
    RunInstancesRequest in = w.run_request();
    change(in);
    return code_of([&] { w.run(in); });
  };
  EXPECT_EQ(refused([](auto& in) { in.ImageId = "ami-1"; }), "InvalidAMIID.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.ImageId.reset(); }), "MissingParameter");
  EXPECT_EQ(refused([](auto& in) { in.InstanceType = "z9.huge"; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.InstanceType = "t4g.micro"; }),
            "InvalidParameterValue");  // arm64 with an x86 image
  EXPECT_EQ(refused([](auto& in) { in.SubnetId = "subnet-1"; }), "InvalidSubnetID.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.SecurityGroupIds = {"sg-1"}; }), "InvalidGroup.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.KeyName = "none"; }), "InvalidKeyPair.NotFound");
  EXPECT_EQ(refused([](auto& in) { in.UserData = "%%"; }), "InvalidUserData.Malformed");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.1"; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.IamInstanceProfile.emplace().Name = "none"; }),
            "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.MinCount = 0; }), "InvalidParameterValue");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.50"; }), "");
  EXPECT_EQ(refused([](auto& in) { in.PrivateIpAddress = "10.0.1.50"; }), "InvalidIPAddress.InUse");
  EXPECT_EQ(code_of([&] { w.describe_one("i-xyz"); }), "InvalidInstanceID.Malformed");
  EXPECT_EQ(code_of([&] { w.describe_one("i-00000000000000000"); }), "InvalidInstanceID.NotFound");
}

TEST(Instance, TheSameClientTokenGivesTheSameInstances) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.ClientToken = "once";
  EXPECT_EQ(w.run(in), w.run(in));
  in.InstanceType = "t3.small";
  EXPECT_EQ(code_of([&] { w.run(in); }), "IdempotentParameterMismatch");
}

TEST(Instance, ProtectedOnesAreNotTerminatedNorAnyBesideThem) {
  World w;
  RunInstancesRequest in = w.run_request();
  in.DisableApiTermination = true;
  const std::string kept = w.run(in).front(), other = w.run_one();
  const auto terminate = [&] {
    w.t.call([&](Call& call) {
      TerminateInstancesRequest request;
      request.InstanceIds = {other, kept};
      TerminateInstances(call, request);
    });
  };
  EXPECT_EQ(code_of(terminate), "OperationNotPermitted");
  EXPECT_EQ(w.state(other), "pending");
}

TEST(LaunchTemplate, SaysWhatTheRequestDoesNotAndVersionsAreChosen) {
  World w;
  const std::string group = w.make_group("web");
  w.t.call([&](Call& call) {
    CreateLaunchTemplateRequest in;
    in.LaunchTemplateName = "web";
    RequestLaunchTemplateData& data = in.LaunchTemplateData.emplace();
    data.ImageId = default_image_id();
    data.InstanceType = "t3.small";
    data.UserData = to_base64("one");
    data.SecurityGroupIds = {group};
    data.TagSpecifications = {
        {.ResourceType = "instance",
         .Tags = {{.Key = "a", .Value = "template"}, {.Key = "b", .Value = "template"}}}};
    CreateLaunchTemplate(call, in);
    EXPECT_EQ(code_of([&] { CreateLaunchTemplate(call, in); }),
              "InvalidLaunchTemplateName.AlreadyExistsException");
    CreateLaunchTemplateVersionRequest second;
    second.LaunchTemplateName = "web";
    second.SourceVersion = "1";
    second.LaunchTemplateData.emplace().InstanceType = "t3.medium";
    CreateLaunchTemplateVersion(call, second);
  });
  const auto launch = [&](const std::string& version) {
    RunInstancesRequest in;
    in.MinCount = in.MaxCount = 1;
    in.SubnetId = w.subnet_id;
    in.LaunchTemplate.emplace() = {.LaunchTemplateName = "web", .Version = version};
    in.TagSpecifications = {{.ResourceType = "instance", .Tags = {{.Key = "a", .Value = "request"}}}};
    return w.describe_one(w.run(in).front());
  };
  const Instance by_default = launch("$Default");
  EXPECT_EQ(by_default.InstanceType, "t3.small");
  EXPECT_EQ(by_default.SecurityGroups.at(0).GroupId, group);
  ASSERT_EQ(by_default.Tags.size(), 2u);
  EXPECT_EQ(by_default.Tags[0].Value, "request");
  EXPECT_EQ(by_default.Tags[1].Value, "template");
  EXPECT_EQ(launch("$Latest").InstanceType, "t3.medium");
  EXPECT_EQ(code_of([&] { launch("9"); }), "InvalidLaunchTemplateId.VersionNotFound");
  w.t.call([&](Call& call) {
    DescribeLaunchTemplateVersionsRequest in;
    in.LaunchTemplateName = "web";
    const auto versions = DescribeLaunchTemplateVersions(call, in).LaunchTemplateVersions;
    ASSERT_EQ(versions.size(), 2u);
    EXPECT_EQ(versions[0].VersionNumber, 2);
    EXPECT_EQ(versions[0].LaunchTemplateData->UserData, to_base64("one"));
    DescribeLaunchTemplatesRequest none;
    none.LaunchTemplateNames = {"nothing"};
    EXPECT_EQ(code_of([&] { DescribeLaunchTemplates(call, none); }),
              "InvalidLaunchTemplateName.NotFoundException");
  });
}

TEST(ServiceInterface, EdgesAddressIsOfTheSubnetAndBlocksItsDeletion) {
  World w;
  const auto made = w.t.call([&](Call& call) {
    return create_service_interface(call, {.subnet_id = w.subnet_id,
                                           .attachment = Attachment::edge,
                                           .description = "ELB app/x/1",
                                           .requester = "amazon-elb"});
  });
  EXPECT_EQ(made.private_ip, "10.0.1.4");
  EXPECT_EQ(desired<host::Interface>(w.t, "Interface", made.interface_id)->attachment, "edge");
  const auto remove = [&] {
    w.t.call([&](Call& call) {
      DeleteSubnetRequest in;
      in.SubnetId = w.subnet_id;
      DeleteSubnet(call, in);
    });
  };
  EXPECT_EQ(code_of(remove), "DependencyViolation");
  EXPECT_EQ(code_of([&] {
              w.t.call([&](Call& call) {
                DeleteNetworkInterfaceRequest in;
                in.NetworkInterfaceId = made.interface_id;
                DeleteNetworkInterface(call, in);
              });
            }),
            "InvalidParameterValue");
  w.t.call([&](Call& call) { release_service_interface(call, made.interface_id); });
  EXPECT_FALSE(desired<host::Interface>(w.t, "Interface", made.interface_id));
  remove();
}

TEST(KeyPair, IsMadeForRsaAndEd25519AndKnownByItsName) {
  TestPlane t;
  t.call([](Call& call) {
    for (const char* type : {"rsa", "ed25519"}) {
      CreateKeyPairRequest in;
      in.KeyName = type;
      in.KeyType = type;
      const KeyPair made = CreateKeyPair(call, in);
      EXPECT_TRUE(made.KeyMaterial->starts_with("-----BEGIN")) << type;
      EXPECT_EQ(code_of([&] { CreateKeyPair(call, in); }), "InvalidKeyPair.Duplicate");
    }
    DescribeKeyPairsRequest all;
    all.IncludePublicKey = true;
    const auto keys = DescribeKeyPairs(call, all).KeyPairs;
    ASSERT_EQ(keys.size(), 2u);
    ImportKeyPairRequest import;
    import.KeyName = "imported";
    import.PublicKeyMaterial = keys[1].PublicKey;
    ImportKeyPair(call, import);
    import.KeyName = "bad";
    import.PublicKeyMaterial = "ssh-rsa zzz";
    EXPECT_EQ(code_of([&] { ImportKeyPair(call, import); }), "InvalidKey.Format");
  });
}

TEST(Catalogue, ImagesTypesZonesAndRegionsAreFound) {
  TestPlane t;
  t.call([](Call& call) {
    DescribeImagesRequest images = with_filter<DescribeImagesRequest>("name", {"al2023-ami-2023.*-x86_64"});
    images.Owners = {"amazon"};
    ASSERT_EQ(DescribeImages(call, images).Images.size(), 1u);
    EXPECT_EQ(DescribeImages(call, images).Images[0].ImageId, default_image_id());
    DescribeInstanceTypesRequest types;
    types.InstanceTypes = {"t3.micro"};
    EXPECT_EQ(DescribeInstanceTypes(call, types).InstanceTypes.at(0).MemoryInfo->SizeInMiB, 1024);
    types.InstanceTypes = {"nope"};
    EXPECT_EQ(code_of([&] { DescribeInstanceTypes(call, types); }), "InvalidInstanceType");
    EXPECT_EQ(DescribeAvailabilityZones(call, {}).AvailabilityZones.size(), 6u);
    EXPECT_EQ(DescribeAvailabilityZones(call, {}).AvailabilityZones[0].ZoneId, "use1-az1");
    EXPECT_EQ(
        DescribeRegions(call, with_filter<DescribeRegionsRequest>("region-name", {"eu-*"})).Regions.size(),
        5u);
  });
}

}  // namespace landfall::ec2
