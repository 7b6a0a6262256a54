#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cloudwatch/operations.h"
#include "codec/fields.h"
#include "gateway/testing.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/record_sets.h"
#include "services/route53/route53.h"
#include "services/route53/snapshot.h"
#include "services/route53/store.h"

namespace landfall::route53 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ResourceRecordSet record(std::string name, std::string type, std::vector<std::string> values,
                         int64_t ttl = 300) {
  ResourceRecordSet set{.Name = std::move(name), .Type = std::move(type), .TTL = ttl};
  for (std::string& value : values) set.ResourceRecords.push_back({std::move(value)});
  return set;
}

ResourceRecordSet alias(std::string name, std::string type, std::string target, std::string zone) {
  ResourceRecordSet set{.Name = std::move(name), .Type = std::move(type)};
  set.AliasTarget = AliasTarget{std::move(zone), std::move(target), true};
  return set;
}

class Route53Test : public testing::Test {
 protected:
  std::string create(std::string name, std::string reference = "ref") {
    return t_
        .call(
            [&](Call& call) { return CreateHostedZone(call, {.Name = name, .CallerReference = reference}); })
        .HostedZone->Id.value();
  }
  ChangeInfo change(const std::string& zone, std::vector<Change> changes) {
    return *t_.call([&](Call& call) {
                return ChangeResourceRecordSets(
                    call, {.HostedZoneId = zone, .ChangeBatch = ChangeBatch{.Changes = changes}});
              }).ChangeInfo;
  }
  // The refusal's code and message; "" if it was accepted.
  std::string refusal(const std::string& zone, std::vector<Change> changes) {
    store::Txn before(*t_.store);
    try {
      change(zone, std::move(changes));
    } catch (const ServiceError& e) {
      return e.code() + ": " + e.message();
    }
    return "";
  }
  std::vector<std::string> names(const std::string& zone) {
    std::vector<std::string> out;
    for (const auto& set : list(zone).ResourceRecordSets) out.push_back(*set.Name + " " + *set.Type);
    return out;
  }
  ListResourceRecordSetsResponse list(const std::string& zone, ListResourceRecordSetsRequest in = {}) {
    in.HostedZoneId = zone;
    return t_.call([&](Call& call) { return ListResourceRecordSets(call, in); });
  }

  testing_support::TestPlane t_;
};

TEST_F(Route53Test, AZoneIsBornWithFourNameServersNsAndSoa) {
  auto created = t_.call([](Call& call) {
    return CreateHostedZone(
        call,
        {.Name = "MyApp.com", .CallerReference = "1", .HostedZoneConfig = HostedZoneConfig{.Comment = "c"}});
  });
  EXPECT_EQ(created.HostedZone->Name, "myapp.com.");
  EXPECT_EQ(created.HostedZone->ResourceRecordSetCount, 2);
  EXPECT_EQ(created.DelegationSet->NameServers.size(), 4u);
  const std::string id = *created.HostedZone->Id;
  EXPECT_TRUE(id.starts_with("/hostedzone/Z"));
  EXPECT_THAT(names(id), ElementsAre("myapp.com. NS", "myapp.com. SOA"));
  auto got = t_.call([&](Call& call) { return GetHostedZone(call, {.Id = id}); });
  EXPECT_EQ(got.HostedZone->Config->Comment, "c");
  EXPECT_EQ(got.DelegationSet->NameServers, created.DelegationSet->NameServers);
  EXPECT_THROW(create("other.com", "1"), HostedZoneAlreadyExists);
  EXPECT_THROW(t_.call([](Call& call) { return GetHostedZone(call, {.Id = "ZNONE"}); }), NoSuchHostedZone);
}

