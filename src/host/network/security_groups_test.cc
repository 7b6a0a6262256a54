#include "host/network/security_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/network/ipv4.h"
#include "host/network/nft_match.h"

namespace landfall::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SecurityGroup group(std::string id, std::vector<SecurityGroupRule> ingress,
                    std::vector<SecurityGroupRule> egress = {}) {
  return {.group_id = std::move(id),
          .vpc_id = "vpc-1",
          .ingress = std::move(ingress),
          .egress = std::move(egress)};
}

Interface interface(std::string id, std::string ip, std::vector<std::string> groups) {
  return {.interface_id = std::move(id),
          .vpc_id = "vpc-1",
          .private_ip = std::move(ip),
          .security_group_ids = std::move(groups),
          .attachment = "workload"};
}

std::vector<std::string> ingress_rules(SecurityGroupRule rule) {
  VpcFirewall firewall{.groups = {group("sg-1", {std::move(rule)})}};
  return compile(firewall).value().chains.at("in_sg_1").rules;
}

}  // namespace

TEST(SecurityGroups, WriteEachProtocolAsAwsMeansIt) {
  EXPECT_THAT(ingress_rules({.protocol = "tcp", .from_port = 80, .to_port = 80, .cidrs = {"0.0.0.0/0"}}),
              ElementsAre("tcp dport 80 accept"));
  EXPECT_THAT(ingress_rules({.protocol = "udp", .from_port = 1000, .to_port = 2000, .cidrs = {"10.0.0.0/8"}}),
              ElementsAre("ip saddr 10.0.0.0/8 udp dport 1000-2000 accept"));
  EXPECT_THAT(ingress_rules({.protocol = "tcp", .from_port = 0, .to_port = 65535, .cidrs = {"10.0.0.0/8"}}),
              ElementsAre("ip saddr 10.0.0.0/8 meta l4proto tcp accept"));
  EXPECT_THAT(ingress_rules({.protocol = "-1", .cidrs = {"10.1.2.3/32"}}),
              ElementsAre("ip saddr 10.1.2.3/32 accept"));
  EXPECT_THAT(ingress_rules({.protocol = "icmp", .from_port = 8, .to_port = -1, .cidrs = {"0.0.0.0/0"}}),
              ElementsAre("icmp type 8 accept"));
  EXPECT_THAT(ingress_rules({.protocol = "icmp", .from_port = 3, .to_port = 4, .cidrs = {"0.0.0.0/0"}}),
              ElementsAre("icmp type 3 icmp code 4 accept"));
  EXPECT_THAT(ingress_rules({.protocol = "50", .cidrs = {"0.0.0.0/0"}}),
              ElementsAre("meta l4proto 50 accept"));
}

TEST(SecurityGroups, MergeCidrsThatOverlap) {
  EXPECT_THAT(ingress_rules(
                  {.protocol = "-1", .cidrs = {"192.168.0.0/16", "10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8"}}),
              ElementsAre("ip saddr { 10.0.0.0/8, 192.168.0.0/16 } accept"));
  EXPECT_THAT(ingress_rules({.protocol = "-1", .cidrs = {"10.0.0.0/8", "0.0.0.0/0"}}), ElementsAre("accept"));
}

TEST(SecurityGroups, ReferToMembersOfAnotherGroupByItsSet) {
  VpcFirewall firewall{
      .interfaces = {interface("eni-1", "10.0.0.5", {"sg-web"}), interface("eni-2", "10.0.0.6", {"sg-db"})},
      .groups = {
          group("sg-db", {{.protocol = "tcp", .from_port = 5432, .to_port = 5432, .group_ids = {"sg-web"}}}),
          group("sg-web", {}, {{.protocol = "-1", .group_ids = {"sg-db"}}})}};
  const Ruleset rules = compile(firewall).value();
  EXPECT_THAT(rules.chains.at("in_sg_db").rules,
              ElementsAre("ip saddr @members_sg_web tcp dport 5432 accept"));
  EXPECT_THAT(rules.chains.at("out_sg_web").rules, ElementsAre("ip daddr @members_sg_db goto ingress"));
  EXPECT_EQ(rules.sets.at("members_sg_web").elements.count("10.0.0.5"), 1u);
  EXPECT_EQ(rules.sets.at("members_sg_web").elements.size(), 1u);
}

