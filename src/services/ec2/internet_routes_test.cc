#include "services/ec2/internet_routes.h"

#include <gmock/gmock.h>

#include "services/ec2/ec2_testing.h"
#include "services/ec2/vpc_endpoints.h"

namespace landfall::ec2 {

namespace {

RouteTableRecord table_to(RouteRecord route) {
  return {.route_table_id = "rtb-1",
          .vpc_id = "vpc-1",
          .routes = {{.destination = "10.0.0.0/16", .gateway_id = "local"}, std::move(route)},
          .associations = {}};
}

const RouteExits kExits{.internet_gateway = [](const std::string& id) { return id == "igw-1"; },
                        .nat_gateway = [](const std::string& id) { return id == "nat-1"; },
                        .nat_interface = [](const std::string& id) { return id == "eni-nat"; }};

host::Subnet desired_subnet(World& w, const std::string& subnet_id) {
  const auto network = desired<host::Network>(w.t, "Network", w.vpc_id).value();
  for (const host::Subnet& subnet : network.subnets)
    if (subnet.subnet_id == subnet_id) return subnet;
  return {};
}

std::string main_table(Call& call, const World& w) {
  return rows(call, kVpcs).get(w.vpc_id)->main_route_table_id;
}

std::string attach_gateway(Call& call, const World& w) {
  const std::string id = *CreateInternetGateway(call, {}).InternetGateway->InternetGatewayId;
  AttachInternetGatewayRequest in;
  in.InternetGatewayId = id;
  in.VpcId = w.vpc_id;
  AttachInternetGateway(call, in);
  return id;
}

void route(Call& call, const std::string& table, const std::string& gateway, const std::string& nat = "") {
  CreateRouteRequest in;
  in.RouteTableId = table;
  in.DestinationCidrBlock = "0.0.0.0/0";
  if (!gateway.empty()) in.GatewayId = gateway;
  if (!nat.empty()) in.NatGatewayId = nat;
  CreateRoute(call, in);
}

}  // namespace

TEST(InternetRoutes, ADefaultRouteLeadsWhereItsTargetIs) {
  using enum InternetAccess;
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .gateway_id = "igw-1"}), kExits),
            with_public_address);
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .nat_gateway_id = "nat-1"}), kExits),
            for_all);
  EXPECT_EQ(
      internet_access(table_to({.destination = "0.0.0.0/0", .network_interface_id = "eni-nat"}), kExits),
      for_all);
}

TEST(InternetRoutes, ABlackholeAndAnotherDestinationLeadNowhere) {
  using enum InternetAccess;
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .gateway_id = "igw-gone"}), kExits), none);
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .nat_gateway_id = "nat-gone"}), kExits),
            none);
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .network_interface_id = "eni-1"}), kExits),
            none);
  EXPECT_EQ(internet_access(table_to({.destination = "192.0.2.0/24", .gateway_id = "igw-1"}), kExits), none);
  EXPECT_EQ(internet_access(table_to({.destination = "0.0.0.0/0", .gateway_id = "igw-1"}), {}), none);
}

TEST(InternetRoutes, HostLearnsOfEachStep) {
  World w;
  EXPECT_EQ(desired_subnet(w, w.subnet_id).internet, "none");
  const std::string gateway = w.t.call([&](Call& call) { return attach_gateway(call, w); });
  EXPECT_EQ(desired_subnet(w, w.subnet_id).internet, "none") << "no route yet";
  w.t.call([&](Call& call) { route(call, main_table(call, w), gateway); });
  EXPECT_EQ(desired_subnet(w, w.subnet_id).internet, "public");
  w.t.call([&](Call& call) {
    DetachInternetGatewayRequest in;
    in.InternetGatewayId = gateway;
    in.VpcId = w.vpc_id;
    DetachInternetGateway(call, in);
  });
  EXPECT_EQ(desired_subnet(w, w.subnet_id).internet, "none") << "a blackhole";
}

TEST(InternetRoutes, ANatGatewayCountsWhileItsOwnSubnetLeadsOut) {
  World w;
  const auto made = w.t.call([&](Call& call) {
    const std::string gateway = attach_gateway(call, w);
    route(call, main_table(call, w), gateway);
    const std::string inner = w.make_subnet(call, "10.0.2.0/24", "us-east-1b");
    CreateRouteTableRequest table;
    table.VpcId = w.vpc_id;
    const std::string inside = *CreateRouteTable(call, table).RouteTable->RouteTableId;
    AssociateRouteTableRequest associate;
    associate.RouteTableId = inside;
    associate.SubnetId = inner;
    AssociateRouteTable(call, associate);
    CreateNatGatewayRequest nat;
    nat.SubnetId = w.subnet_id;
    nat.AllocationId = *AllocateAddress(call, {}).AllocationId;
    const std::string nat_id = *CreateNatGateway(call, nat).NatGateway->NatGatewayId;
    route(call, inside, "", nat_id);
    return std::array{inner, nat_id};
  });
  EXPECT_EQ(desired_subnet(w, made[0]).internet, "all");
  w.t.call([&](Call& call) {
    DeleteRouteRequest in;
    in.RouteTableId = main_table(call, w);
    in.DestinationCidrBlock = "0.0.0.0/0";
    DeleteRoute(call, in);
  });
  EXPECT_EQ(desired_subnet(w, made[0]).internet, "none") << "the gateway itself has no way out";
}