TEST_F(Route53Test, ListsRecordsByReversedLabelsAndInPages) {
  const std::string zone = create("example.com");
  change(zone, {{"CREATE", record("www.example.com", "A", {"192.0.2.1"})},
                {"CREATE", record("*.example.com", "A", {"192.0.2.1"})},
                {"CREATE", record("a.www.example.com", "A", {"192.0.2.1"})},
                {"CREATE", record("mail.example.com", "MX", {"10 www.example.com"})},
                {"CREATE", record("www.example.com", "AAAA", {"2001:db8::1"})}});
  const std::vector<std::string> all = {"example.com. NS",      "example.com. SOA",   "\\052.example.com. A",
                                        "mail.example.com. MX", "www.example.com. A", "www.example.com. AAAA",
                                        "a.www.example.com. A"};
  EXPECT_EQ(names(zone), all);
  std::vector<std::string> paged;
  ListResourceRecordSetsRequest page{.MaxItems = "2"};
  for (int i = 0; i < 10; ++i) {
    auto out = list(zone, page);
    for (const auto& set : out.ResourceRecordSets) paged.push_back(*set.Name + " " + *set.Type);
    if (!*out.IsTruncated) break;
    page.StartRecordName = out.NextRecordName;
    page.StartRecordType = out.NextRecordType;
  }
  EXPECT_EQ(paged, all);
}

TEST_F(Route53Test, ABatchIsAppliedWholeOrNotAtAll) {
  const std::string zone = create("example.com");
  change(zone, {{"CREATE", record("a.example.com", "A", {"192.0.2.1"})}});
  EXPECT_EQ(
      refusal(zone, {{"CREATE", record("b.example.com", "A", {"192.0.2.1"})},
                     {"CREATE", record("a.example.com", "A", {"192.0.2.2"})},
                     {"DELETE", record("c.example.com", "A", {"192.0.2.2"})}}),
      "InvalidChangeBatch: [Tried to create resource record set [name='a.example.com.', type='A'] but it "
      "already "
      "exists, Tried to delete resource record set [name='c.example.com.', type='A'] but it was not found]");
  EXPECT_THAT(names(zone), ElementsAre("example.com. NS", "example.com. SOA", "a.example.com. A"));
  change(zone, {{"UPSERT", record("a.example.com", "A", {"192.0.2.2"})}});
  EXPECT_EQ(list(zone).ResourceRecordSets[2].ResourceRecords[0].Value, "192.0.2.2");
  EXPECT_THAT(refusal(zone, {{"DELETE", record("a.example.com", "A", {"192.0.2.1"})}}),
              HasSubstr("but the values provided do not match the current values"));
  EXPECT_EQ(refusal(zone, {{"DELETE", record("A.example.com.", "A", {"192.0.2.2"})}}), "");
}

TEST_F(Route53Test, RefusesWhatAwsRefuses) {
  const std::string zone = create("example.com");
  change(zone, {{"CREATE", record("www.example.com", "A", {"192.0.2.1"})}});
  auto create_one = [&](ResourceRecordSet set) { return refusal(zone, {{"CREATE", std::move(set)}}); };
  EXPECT_EQ(
      create_one(record("www.example.org", "A", {"192.0.2.1"})),
      "InvalidChangeBatch: [RRSet with DNS name www.example.org. is not permitted in zone example.com.]");
  EXPECT_THAT(create_one(record("notexample.com", "A", {"192.0.2.1"})),
              HasSubstr("is not permitted in zone"));
  EXPECT_EQ(
      create_one(record("example.com", "CNAME", {"a.b"})),
      "InvalidChangeBatch: [RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone "
      "example.com., RRSet of type CNAME with DNS name example.com. is not permitted as it conflicts with "
      "other "
      "records with the same DNS name in zone example.com.]");
  EXPECT_THAT(create_one(record("www.example.com", "CNAME", {"a.b"})),
              HasSubstr("as it conflicts with other records"));
  EXPECT_EQ(create_one(record("x.example.com", "A", {"192.0.2"})),
            "InvalidChangeBatch: [Invalid Resource Record: 'FATAL problem: ARRDATAIllegalIPv4Address (Value "
            "is not a "
            "valid IPv4 address) encountered with '192.0.2'']");
  EXPECT_THAT(create_one(record("x.example.com", "TXT", {"bare"})), HasSubstr("enclosed in quotation marks"));
  EXPECT_THAT(create_one(record("x.example.com", "A", {"192.0.2.1", "192.0.2.1"})),
              HasSubstr("Duplicate Resource Record"));
  EXPECT_THAT(create_one({.Name = "x.example.com", .Type = "A"}),
              HasSubstr("InvalidInput: Invalid request: Expected exactly one of"));
  ResourceRecordSet weighted = record("www.example.com", "A", {"192.0.2.7"});
  weighted.Weight = 1;
  EXPECT_THAT(create_one(weighted), HasSubstr("Missing field 'SetIdentifier'"));
  weighted.SetIdentifier = "one";
  EXPECT_THAT(create_one(weighted), HasSubstr("a simple RRSet with the same name and type exists"));
  EXPECT_THAT(refusal(zone, {{"DELETE", list(zone).ResourceRecordSets[1]}}),
              HasSubstr("must contain exactly one SOA record"));
  EXPECT_THAT(refusal(zone, {{"DELETE", list(zone).ResourceRecordSets[0]}}),
              HasSubstr("at least one NS record"));
  // One batch may trade an A record for a CNAME.
  EXPECT_EQ(refusal(zone, {{"CREATE", record("www.example.com", "CNAME", {"a.b"})},
                           {"DELETE", record("www.example.com", "A", {"192.0.2.1"})}}),
            "");
}