TEST(SecurityGroups, AMembershipChangeTouchesElementsAndTheInterfacesOwnChainsOnly) {
  VpcFirewall firewall{
      .interfaces = {interface("eni-1", "10.0.0.5", {"sg-1"})},
      .groups = {group("sg-1", {{.cidrs = {"0.0.0.0/0"}}}), group("sg-2", {{.cidrs = {"0.0.0.0/0"}}})}};
  const Ruleset before = compile(firewall).value();
  firewall.interfaces[0].security_group_ids = {"sg-1", "sg-2"};
  EXPECT_EQ(transaction(before, compile(firewall).value()),
            "add element ip landfall members_sg_2 { 10.0.0.5 }\n"
            "flush chain ip landfall from_eni_1\n"
            "add rule ip landfall from_eni_1 jump out_sg_1\n"
            "add rule ip landfall from_eni_1 jump out_sg_2\n"
            "flush chain ip landfall to_eni_1\n"
            "add rule ip landfall to_eni_1 jump in_sg_1\n"
            "add rule ip landfall to_eni_1 jump in_sg_2\n");
}

TEST(SecurityGroups, RemovingAnInterfaceTakesItsElementsBeforeItsChains) {
  VpcFirewall firewall{.interfaces = {interface("eni-1", "10.0.0.5", {"sg-1"})},
                       .groups = {group("sg-1", {})}};
  const Ruleset before = compile(firewall).value();
  firewall.interfaces.clear();
  const std::string text = transaction(before, compile(firewall).value());
  EXPECT_THAT(text, HasSubstr("delete element ip landfall egress_of { 10.0.0.5 }"));
  EXPECT_THAT(text, HasSubstr("delete chain ip landfall to_eni_1"));
  EXPECT_LT(text.find("delete element"), text.find("delete chain"));
}

TEST(SecurityGroups, SayNothingWhenNothingChanged) {
  VpcFirewall firewall{.interfaces = {interface("eni-1", "10.0.0.5", {"sg-1"})},
                       .groups = {group("sg-1", {})}};
  EXPECT_EQ(transaction(compile(firewall).value(), compile(firewall).value()), "");
}

TEST(SecurityGroups, AnEdgeInterfaceHasNoDeviceThatCouldSpoof) {
  Interface node = interface("eni-1", "10.0.0.5", {"sg-1"});
  node.attachment = "edge";
  const Ruleset rules = compile({.interfaces = {node}, .groups = {group("sg-1", {})}}).value();
  EXPECT_TRUE(rules.sets.at("owned").elements.empty());
  EXPECT_EQ(rules.sets.at("ingress_of").elements.at("10.0.0.5"), "jump to_eni_1");
}

TEST(SecurityGroups, RefuseWhatWouldReachTheNftTextUnchecked) {
  const auto refused = [](SecurityGroupRule rule) {
    return !compile({.groups = {group("sg-1", {std::move(rule)})}}).has_value();
  };
  EXPECT_TRUE(refused({.protocol = "tcp; flush ruleset", .cidrs = {"0.0.0.0/0"}}));
  EXPECT_TRUE(refused({.protocol = "tcp", .from_port = 1, .to_port = 70000, .cidrs = {"0.0.0.0/0"}}));
  EXPECT_TRUE(refused({.protocol = "tcp", .from_port = 9, .to_port = 8, .cidrs = {"0.0.0.0/0"}}));
  EXPECT_TRUE(refused({.cidrs = {"10.0.0.0/8 accept"}}));
  EXPECT_TRUE(refused({.cidrs = {"010.0.0.0/8"}}));
  EXPECT_TRUE(refused({.group_ids = {"sg-1 accept"}}));
  EXPECT_FALSE(compile({.interfaces = {interface("eni-1", "10.0.0.5}", {})}}).has_value());
  EXPECT_FALSE(compile({.interfaces = {interface("eni 1", "10.0.0.5", {})}}).has_value());
}

TEST(SecurityGroups, DeviceNamesFitAndDiffer) {
  EXPECT_EQ(router_device_name("eni-0123456789abcdef0").size(), 15u);
  EXPECT_NE(router_device_name("eni-0123456789abcdef0"), router_device_name("eni-0123456789abcdef1"));
}

TEST(Ipv4, ParsesStrictly) {
  EXPECT_EQ(parse_ipv4("10.0.1.5").value().to_string(), "10.0.1.5");
  EXPECT_EQ(parse_cidr("10.0.1.5/16").value().to_string(), "10.0.0.0/16");
  EXPECT_TRUE(parse_cidr("0.0.0.0/0").value().contains({0xffffffff}));
  for (const char* bad :
       {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.04", " 1.2.3.4", "1..2.3"})
    EXPECT_FALSE(parse_ipv4(bad).has_value()) << bad;
  for (const char* bad : {"1.2.3.4", "1.2.3.4/33", "1.2.3.4/", "1.2.3.4/-1"})
    EXPECT_FALSE(parse_cidr(bad).has_value()) << bad;
}

}  // namespace landfall::host
