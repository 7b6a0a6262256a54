#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

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

TEST(Vpc, ADedicatedOneBecomesADefaultOneAndNotTheOtherWay) {
  World w;
  w.t.call([&](Call& call) {
    CreateVpcRequest in;
    in.CidrBlock = "10.9.0.0/16";
    in.InstanceTenancy = "dedicated";
    ModifyVpcTenancyRequest change;
    change.VpcId = CreateVpc(call, in).Vpc->VpcId;
    change.InstanceTenancy = "default";
    ModifyVpcTenancy(call, change);
    DescribeVpcsRequest of;
    of.VpcIds = {*change.VpcId};
    EXPECT_EQ(DescribeVpcs(call, of).Vpcs.at(0).InstanceTenancy, "default");
    change.InstanceTenancy = "dedicated";
    EXPECT_EQ(code_of([&] { ModifyVpcTenancy(call, change); }), "InvalidParameterValue");
  });
}

TEST(Vpc, EdgeLearnsWhetherItHasAResolver) {
  World w;
  const auto set = [&](bool support) {
    w.t.call([&](Call& call) {
      ModifyVpcAttributeRequest in;
      in.VpcId = w.vpc_id;
      in.EnableDnsSupport.emplace().Value = support;
      ModifyVpcAttribute(call, in);
    });
    return metadata(w.t, w.vpc_id)->dns_support;
  };
  EXPECT_TRUE(metadata(w.t, w.vpc_id)->dns_support);
  EXPECT_FALSE(set(false));
  EXPECT_TRUE(set(true));
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

TEST(Vpc, EachRegionHasItsOwnDefaultOneMadeWhenSomebodyLooks) {
  TestPlane t;
  const auto look = [&](const std::string& region) {
    return t.call([&](Call& call) {
      call.region = region;
      return DescribeVpcs(call, {}).Vpcs;
    });
  };
  const auto here = look("us-east-1"), there = look("eu-west-1");
  ASSERT_EQ(here.size(), 1u);
  ASSERT_EQ(there.size(), 1u);
  EXPECT_NE(here[0].VpcId, there[0].VpcId);
  EXPECT_EQ(look("eu-west-1")[0].VpcId, there[0].VpcId);
  t.call([&](Call& call) {
    call.region = "eu-west-1";
    EXPECT_EQ(DescribeSubnets(call, {}).Subnets.size(), 3u);
    EXPECT_EQ(DescribeSecurityGroups(call, {}).SecurityGroups.size(), 1u);
    DescribeVpcsRequest of_the_other;
    of_the_other.VpcIds = {*here[0].VpcId};
    EXPECT_EQ(code_of([&] { DescribeVpcs(call, of_the_other); }), "InvalidVpcID.NotFound");
  });
}

}  // namespace landfall::ec2