TEST_F(Route53Test, AliasesMustLeadSomewhere) {
  const std::string zone = create("example.com");
  const std::string bare = zone.substr(12);
  EXPECT_THAT(refusal(zone, {{"CREATE", alias("a.example.com", "A", "b.example.com", bare)}}),
              HasSubstr("but that target was not found"));
  EXPECT_THAT(refusal(zone, {{"CREATE", alias("a.example.com", "A", "b.example.org", bare)}}),
              HasSubstr("does not lie within the target zone"));
  EXPECT_THAT(refusal(zone, {{"CREATE", alias("a.example.com", "A", "d1.cloudfront.net", "ZOTHER")}}),
              HasSubstr("does not lie within the target zone"));
  EXPECT_EQ(
      refusal(zone, {{"CREATE", alias("example.com", "A", "dualstack.My-Alb.us-east-1.elb.amazonaws.com",
                                      "Z35SXDOTRQ7X7K")},
                     {"CREATE", alias("www.example.com", "A", "example.com", zone)},
                     {"CREATE", alias("cdn.example.com", "A", "d1.cloudfront.net.", "Z2FDTNDATAQYW2")}}),
      "");
  auto sets = list(zone).ResourceRecordSets;
  EXPECT_EQ(sets[0].AliasTarget->DNSName, "dualstack.my-alb.us-east-1.elb.amazonaws.com.");
  EXPECT_FALSE(sets[0].TTL.has_value());
  EXPECT_EQ(sets.back().AliasTarget->HostedZoneId, bare);
}

TEST_F(Route53Test, OnlyAnEmptyZoneIsDeleted) {
  const std::string zone = create("example.com");
  change(zone, {{"CREATE", record("www.example.com", "A", {"192.0.2.1"})}});
  auto erase = [&] { t_.call([&](Call& call) { return DeleteHostedZone(call, {.Id = zone}); }); };
  EXPECT_THROW(erase(), HostedZoneNotEmpty);
  change(zone, {{"DELETE", record("www.example.com", "A", {"192.0.2.1"})}});
  erase();
  EXPECT_THROW(erase(), NoSuchHostedZone);
  int left = 0;
  t_.store->each(
      "", [&](std::string_view key, const store::Document&) { left += !key.starts_with("route53.change/"); });
  EXPECT_EQ(left, 0);
}

TEST_F(Route53Test, AChangeIsInSyncOnceEdgeServesIt) {
  const std::string zone = create("example.com");
  auto status = [&](const std::string& id) {
    return t_.call([&](Call& call) { return GetChange(call, {.Id = id}); }).ChangeInfo->Status.value();
  };
  ChangeInfo info = change(zone, {{"CREATE", record("www.example.com", "A", {"192.0.2.1"})}});
  EXPECT_EQ(info.Status, "PENDING");
  EXPECT_EQ(status(*info.Id), "PENDING");
  t_.plane.edge_revision = t_.store->revision();
  EXPECT_EQ(status(*info.Id), "INSYNC");
  // A change that changes nothing is published by nothing, and in sync all the same.
  ChangeInfo same = change(zone, {{"UPSERT", record("www.example.com", "A", {"192.0.2.1"})}});
  EXPECT_EQ(status(*same.Id), "INSYNC");
  EXPECT_THROW(status("CNONE"), NoSuchChange);
}

