#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

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

}  // namespace landfall::ec2
