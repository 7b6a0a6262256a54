#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

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

}  // namespace landfall::ec2