TEST(InternetRoutes, AnInterfacesDocumentHasItsPublicAddress) {
  World w;
  const auto interface = w.t.call([&](Call& call) {
    attach_gateway(call, w);
    return create_interface(call, {.subnet_id = w.subnet_id}).interface_id;
  });
  const auto public_ip = [&] {
    return desired<host::Interface>(w.t, "Interface", interface).value().public_ip;
  };
  EXPECT_EQ(public_ip(), "");
  const std::string association = w.t.call([&](Call& call) {
    AssociateAddressRequest in;
    in.AllocationId = *AllocateAddress(call, {}).AllocationId;
    in.NetworkInterfaceId = interface;
    return *AssociateAddress(call, in).AssociationId;
  });
  EXPECT_NE(public_ip(), "");
  w.t.call([&](Call& call) {
    DisassociateAddressRequest in;
    in.AssociationId = association;
    DisassociateAddress(call, in);
  });
  EXPECT_EQ(public_ip(), "");
}

TEST(InternetRoutes, AGatewayEndpointIsTheSubnetsOfItsTables) {
  World w;
  const std::string endpoint = w.t.call([&](Call& call) {
    CreateVpcEndpointRequest in;
    in.VpcId = w.vpc_id;
    in.ServiceName = "com.amazonaws.us-east-1.s3";
    in.RouteTableIds = {main_table(call, w)};
    return *CreateVpcEndpoint(call, in).VpcEndpoint->VpcEndpointId;
  });
  EXPECT_TRUE(desired_subnet(w, w.subnet_id).s3_endpoint);
  EXPECT_EQ(desired_subnet(w, w.subnet_id).internet, "none");
  ASSERT_EQ(metadata(w.t, w.vpc_id)->endpoints.size(), 1u);
  EXPECT_THAT(metadata(w.t, w.vpc_id)->endpoints[0].subnet_cidrs, testing::ElementsAre("10.0.1.0/24"));
  EXPECT_EQ(metadata(w.t, w.vpc_id)->endpoints[0].policy, "") << "the default policy allows everything";
  const std::string policy =
      R"({"Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]})";
  w.t.call([&](Call& call) {
    ModifyVpcEndpointRequest in;
    in.VpcEndpointId = endpoint;
    in.PolicyDocument = policy;
    ModifyVpcEndpoint(call, in);
    in.PolicyDocument = R"({"Statement":[{"Effect":"Perhaps"}]})";
    EXPECT_EQ(code_of([&] { ModifyVpcEndpoint(call, in); }), "InvalidPolicyDocument");
  });
  EXPECT_EQ(metadata(w.t, w.vpc_id)->endpoints[0].policy, policy);
  w.t.call([&](Call& call) {
    DeleteVpcEndpointsRequest in;
    in.VpcEndpointIds = {endpoint};
    DeleteVpcEndpoints(call, in);
  });
  EXPECT_FALSE(desired_subnet(w, w.subnet_id).s3_endpoint);
  EXPECT_TRUE(metadata(w.t, w.vpc_id)->endpoints.empty());
}

TEST(InternetRoutes, AnInterfaceEndpointsNamesHaveItsAddresses) {
  World w;
  const auto make = [&](const std::string& service, bool names) {
    return w.t.call([&](Call& call) {
      CreateVpcEndpointRequest in;
      in.VpcId = w.vpc_id;
      in.ServiceName = "com.amazonaws.us-east-1." + service;
      in.VpcEndpointType = "Interface";
      in.SubnetIds = {w.subnet_id};
      in.PrivateDnsEnabled = names;
      CreateVpcEndpoint(call, in);
      return endpoint_snapshots(call, w.vpc_id);
    });
  };
  auto all = make("sts", true);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(all[0].names, testing::ElementsAre("sts.us-east-1.amazonaws.com"));
  EXPECT_EQ(all[0].addresses.size(), 1u);
  EXPECT_EQ(to_json(metadata(w.t, w.vpc_id)->endpoints[0]), to_json(all[0]));
  const auto names_of = [](const std::vector<VpcEndpointSnapshot>& endpoints, std::string_view service) {
    for (const VpcEndpointSnapshot& endpoint : endpoints)
      if (endpoint.service_name.ends_with(service)) return endpoint.names;
    return std::vector<std::string>{"no such endpoint"};
  };
  EXPECT_TRUE(names_of(make("ec2", false), ".ec2").empty());
  EXPECT_THAT(names_of(make("s3", true), ".s3"),
              testing::ElementsAre("s3.us-east-1.amazonaws.com", "*.s3.us-east-1.amazonaws.com"));
}

}  // namespace landfall::ec2
