#include "services/ec2/nat_gateways.h"

#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

TEST(NatGateway, PrivateOneHasAnAddressOfItsSubnetUntilItIsDeleted) {
  World w;
  w.t.call([&](Call& call) {
    CreateNatGatewayRequest in;
    in.SubnetId = w.subnet_id;
    in.ConnectivityType = "private";
    in.ClientToken = "once";
    const NatGateway made = *CreateNatGateway(call, in).NatGateway;
    EXPECT_EQ(made.NatGatewayAddresses.at(0).PrivateIp, "10.0.1.4");
    EXPECT_EQ(CreateNatGateway(call, in).NatGateway->NatGatewayId, made.NatGatewayId);
    in.ConnectivityType = "public";
    EXPECT_EQ(code_of([&] { CreateNatGateway(call, in); }), "IdempotentParameterMismatch");
    DeleteSubnetRequest subnet;
    subnet.SubnetId = w.subnet_id;
    EXPECT_EQ(code_of([&] { DeleteSubnet(call, subnet); }), "DependencyViolation");
    DeleteNatGatewayRequest remove;
    remove.NatGatewayId = made.NatGatewayId;
    DeleteNatGateway(call, remove);
    EXPECT_EQ(code_of([&] { DeleteNatGateway(call, remove); }), "NatGatewayNotFound");
    remove.NatGatewayId = "gateway";
    EXPECT_EQ(code_of([&] { DeleteNatGateway(call, remove); }), "NatGatewayMalformed");
    DeleteSubnet(call, subnet);
  });
}

TEST(NatGateway, PublicOneTakesAnElasticIpAndARouteToItGoesBlackWithIt) {
  World w;
  w.t.call([&](Call& call) {
    CreateNatGatewayRequest in;
    in.SubnetId = w.subnet_id;
    EXPECT_EQ(code_of([&] { CreateNatGateway(call, in); }), "MissingParameter");
    in.AllocationId = AllocateAddress(call, {}).AllocationId;
    EXPECT_EQ(code_of([&] { CreateNatGateway(call, in); }), "Gateway.NotAttached");
    AttachInternetGatewayRequest attach;
    attach.InternetGatewayId = CreateInternetGateway(call, {}).InternetGateway->InternetGatewayId;
    attach.VpcId = w.vpc_id;
    AttachInternetGateway(call, attach);
    const std::string id = *CreateNatGateway(call, in).NatGateway->NatGatewayId;
    EXPECT_EQ(code_of([&] { CreateNatGateway(call, in); }), "Resource.AlreadyAssociated");

    CreateRouteTableRequest table;
    table.VpcId = w.vpc_id;
    CreateRouteRequest route;
    route.RouteTableId = CreateRouteTable(call, table).RouteTable->RouteTableId;
    route.DestinationCidrBlock = "0.0.0.0/0";
    route.NatGatewayId = id;
    CreateRoute(call, route);
    const auto state = [&] {
      DescribeRouteTablesRequest of;
      of.RouteTableIds = {*route.RouteTableId};
      return *DescribeRouteTables(call, of).RouteTables.at(0).Routes.at(1).State;
    };
    EXPECT_EQ(state(), "active");
    DeleteNatGatewayRequest remove;
    remove.NatGatewayId = id;
    DeleteNatGateway(call, remove);
    EXPECT_EQ(state(), "blackhole");
    EXPECT_FALSE(DescribeAddresses(call, {}).Addresses.at(0).AssociationId);
  });
}

}  // namespace landfall::ec2
