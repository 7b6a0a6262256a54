#include "services/ec2/network_acls.h"

#include "services/ec2/ec2_testing.h"

namespace landfall::ec2 {

namespace {

CreateNetworkAclEntryRequest web_entry(const std::string& acl_id, int64_t number) {
  CreateNetworkAclEntryRequest in;
  in.NetworkAclId = acl_id;
  in.RuleNumber = number;
  in.Protocol = "tcp";
  in.RuleAction = "allow";
  in.Egress = false;
  in.CidrBlock = "10.0.0.1/8";
  in.PortRange.emplace() = {.From = 80, .To = 81};
  return in;
}

std::string make_acl(Call& call, const std::string& vpc_id) {
  CreateNetworkAclRequest in;
  in.VpcId = vpc_id;
  return *CreateNetworkAcl(call, in).NetworkAcl->NetworkAclId;
}

}  // namespace

TEST(NetworkAcl, EntriesAreNumberedCanonicalAndReplaced) {
  World w;
  w.t.call([&](Call& call) {
    const std::string acl = make_acl(call, w.vpc_id);
    CreateNetworkAclEntryRequest in = web_entry(acl, 100);
    CreateNetworkAclEntry(call, in);
    EXPECT_EQ(code_of([&] { CreateNetworkAclEntry(call, in); }), "NetworkAclEntryAlreadyExists");
    CreateNetworkAclEntry(call, web_entry(acl, 50));
    DescribeNetworkAclsRequest of;
    of.NetworkAclIds = {acl};
    const auto entries = DescribeNetworkAcls(call, of).NetworkAcls.at(0).Entries;
    ASSERT_EQ(entries.size(), 4u);  // and the last of each direction
    EXPECT_EQ(entries[1].RuleNumber, 50);
    EXPECT_EQ(entries[2].Protocol, "6");
    EXPECT_EQ(entries[2].CidrBlock, "10.0.0.0/8");
    EXPECT_EQ(entries[3].RuleNumber, 32767);
    ReplaceNetworkAclEntryRequest replace;
    replace.NetworkAclId = acl;
    replace.RuleNumber = 70;
    replace.Protocol = "-1";
    replace.RuleAction = "deny";
    replace.Egress = false;
    replace.CidrBlock = "0.0.0.0/0";
    EXPECT_EQ(code_of([&] { ReplaceNetworkAclEntry(call, replace); }), "InvalidNetworkAclEntry.NotFound");
    replace.RuleNumber = 50;
    ReplaceNetworkAclEntry(call, replace);
    EXPECT_EQ(DescribeNetworkAcls(call, of).NetworkAcls.at(0).Entries[1].RuleAction, "deny");
    DeleteNetworkAclEntryRequest remove;
    remove.NetworkAclId = acl;
    remove.RuleNumber = 50;
    remove.Egress = true;
    EXPECT_EQ(code_of([&] { DeleteNetworkAclEntry(call, remove); }), "InvalidNetworkAclEntry.NotFound");
    remove.Egress = false;
    DeleteNetworkAclEntry(call, remove);
  });
}

TEST(NetworkAcl, EntriesAreChecked) {
  World w;
  w.t.call([&](Call& call) {
    const std::string acl = make_acl(call, w.vpc_id);
    const auto refused = [&](auto change) {
      CreateNetworkAclEntryRequest in = web_entry(acl, 100);
      change(in);
      return code_of([&] { CreateNetworkAclEntry(call, in); });
    };
    EXPECT_EQ(refused([](auto& in) { in.RuleNumber = 32767; }), "InvalidParameterValue");
    EXPECT_EQ(refused([](auto& in) { in.RuleNumber = 0; }), "InvalidParameterValue");
    EXPECT_EQ(refused([](auto& in) { in.RuleAction = "perhaps"; }), "InvalidParameterValue");
    EXPECT_EQ(refused([](auto& in) { in.CidrBlock = "ten"; }), "InvalidParameterValue");
    EXPECT_EQ(refused([](auto& in) { in.PortRange.reset(); }), "MissingParameter");
    EXPECT_EQ(refused([](auto& in) { in.Protocol = "1"; }), "MissingParameter");
    EXPECT_EQ(refused([](auto& in) { in.Ipv6CidrBlock = "::/0"; }), "InvalidParameterCombination");
    EXPECT_EQ(refused([](auto& in) { in.NetworkAclId = "acl-00000000000000000"; }),
              "InvalidNetworkAclID.NotFound");
  });
}

TEST(NetworkAcl, SubnetsMoveBetweenAclsAndOneInUseStays) {
  World w;
  w.t.call([&](Call& call) {
    const std::string acl = make_acl(call, w.vpc_id);
    const auto of_subnet = [&] {
      return DescribeNetworkAcls(
                 call, with_filter<DescribeNetworkAclsRequest>("association.subnet-id", {w.subnet_id}))
          .NetworkAcls.at(0);
    };
    const NetworkAcl first = of_subnet();
    EXPECT_EQ(first.IsDefault, true);
    ReplaceNetworkAclAssociationRequest in;
    in.AssociationId = first.Associations.at(0).NetworkAclAssociationId;
    in.NetworkAclId = acl;
    const std::string association = *ReplaceNetworkAclAssociation(call, in).NewAssociationId;
    EXPECT_EQ(of_subnet().NetworkAclId, acl);
    EXPECT_EQ(code_of([&] { ReplaceNetworkAclAssociation(call, in); }), "InvalidAssociationID.NotFound");
    DeleteNetworkAclRequest remove;
    remove.NetworkAclId = acl;
    EXPECT_EQ(code_of([&] { DeleteNetworkAcl(call, remove); }), "DependencyViolation");
    in.AssociationId = association;
    in.NetworkAclId = first.NetworkAclId;
    ReplaceNetworkAclAssociation(call, in);
    DeleteNetworkAcl(call, remove);
    remove.NetworkAclId = first.NetworkAclId;
    EXPECT_EQ(code_of([&] { DeleteNetworkAcl(call, remove); }), "InvalidParameterValue");
  });
}

TEST(NetworkAcl, HostEnforcesWhatIsNotOpen) {
  World w;
  const auto network = [&] { return desired<host::Network>(w.t, "Network", w.vpc_id).value(); };
  EXPECT_TRUE(network().network_acls.empty()) << "a default ACL allows everything";
  EXPECT_EQ(network().subnets.at(0).network_acl_id, "");
  const std::string acl = w.t.call([&](Call& call) {
    const std::string made = make_acl(call, w.vpc_id);
    CreateNetworkAclEntry(call, web_entry(made, 100));
    return made;
  });
  EXPECT_TRUE(network().network_acls.empty()) << "no subnet has it";
  w.t.call([&](Call& call) {
    ReplaceNetworkAclAssociationRequest in;
    in.AssociationId = rows(call, kSubnets).get(w.subnet_id)->acl_association_id;
    in.NetworkAclId = acl;
    ReplaceNetworkAclAssociation(call, in);
  });
  EXPECT_EQ(network().subnets.at(0).network_acl_id, acl);
  ASSERT_EQ(network().network_acls.size(), 1u);
  EXPECT_EQ(
      to_json(network().network_acls[0]),
      R"({"network_acl_id":")" + acl +
          R"(","ingress":[{"action":"allow","protocol":"6","from_port":80,"to_port":81,"cidr":"10.0.0.0/8"}],"egress":[]})");
  // Each entry at once; one behind "everything" is never tried.
  w.t.call([&](Call& call) {
    for (const bool egress : {false, true}) {
      CreateNetworkAclEntryRequest in = web_entry(acl, 10);
      in.Egress = egress;
      in.Protocol = "-1";
      in.CidrBlock = "0.0.0.0/0";
      CreateNetworkAclEntry(call, in);
    }
  });
  EXPECT_TRUE(network().network_acls.empty());
  EXPECT_EQ(network().subnets.at(0).network_acl_id, "");
}

TEST(NetworkAcl, IcmpTypesAndTheOrderReachHostAndIpv6DoesNot) {
  NetworkAclRecord acl{.network_acl_id = "acl-1"};
  acl.entries = {{.number = 10, .protocol = "1", .cidr_ipv4 = "0.0.0.0/0", .icmp_type = 8},
                 {.number = 20, .action = "deny", .cidr_ipv6 = "::/0"},
                 {.number = 30, .action = "deny", .cidr_ipv4 = "0.0.0.0/0"}};
  const auto enforced = enforced_acl(acl);
  ASSERT_TRUE(enforced.has_value());
  ASSERT_EQ(enforced->ingress.size(), 2u);
  EXPECT_EQ(enforced->ingress[0].from_port, 8);
  EXPECT_EQ(enforced->ingress[0].to_port, -1);
  EXPECT_EQ(enforced->ingress[1].action, "deny");
  EXPECT_TRUE(enforced->egress.empty());
}

}  // namespace landfall::ec2