TEST_F(Route53Test, PrivateZonesBelongToVpcs) {
  t_.call([](Call& call) {
    for (const char* id : {"vpc-1", "vpc-2"})
      call.txn.put_text("ec2.vpc/123456789012/us-east-1/" + std::string(id), "{}");
  });
  EXPECT_THROW(t_.call([](Call& call) {
    return CreateHostedZone(
        call, {.Name = "a.internal", .VPC = VPC{"us-east-1", "vpc-none"}, .CallerReference = "n"});
  }),
               InvalidVPCId);
  auto in = CreateHostedZoneRequest{
      .Name = "corp.internal", .VPC = VPC{"us-east-1", "vpc-1"}, .CallerReference = "a"};
  const std::string zone = *t_.call([&](Call& call) { return CreateHostedZone(call, in); }).HostedZone->Id;
  in.CallerReference = "b";
  EXPECT_THROW(t_.call([&](Call& call) { return CreateHostedZone(call, in); }), ConflictingDomainExists);
  auto vpcs = [&] {
    return t_.call([&](Call& call) { return GetHostedZone(call, {.Id = zone}); }).VPCs.size();
  };
  t_.call([&](Call& call) {
    return AssociateVPCWithHostedZone(call, {.HostedZoneId = zone, .VPC = VPC{"us-east-1", "vpc-2"}});
  });
  EXPECT_EQ(vpcs(), 2u);
  auto leave = [&](const char* vpc) {
    t_.call([&](Call& call) {
      return DisassociateVPCFromHostedZone(call, {.HostedZoneId = zone, .VPC = VPC{"us-east-1", vpc}});
    });
  };
  leave("vpc-1");
  EXPECT_THROW(leave("vpc-1"), VPCAssociationNotFound);
  EXPECT_THROW(leave("vpc-2"), LastVPCAssociation);
  const std::string open = create("example.com");
  EXPECT_THROW(t_.call([&](Call& call) {
    return AssociateVPCWithHostedZone(call, {.HostedZoneId = open, .VPC = VPC{"us-east-1", "vpc-2"}});
  }),
               PublicZoneVPCAssociation);
}

TEST_F(Route53Test, ListsZonesByIdAndByName) {
  create("b.com", "1");
  create("a.org", "2");
  create("a.com", "3");
  std::vector<std::string> zones;
  ListHostedZonesByNameRequest in{.MaxItems = "1"};
  for (int i = 0; i < 5; ++i) {
    auto out = t_.call([&](Call& call) { return ListHostedZonesByName(call, in); });
    zones.push_back(*out.HostedZones.at(0).Name);
    if (!*out.IsTruncated) break;
    in.DNSName = out.NextDNSName;
    in.HostedZoneId = out.NextHostedZoneId;
  }
  EXPECT_THAT(zones, ElementsAre("a.com.", "b.com.", "a.org."));
  auto first = t_.call([&](Call& call) { return ListHostedZones(call, {.MaxItems = "2"}); });
  EXPECT_EQ(first.HostedZones.size(), 2u);
  auto second = t_.call(
      [&](Call& call) { return ListHostedZones(call, {.Marker = first.NextMarker, .MaxItems = "2"}); });
  EXPECT_EQ(second.HostedZones.size(), 1u);
  EXPECT_FALSE(*second.IsTruncated);
}

TEST_F(Route53Test, KeepsTags) {
  const std::string zone = create("example.com");
  t_.call([&](Call& call) {
    return ChangeTagsForResource(
        call,
        {.ResourceType = "hostedzone", .ResourceId = zone.substr(12), .AddTags = {{"k", "v"}, {"l", "w"}}});
  });
  t_.call([&](Call& call) {
    return ChangeTagsForResource(
        call, {.ResourceType = "hostedzone", .ResourceId = zone.substr(12), .RemoveTagKeys = {"k"}});
  });
  auto tags = t_.call([&](Call& call) {
    return ListTagsForResource(call, {.ResourceType = "hostedzone", .ResourceId = zone.substr(12)});
  });
  ASSERT_EQ(tags.ResourceTagSet->Tags.size(), 1u);
  EXPECT_EQ(tags.ResourceTagSet->Tags[0].Key, "l");
  auto several = t_.call([&](Call& call) {
    return ListTagsForResources(call, {.ResourceType = "hostedzone", .ResourceIds = {zone.substr(12)}});
  });
  ASSERT_EQ(several.ResourceTagSets.size(), 1u);
  EXPECT_EQ(several.ResourceTagSets[0].Tags[0].Value, "w");
}

