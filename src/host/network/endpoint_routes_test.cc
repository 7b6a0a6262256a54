#include "host/network/endpoint_routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/network/security_groups.h"

namespace landfall::host {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Key;
using testing::Not;

Subnet subnet(std::string internet, bool s3_endpoint = false) {
  return {.subnet_id = "subnet-1",
          .cidr = "10.0.1.0/24",
          .internet = std::move(internet),
          .s3_endpoint = s3_endpoint};
}

Interface public_interface(std::string id, std::string ip, std::string public_ip = "") {
  return {.interface_id = std::move(id),
          .vpc_id = "vpc-1",
          .subnet_id = "subnet-1",
          .private_ip = std::move(ip),
          .attachment = "workload",
          .public_ip = std::move(public_ip)};
}

}  // namespace

TEST(EndpointRoutes, AnInternetGatewayServesInterfacesWithAPublicAddress) {
  EXPECT_TRUE(reaches_internet(subnet("public"), public_interface("eni-1", "10.0.1.5", "127.77.1.1")));
  EXPECT_FALSE(reaches_internet(subnet("public"), public_interface("eni-1", "10.0.1.5")));
  EXPECT_TRUE(reaches_internet(subnet("all"), public_interface("eni-1", "10.0.1.5")));
  EXPECT_FALSE(reaches_internet(subnet("none"), public_interface("eni-1", "10.0.1.5", "127.77.1.1")));
}

TEST(EndpointRoutes, AGatewayEndpointLeadsToS3Alone) {
  EXPECT_TRUE(reaches_s3(subnet("none", true), public_interface("eni-1", "10.0.1.5")));
  EXPECT_FALSE(reaches_internet(subnet("none", true), public_interface("eni-1", "10.0.1.5")));
  EXPECT_TRUE(reaches_s3(subnet("all"), public_interface("eni-1", "10.0.1.5")));
  EXPECT_FALSE(reaches_s3(subnet("public"), public_interface("eni-1", "10.0.1.5")));
}

TEST(EndpointRoutes, AreJudgedBeforeConnectionsAndDropTheRest) {
  const Ruleset rules = compile({.service_addresses = {kS3Address, kAwsEndpointsAddress},
                                 .interfaces = {public_interface("eni-1", "10.0.1.5", "127.77.1.1"),
                                                public_interface("eni-2", "10.0.1.6")},
                                 .subnets = {subnet("public")}})
                            .value();
  EXPECT_EQ(rules.chains.at("input").rules.front(), "ip daddr @endpoints goto endpoints");
  EXPECT_EQ(rules.chains.at("endpoints").rules.back(), "drop");
  EXPECT_THAT(rules.sets.at("endpoint_users").elements,
              ElementsAre(Key("10.0.1.5 . 169.254.169.251"), Key("10.0.1.5 . 169.254.169.252")));
}

TEST(EndpointRoutes, CostNothingWhereAllHaveAWay) {
  Interface node = public_interface("eni-node", "10.0.1.20");
  node.attachment = "edge";
  const Ruleset rules = compile({.interfaces = {public_interface("eni-1", "10.0.1.5", "127.77.1.1"), node},
                                 .subnets = {subnet("public")}})
                            .value();
  EXPECT_THAT(rules.chains, Not(Contains(Key("endpoints"))));
  EXPECT_THAT(rules.chains.at("input").rules, Not(Contains("ip daddr @endpoints goto endpoints")));
}

}  // namespace landfall::host
