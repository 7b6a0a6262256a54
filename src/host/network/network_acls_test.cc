#include "host/network/network_acls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/network/nft_match.h"
#include "host/network/security_groups.h"

namespace landfall::host {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

NetworkAclEntry allow(const char* protocol, int64_t from, int64_t to, const char* cidr) {
  return {.action = "allow", .protocol = protocol, .from_port = from, .to_port = to, .cidr = cidr};
}
NetworkAclEntry deny(const char* protocol, int64_t from, int64_t to, const char* cidr) {
  return {.action = "deny", .protocol = protocol, .from_port = from, .to_port = to, .cidr = cidr};
}

// Two subnets, the second behind an ACL.
VpcFirewall firewall(std::vector<NetworkAclEntry> ingress, std::vector<NetworkAclEntry> egress) {
  return {.subnets = {{.subnet_id = "subnet-open", .cidr = "10.0.1.0/24"},
                      {.subnet_id = "subnet-1", .cidr = "10.0.2.0/24", .network_acl_id = "acl-1"}},
          .acls = {{.network_acl_id = "acl-1", .ingress = std::move(ingress), .egress = std::move(egress)}}};
}

Interface interface_in(std::string id, std::string ip, std::string subnet) {
  return {.interface_id = std::move(id),
          .vpc_id = "vpc-1",
          .subnet_id = std::move(subnet),
          .private_ip = std::move(ip),
          .attachment = "workload"};
}

}  // namespace

TEST(NetworkAcls, AreTriedInOrderAndTheLastDenies) {
  const Ruleset rules =
      compile(firewall({deny("6", 22, 22, "0.0.0.0/0"), allow("6", 0, 1024, "10.0.0.0/8"),
                        allow("1", 8, -1, "0.0.0.0/0"), allow("1", 3, 4, "0.0.0.0/0")},
                       {allow("17", 53, 53, "10.0.0.0/8"), allow("-1", -1, -1, "10.0.1.0/24")}))
          .value();
  EXPECT_THAT(rules.chains.at("in_acl_1").rules,
              ElementsAre("tcp dport 22 drop", "ip saddr 10.0.0.0/8 tcp dport 0-1024 return",
                          "icmp type 8 return", "icmp type 3 icmp code 4 return", "drop"));
  EXPECT_THAT(rules.chains.at("out_acl_1").rules,
              ElementsAre("ip daddr 10.0.0.0/8 udp dport 53 return", "ip daddr 10.0.1.0/24 return", "drop"));
}

TEST(NetworkAcls, JudgeAtTheBorderOfTheirSubnetOnly) {
  const Ruleset rules = compile(firewall({}, {})).value();
  EXPECT_THAT(rules.sets.at("acl_egress").elements, ElementsAre(Pair("10.0.2.0/24", "jump leave_subnet_1")));
  EXPECT_THAT(rules.sets.at("acl_ingress").elements, ElementsAre(Pair("10.0.2.0/24", "jump enter_subnet_1")));
  EXPECT_THAT(rules.chains.at("leave_subnet_1").rules,
              ElementsAre("meta mark 0 ip daddr 10.0.2.0/24 return", "goto out_acl_1"));
  EXPECT_THAT(rules.chains.at("enter_subnet_1").rules,
              ElementsAre("meta mark 0 ip saddr 10.0.2.0/24 return", "goto in_acl_1"));
  EXPECT_THAT(rules.chains, Not(Contains(Key("leave_subnet_open"))));
}

TEST(NetworkAcls, JudgeRepliesTooAndTheServicesNever) {
  const Ruleset rules = compile(firewall({}, {})).value();
  for (const char* chain : {"acl_forward", "acl_input", "acl_output"}) {
    EXPECT_THAT(rules.chains.at(chain).hook, HasSubstr("priority filter - 1")) << "before the connections";
    for (const std::string& rule : rules.chains.at(chain).rules)
      EXPECT_THAT(rule, Not(HasSubstr("ct state")));
  }
  EXPECT_EQ(rules.chains.at("acl_input").rules.front(), "ip daddr @services accept");
  EXPECT_EQ(rules.chains.at("acl_output").rules.front(), "ip saddr @services accept");
}

TEST(NetworkAcls, CostNothingWhereNoSubnetHasOne) {
  VpcFirewall open = firewall({}, {});
  open.subnets[1].network_acl_id.clear();
  const Ruleset rules = compile(open).value();
  for (const auto& [name, chain] : rules.chains) EXPECT_THAT(name, Not(HasSubstr("acl")));
  for (const auto& [name, set] : rules.sets) EXPECT_THAT(name, Not(HasSubstr("acl")));
}

TEST(NetworkAcls, AnInterfaceThatMaySendFromOtherAddressesLeavesItsOwnSubnet) {
  VpcFirewall with = firewall({}, {});
  with.interfaces = {interface_in("eni-nat", "10.0.2.5", "subnet-1"),
                     interface_in("eni-1", "10.0.2.6", "subnet-1")};
  with.interfaces[0].source_dest_check = false;
  const Ruleset rules = compile(with).value();
  EXPECT_THAT(rules.sets.at("acl_egress_of_device").elements,
              ElementsAre(Pair(quoted_device("eni-nat"), "jump leave_subnet_1")));
  EXPECT_THAT(rules.chains.at("raw").rules, Contains("iifname @unchecked meta mark set 1 accept"));
  EXPECT_THAT(rules.chains.at("acl_forward").rules,
              Contains("meta mark 1 iifname vmap @acl_egress_of_device"));
}

TEST(NetworkAcls, AChangedEntryTouchesItsAclsChainAndAnotherAclTheSubnetsOwn) {
  VpcFirewall one = firewall({}, {});
  const Ruleset before = compile(one).value();
  one.acls[0].ingress.push_back(allow("6", 80, 80, "0.0.0.0/0"));
  const Ruleset changed = compile(one).value();
  EXPECT_EQ(transaction(before, changed),
            "flush chain ip landfall in_acl_1\n"
            "add rule ip landfall in_acl_1 tcp dport 80 return\n"
            "add rule ip landfall in_acl_1 drop\n");
  one.acls.push_back({.network_acl_id = "acl-2"});
  one.subnets[1].network_acl_id = "acl-2";
  EXPECT_THAT(transaction(changed, compile(one).value()), Not(HasSubstr("element")));
}

TEST(NetworkAcls, RefuseWhatWouldReachTheNftTextUnchecked) {
  const auto refused = [](NetworkAclEntry entry) {
    return !compile(firewall({std::move(entry)}, {})).has_value();
  };
  EXPECT_FALSE(refused(allow("6", 80, 80, "10.0.0.0/8")));
  EXPECT_TRUE(refused(allow("6; flush ruleset", 80, 80, "10.0.0.0/8")));
  EXPECT_TRUE(refused(allow("6", 80, 65536, "10.0.0.0/8")));
  EXPECT_TRUE(refused(allow("6", 80, 80, "10.0.0.0/8 accept")));
  EXPECT_TRUE(refused({.action = "accept", .cidr = "10.0.0.0/8"}));
  VpcFirewall bad = firewall({}, {});
  bad.subnets[1].network_acl_id = "acl-none";
  EXPECT_FALSE(compile(bad).has_value());
  bad = firewall({}, {});
  bad.subnets[1].subnet_id = "subnet }";
  EXPECT_FALSE(compile(bad).has_value());
}

}  // namespace landfall::host