TEST_F(Route53Test, ControlFindsWhatEdgeWouldAnswer) {
  int changes = 0;
  auto dns = PublicDns::create(t_.plane, [&] { ++changes; });
  const std::string zone = create("example.com");
  change(zone, {{"CREATE", record("_x.example.com", "CNAME", {"_y.acm-validations.aws."})},
                {"CREATE", alias("example.com", "A", "my.us-east-1.elb.amazonaws.com", "Z35SXDOTRQ7X7K")}});
  EXPECT_GT(changes, 1);
  EXPECT_THAT(dns->lookup("_x.example.com", "CNAME"), ElementsAre("_y.acm-validations.aws."));
  EXPECT_THAT(dns->lookup("example.com", "A"), IsEmpty());
  t_.call([](Call& call) {
    publish(call.txn, kNameSnapshotKind, "my.us-east-1.elb.amazonaws.com",
            NameSnapshot{.name = "my.us-east-1.elb.amazonaws.com", .addresses = {"127.77.1.0"}});
  });
  EXPECT_THAT(dns->lookup("example.com", "A"), ElementsAre("127.77.1.0"));
  auto tested = t_.call([&](Call& call) {
    return TestDNSAnswer(call, {.HostedZoneId = zone, .RecordName = "example.com", .RecordType = "A"});
  });
  EXPECT_EQ(tested.ResponseCode, "NOERROR");
  EXPECT_THAT(tested.RecordData, ElementsAre("127.77.1.0"));
  // One that comes later sees the same.
  EXPECT_THAT(PublicDns::create(t_.plane, {})->lookup("example.com", "A"), ElementsAre("127.77.1.0"));
}

TEST_F(Route53Test, StartPublishesZonesAnew) {
  const std::string zone = create("example.com");
  const std::string key = store::Txn::key_of("edge.ZoneSnapshot", zone.substr(12));
  t_.call([&](Call& call) { call.txn.erase_key(key); });
  auto service = make_service(t_.plane);
  service->start();
  t_.settle();
  EXPECT_NE(t_.store->find(key), nullptr);
}

TEST_F(Route53Test, ACallerReferenceIsFreeAgainWhenItsZoneIsGone) {
  const std::string zone = create("example.com", "once");
  EXPECT_THROW(create("other.com", "once"), HostedZoneAlreadyExists);
  t_.call([&](Call& call) { return DeleteHostedZone(call, {.Id = zone}); });
  EXPECT_NO_THROW(create("other.com", "once"));
}

TEST_F(Route53Test, ANameServerOfTwoZonesIsServedUntilBothAreGone) {
  const std::string first = create("one.com", "1"), second = create("two.com", "2");
  const auto servers_of = [&](const std::string& zone) {
    return t_.call([&](Call& call) { return GetHostedZone(call, {.Id = zone}); }).DelegationSet->NameServers;
  };
  const std::string shared = servers_of(first).front();
  t_.call([&](Call& call) {
    HostedZoneRecord record = *call.global_rows(kZones).get(second.substr(second.rfind('/') + 1));
    record.name_servers.front() = shared;
    call.global_rows(kZones).put(record.id, record);
    return 0;
  });
  const auto served = [&] {
    return t_.store->find(std::string(kEdgePrefix) + kNameSnapshotKind + "/" + shared) != nullptr;
  };
  EXPECT_TRUE(served());
  t_.call([&](Call& call) { return DeleteHostedZone(call, {.Id = first}); });
  EXPECT_TRUE(served());
  t_.call([&](Call& call) { return DeleteHostedZone(call, {.Id = second}); });
  EXPECT_FALSE(served());
}

