#include "services/ec2/vpc_endpoints.h"

#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(VpcEndpoint, GatewayIsARouteToThePrefixListInItsTables) {
  World w;
  w.t.call([&](Call& call) {
    CreateRouteTableRequest table;
    table.VpcId = w.vpc_id;
    const std::string one = *CreateRouteTable(call, table).RouteTable->RouteTableId;
    const std::string two = *CreateRouteTable(call, table).RouteTable->RouteTableId;
    CreateVpcEndpointRequest in;
    in.VpcId = w.vpc_id;
    in.ServiceName = "com.amazonaws.us-east-1.s3";
    in.RouteTableIds = {one};
    const std::string id = *CreateVpcEndpoint(call, in).VpcEndpoint->VpcEndpointId;
    EXPECT_EQ(code_of([&] { CreateVpcEndpoint(call, in); }), "RouteAlreadyExists");
    const auto routes = [&](const std::string& table_id) {
      DescribeRouteTablesRequest of;
      of.RouteTableIds = {table_id};
      return DescribeRouteTables(call, of).RouteTables.at(0).Routes;
    };
    EXPECT_EQ(routes(one).at(1).DestinationPrefixListId, "pl-63a5400a");
    EXPECT_EQ(routes(one).at(1).GatewayId, id);
    ModifyVpcEndpointRequest modify;
    modify.VpcEndpointId = id;
    modify.AddRouteTableIds = {two};
    modify.RemoveRouteTableIds = {one};
    ModifyVpcEndpoint(call, modify);
    EXPECT_EQ(routes(one).size(), 1u);
    EXPECT_EQ(routes(two).size(), 2u);
    modify.AddRouteTableIds.clear();
    EXPECT_EQ(code_of([&] { ModifyVpcEndpoint(call, modify); }), "InvalidParameter");
    DeleteVpcRequest vpc;
    vpc.VpcId = w.vpc_id;
    EXPECT_EQ(code_of([&] { DeleteVpc(call, vpc); }), "DependencyViolation");
    DeleteVpcEndpointsRequest remove;
    remove.VpcEndpointIds = {id};
    EXPECT_TRUE(DeleteVpcEndpoints(call, remove).Unsuccessful.empty());
    EXPECT_EQ(routes(two).size(), 1u);
    EXPECT_EQ(DeleteVpcEndpoints(call, remove).Unsuccessful.at(0).Error->Code,
              "InvalidVpcEndpointId.NotFound");
  });
}

TEST(VpcEndpoint, RequestsAreChecked) {
  World w;
  w.t.call([&](Call& call) {
    const auto refused = [&](auto change) {
      CreateVpcEndpointRequest in;
      in.VpcId = w.vpc_id;
      in.ServiceName = "com.amazonaws.us-east-1.s3";
      change(in);
      return code_of([&] { CreateVpcEndpoint(call, in); });
    };
    EXPECT_EQ(refused([](auto& in) { in.ServiceName = "com.amazonaws.us-east-1.nothing"; }),
              "InvalidServiceName");
    EXPECT_EQ(refused([](auto& in) { in.ServiceName = "com.amazonaws.us-east-1.ec2"; }), "InvalidParameter");
    EXPECT_EQ(refused([](auto& in) { in.PolicyDocument = "{}"; }), "InvalidPolicyDocument");
    EXPECT_EQ(refused([](auto& in) { in.PrivateDnsEnabled = true; }), "InvalidParameter");
    EXPECT_EQ(refused([](auto& in) { in.VpcEndpointType = "GatewayLoadBalancer"; }), "UnsupportedOperation");
    EXPECT_EQ(refused([](auto& in) { in.RouteTableIds = {"rtb-00000000000000000"}; }),
              "InvalidRouteTableID.NotFound");
    DescribeVpcEndpointsRequest of;
    of.VpcEndpointIds = {"endpoint"};
    EXPECT_EQ(code_of([&] { DescribeVpcEndpoints(call, of); }), "InvalidVpcEndpointId.Malformed");
  });
}

TEST(VpcEndpoint, InterfaceOneHasAnAddressInEachSubnet) {
  World w;
  w.t.call([&](Call& call) {
    CreateVpcEndpointRequest in;
    in.VpcId = w.vpc_id;
    in.VpcEndpointType = "Interface";
    in.ServiceName = "com.amazonaws.us-east-1.ec2";
    in.SubnetIds = {w.subnet_id};
    const VpcEndpoint made = *CreateVpcEndpoint(call, in).VpcEndpoint;
    ASSERT_EQ(made.NetworkInterfaceIds.size(), 1u);
    EXPECT_EQ(made.Groups.at(0).GroupName, "default");
    ModifyVpcEndpointRequest modify;
    modify.VpcEndpointId = made.VpcEndpointId;
    modify.SubnetConfigurations = {{.SubnetId = w.subnet_id, .Ipv4 = "10.0.1.77"}};
    modify.DnsOptions.emplace().DnsRecordIpType = "service-defined";
    ModifyVpcEndpoint(call, modify);
    const auto interfaces = DescribeNetworkInterfaces(call, {}).NetworkInterfaces;
    ASSERT_EQ(interfaces.size(), 1u);
    EXPECT_EQ(interfaces[0].PrivateIpAddress, "10.0.1.77");
    EXPECT_EQ(endpoint_snapshots(call, w.vpc_id).at(0).addresses, std::vector<std::string>{"10.0.1.77"});
    const VpcEndpoint now = DescribeVpcEndpoints(call, {}).VpcEndpoints.at(0);
    EXPECT_EQ(now.NetworkInterfaceIds, std::vector{*interfaces[0].NetworkInterfaceId});
    EXPECT_EQ(now.DnsOptions->DnsRecordIpType, "service-defined");
    ModifyVpcEndpoint(call, modify);  // the address that it has
    EXPECT_EQ(DescribeVpcEndpoints(call, {}).VpcEndpoints.at(0).NetworkInterfaceIds, now.NetworkInterfaceIds);
    modify.DnsOptions->DnsRecordIpType = "dualstack";
    EXPECT_EQ(code_of([&] { ModifyVpcEndpoint(call, modify); }), "UnsupportedOperation");
    DeleteVpcEndpointsRequest remove;
    remove.VpcEndpointIds = {*made.VpcEndpointId};
    DeleteVpcEndpoints(call, remove);
    EXPECT_TRUE(DescribeNetworkInterfaces(call, {}).NetworkInterfaces.empty());
  });
}

}  // namespace landfall::ec2