TEST_F(Route53Test, AHealthCheckIsToldToEdgeAndARecordNamesOneThatIsThere) {
  const std::string zone = create("example.com");
  const auto made = t_.call([](Call& call) {
    CreateHealthCheckRequest in;
    in.CallerReference = "ref";
    in.HealthCheckConfig.emplace();
    in.HealthCheckConfig->Type = "HTTP";
    in.HealthCheckConfig->FullyQualifiedDomainName = "www.example.com";
    const auto first = CreateHealthCheck(call, in);
    EXPECT_EQ(CreateHealthCheck(call, in).HealthCheck->Id, first.HealthCheck->Id);  // the same request again
    in.HealthCheckConfig->Port = 8080;
    EXPECT_THROW(CreateHealthCheck(call, in), HealthCheckAlreadyExists);
    in.CallerReference = "other";
    in.HealthCheckConfig->Type = "HTTP_STR_MATCH";
    EXPECT_THROW(CreateHealthCheck(call, in), InvalidInput);  // no search string
    return *first.HealthCheck;
  });
  const auto* document = t_.store->find(store::Txn::key_of("edge.HealthCheckSnapshot", *made.Id));
  ASSERT_NE(document, nullptr);
  EXPECT_THAT(document->text, HasSubstr("\"port\":80"));

  ResourceRecordSet primary = record("www.example.com", "A", {"192.0.2.1"});
  primary.SetIdentifier = "one";
  primary.Failover = "PRIMARY";
  primary.HealthCheckId = "none";
  EXPECT_EQ(refusal(zone, {{"CREATE", primary}}),
            "NoSuchHealthCheck: No health check exists with the ID: none");
  primary.HealthCheckId = made.Id;
  EXPECT_EQ(refusal(zone, {{"CREATE", primary}}), "");

  t_.call([&](Call& call) {
    UpdateHealthCheckRequest update;
    update.HealthCheckId = made.Id;
    update.HealthCheckVersion = 7;
    EXPECT_THROW(UpdateHealthCheck(call, update), HealthCheckVersionMismatch);
    update.HealthCheckVersion = 1;
    update.Port = 81;
    EXPECT_EQ(UpdateHealthCheck(call, update).HealthCheck->HealthCheckVersion, 2);
    DeleteHealthCheck(call, {.HealthCheckId = made.Id});
    EXPECT_THROW(GetHealthCheck(call, {.HealthCheckId = made.Id}), NoSuchHealthCheck);
  });
  EXPECT_EQ(t_.store->find(store::Txn::key_of("edge.HealthCheckSnapshot", *made.Id)), nullptr);
}

TEST_F(Route53Test, AHealthCheckOfAnAlarmIsToldToEdgeAsHealthyOrNotAndFollowsTheAlarm) {
  const auto service = make_service(t_.plane);
  CreateHealthCheckRequest in;
  in.CallerReference = "alarm";
  in.HealthCheckConfig.emplace();
  in.HealthCheckConfig->Type = "CLOUDWATCH_METRIC";
  in.HealthCheckConfig->InsufficientDataHealthStatus = "Unhealthy";
  EXPECT_THAT(t_.refusal(CreateHealthCheck, in), HasSubstr("AlarmIdentifier"));
  in.HealthCheckConfig->AlarmIdentifier = AlarmIdentifier{.Region = "us-east-1", .Name = "busy"};
  EXPECT_THAT(t_.refusal(CreateHealthCheck, in), HasSubstr("no CloudWatch alarm busy"));
  t_.call([&](Call& call) {
    return cloudwatch::PutMetricAlarm(call, {.AlarmName = "busy",
                                             .MetricName = "Load",
                                             .Namespace = "App",
                                             .Statistic = "Average",
                                             .Period = 60,
                                             .EvaluationPeriods = 1,
                                             .Threshold = 5,
                                             .ComparisonOperator = "GreaterThanThreshold"});
  });
  const std::string id = *t_.call([&](Call& call) { return CreateHealthCheck(call, in); }).HealthCheck->Id;
  const auto healthy = [&] {
    const auto document = t_.store->find(store::Txn::key_of("edge.HealthCheckSnapshot", id));
    const auto snapshot = from_json<HealthCheckSnapshot>(document->text).value();
    EXPECT_EQ(snapshot.type, "CALCULATED");
    EXPECT_THAT(snapshot.children, IsEmpty());
    return snapshot.health_threshold == 0;  // of no children
  };
  EXPECT_FALSE(healthy());  // insufficient data
  const auto turn = [&](const char* state) {
    t_.call([&](Call& call) {
      return cloudwatch::SetAlarmState(call,
                                       {.AlarmName = "busy", .StateValue = state, .StateReason = "test"});
    });
    t_.settle();
  };
  turn("OK");
  EXPECT_TRUE(healthy());
  turn("ALARM");
  EXPECT_FALSE(healthy());
}

}  // namespace
}  // namespace landfall::route53
