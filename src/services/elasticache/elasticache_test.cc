#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/fields.h"
#include "ec2/operations.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "gateway/testing.h"
#include "services/elasticache/elasticache.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/settings.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kPassword[] = "hunter2hunter2hunter2";

class ElastiCacheTest : public testing::Test {
 protected:
  void user(const std::string& id, const std::string& name, std::vector<std::string> passwords = {}) {
    CreateUserMessage in{.UserId = id, .UserName = name, .Engine = "redis", .Passwords = passwords};
    in.AccessString = "on ~app:* +@read";
    if (passwords.empty()) in.NoPasswordRequired = true;
    t_.call([&](Call& call) { return CreateUser(call, in); });
  }
  testing_support::TestPlane t_;
};

TEST_F(ElastiCacheTest, AUserGroupNeedsAUserNamedDefaultAndEachNameOnce) {
  user("app-1", "app", {kPassword});
  user("app-2", "app", {kPassword});
  const auto group = [&](std::vector<std::string> ids) {
    return t_.call([&](Call& call) {
      return CreateUserGroup(call, {.UserGroupId = "g", .Engine = "redis", .UserIds = ids});
    });
  };
  EXPECT_THROW(group({"app-1"}), DefaultUserRequired);
  EXPECT_THROW(group({"default", "app-1", "app-2"}), DuplicateUserNameFault);
  EXPECT_THROW(group({"default", "none"}), UserNotFoundFault);
  EXPECT_THAT(group({"default", "app-1"}).UserIds, ElementsAre("default", "app-1"));
  auto shown = t_.call([&](Call& call) { return DescribeUsers(call, {.UserId = "app-1"}); }).Users;
  EXPECT_THAT(shown.at(0).UserGroupIds, ElementsAre("g"));
}

TEST_F(ElastiCacheTest, AnArnOfAnotherAccountOrRegionIsNotOnesOwnThingOfThatName) {
  user("app-1", "app", {kPassword});
  const auto tags = [&](const std::string& arn) {
    return t_.refusal(ListTagsForResource, ListTagsForResourceMessage{.ResourceName = arn});
  };
  EXPECT_EQ(tags("arn:aws:elasticache:us-east-1:123456789012:user:app-1"), "");
  EXPECT_THAT(tags("arn:aws:elasticache:us-east-1:210987654321:user:app-1"), HasSubstr("InvalidARN"));
  EXPECT_THAT(tags("arn:aws:elasticache:eu-west-1:123456789012:user:app-1"), HasSubstr("InvalidARN"));
}

std::string failover_refusal(const char* failover, const char* multi_az, std::vector<std::string> zones) {
  GroupRecord record;
  record.shown.AutomaticFailover = failover;
  record.shown.MultiAZ = multi_az;
  for (const std::string& zone : zones) record.nodes.push_back({.availability_zone = zone});
  try {
    check_failover(record);
  } catch (const ServiceError& error) {
    return error.message();
  }
  return "";
}

TEST(Failover, NeedsAReplicaAndMultiAzNeedsItAndTwoZones) {
  EXPECT_EQ(failover_refusal("disabled", "disabled", {"a"}), "");
  EXPECT_EQ(failover_refusal("enabled", "disabled", {"a", "a"}), "");
  EXPECT_EQ(failover_refusal("enabled", "enabled", {"a", "b"}), "");
  EXPECT_THAT(failover_refusal("enabled", "disabled", {"a"}), HasSubstr("at least 2 cache clusters"));
  EXPECT_THAT(failover_refusal("disabled", "enabled", {"a", "b"}), HasSubstr("automatic failover"));
  EXPECT_THAT(failover_refusal("enabled", "enabled", {"a", "a"}), HasSubstr("2 Availability Zones"));
}

TEST(LogDelivery, IsOnePlaceALogTypeUntilItIsTurnedOff) {
  ReplicationGroup group;
  LogDeliveryConfigurationRequest slow{
      .LogType = "slow-log", .DestinationType = "cloudwatch-logs", .LogFormat = "json"};
  slow.DestinationDetails =
      DestinationDetails{.CloudWatchLogsDetails = CloudWatchLogsDestinationDetails{.LogGroup = "g"}};
  set_log_delivery(group, {slow});
  slow.LogFormat = "text";
  set_log_delivery(group, {slow});
  ASSERT_EQ(group.LogDeliveryConfigurations.size(), 1u);
  EXPECT_EQ(group.LogDeliveryConfigurations[0].LogFormat, "text");
  slow.DestinationType = "kinesis-firehose";
  EXPECT_THROW(set_log_delivery(group, {slow}), ServiceError);
  set_log_delivery(group, {{.LogType = "slow-log", .Enabled = false}});
  EXPECT_TRUE(group.LogDeliveryConfigurations.empty());
}

TEST(Absent, IsRefusedByNameAndTheRestIsNot) {
  EXPECT_NO_THROW(
      refuse_absent(CreateReplicationGroupMessage{.ReplicationGroupId = "g", .DataTieringEnabled = false}));
  EXPECT_THROW(refuse_absent(CreateReplicationGroupMessage{.SnapshotArns = {"arn:aws:s3:::b/dump.rdb"}}),
               ServiceError);
  EXPECT_THROW(refuse_absent(CreateReplicationGroupMessage{.DataTieringEnabled = true}), ServiceError);
}

TEST(Absent, NamesParametersThatAnOperationHas) {
  for (const aws::Refusal& refusal : absent())
    EXPECT_TRUE(aws::has_parameter(shape_of(static_cast<const CreateReplicationGroupMessage*>(nullptr)),
                                   refusal.parameter) ||
                aws::has_parameter(shape_of(static_cast<const ModifyReplicationGroupMessage*>(nullptr)),
                                   refusal.parameter))
        << refusal.parameter;
}

// A group of two nodes that serve, in a VPC of its own.
struct Pair {
  explicit Pair(bool failover) : service(make_service(t.plane)) {
    t.call([&](Call& call) {
      const std::string vpc = *ec2::CreateVpc(call, {.CidrBlock = "10.0.0.0/16"}).Vpc->VpcId;
      std::vector<std::string> subnets;
      for (const char* letter : {"a", "b"})
        subnets.push_back(*ec2::CreateSubnet(call, {.AvailabilityZone = std::string("us-east-1") + letter,
                                                    .CidrBlock = std::string("10.0.") +
                                                                 (*letter == 'a' ? "1" : "2") + ".0/24",
                                                    .VpcId = vpc})
                               .Subnet->SubnetId);
      CreateCacheSubnetGroup(
          call, {.CacheSubnetGroupName = "s", .CacheSubnetGroupDescription = "d", .SubnetIds = subnets});
      CreateReplicationGroup(call, {.ReplicationGroupId = "g",
                                    .ReplicationGroupDescription = "d",
                                    .AutomaticFailoverEnabled = failover,
                                    .NumCacheClusters = 2,
                                    .CacheSubnetGroupName = "s"});
      GroupRecord record = find_group(call, "g");
      for (NodeRecord& node : record.nodes) node.ready = true;
      record.shown.Status = "available";
      put_group(call, record);
    });
    t.clock.advance_ms(60'000);
    for (const NodeRecord& node : record().nodes) observe(node, "running");
  }
  GroupRecord record() {
    return t.call([](Call& call) { return find_group(call, "g"); });
  }
  void observe(const NodeRecord& node, const char* state) {
    t.observations.put("Workload", node.workload_id,
                       to_json(host::WorkloadStatus{.id = node.workload_id, .state = state}));
    t.settle();
  }
  testing_support::TestPlane t;
  std::unique_ptr<Service> service;
};

TEST(Failover, AReplicaIsThePrimaryOnceThePrimarysEngineHasEnded) {
  Pair pair(true);
  pair.observe(pair.record().nodes[0], "exited");
  const GroupRecord after = pair.record();
  EXPECT_FALSE(after.nodes[0].primary);
  EXPECT_TRUE(after.nodes[1].primary);
  EXPECT_EQ(after.shown.Status, "modifying");
}

TEST(Failover, ThePrimaryStaysItWithoutAutomaticFailoverAndWhenAReplicaEnds) {
  Pair off(false), on(true);
  off.observe(off.record().nodes[0], "exited");
  EXPECT_TRUE(off.record().nodes[0].primary);
  on.observe(on.record().nodes[1], "exited");
  EXPECT_TRUE(on.record().nodes[0].primary);
}

TEST(AuthToken, TheOneBeforeCountsUntilSet) {
  ModifyReplicationGroupMessage in{.ReplicationGroupId = "g", .AuthToken = "second"};
  Pair pair(false);
  const auto modify = [&] {
    return pair.t.call([&](Call& call) {
      GroupRecord now = find_group(call, "g");
      now.shown.TransitEncryptionEnabled = true;
      now.shown.Status = "available";
      put_group(call, now);
      ModifyReplicationGroup(call, in);
      return find_group(call, "g");
    });
  };
  modify();
  in.AuthToken = "third";
  const GroupRecord rotated = modify();
  EXPECT_EQ(rotated.auth_token.reveal(), "third");
  EXPECT_EQ(rotated.previous_auth_token.reveal(), "second");
  EXPECT_EQ(modify().previous_auth_token.reveal(), "second");  // the same again
  in.AuthTokenUpdateStrategy = "SET";
  EXPECT_EQ(modify().previous_auth_token.reveal(), "");
  in.AuthTokenUpdateStrategy = "DELETE";
  EXPECT_THROW(modify(), ServiceError);
}

TEST(Replicas, AreAddedAndTakenAwayAndGoOnceHostHasEndedThem) {
  Pair pair(false);
  pair.t.call([](Call& call) {
    return IncreaseReplicaCount(call,
                                {.ReplicationGroupId = "g", .NewReplicaCount = 3, .ApplyImmediately = true});
  });
  GroupRecord more = pair.record();
  ASSERT_EQ(more.nodes.size(), 4u);
  EXPECT_EQ(more.nodes[3].cache_cluster_id, "g-004");
  EXPECT_EQ(more.shown.Status, "modifying");
  EXPECT_THAT(pair.t.refusal(DecreaseReplicaCount,
                             DecreaseReplicaCountMessage{
                                 .ReplicationGroupId = "g", .NewReplicaCount = 1, .ApplyImmediately = true}),
              HasSubstr("not in available state"));
  pair.t.call([&](Call& call) {
    for (NodeRecord& node : more.nodes) node.ready = true;
    more.shown.Status = "available";
    put_group(call, more);
    EXPECT_THROW(
        DecreaseReplicaCount(
            call, {.ReplicationGroupId = "g", .ReplicasToRemove = {"g-001"}, .ApplyImmediately = true}),
        ServiceError);  // the primary
  });
  for (const NodeRecord& node : more.nodes) pair.observe(node, "running");
  pair.t.call([](Call& call) {
    return DecreaseReplicaCount(
        call, {.ReplicationGroupId = "g", .ReplicasToRemove = {"g-002"}, .ApplyImmediately = true});
  });
  pair.t.settle();
  EXPECT_EQ(pair.record().nodes.size(), 3u);
  ASSERT_EQ(pair.record().leaving.size(), 1u);
  pair.observe(more.nodes[1], "removed");
  EXPECT_TRUE(pair.record().leaving.empty());
}

TEST_F(ElastiCacheTest, AGroupsUsersAreRulesOfRedissAclWithoutAPasswordInTheClear) {
  user("app-1", "app", {kPassword});
  t_.call([&](Call& call) {
    CreateUserGroup(call, {.UserGroupId = "g", .Engine = "redis", .UserIds = {"default", "app-1"}});
    const auto rules = acl_of(call, "g");
    ASSERT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules[0].reveal(), "default reset nopass on ~* +@all");
    // printf hunter2hunter2hunter2 | sha256sum
    EXPECT_THAT(rules[1].reveal(), testing::StartsWith("app reset #"));
    EXPECT_THAT(rules[1].reveal(), testing::EndsWith(" on ~app:* +@read"));
    EXPECT_THAT(rules[1].reveal(), Not(HasSubstr(kPassword)));
  });
  t_.store->each("elasticache.", [](std::string_view, const store::Document& document) {
    EXPECT_THAT(document.text, Not(HasSubstr(kPassword)));
  });
}

TEST_F(ElastiCacheTest, AnAccessStringCannotSmuggleInAPassword) {
  EXPECT_THROW(check_access_string("on >secret ~* +@all"), ServiceError);
  EXPECT_THROW(check_access_string("on nopass ~* +@all"), ServiceError);
  EXPECT_THROW(check_access_string("on ~*\nuser evil on nopass +@all"), ServiceError);
  EXPECT_NO_THROW(check_access_string("on ~app::* &chat:* -@all +@read %R~x"));
}

TEST_F(ElastiCacheTest, AParameterGroupTakesWhatTheEngineTakesAndGoesBack) {
  t_.call([&](Call& call) {
    return CreateCacheParameterGroup(
        call, {.CacheParameterGroupName = "Mine", .CacheParameterGroupFamily = "redis7", .Description = "d"});
  });
  const auto set = [&](const std::string& name, const std::string& value) {
    t_.call([&](Call& call) {
      return ModifyCacheParameterGroup(
          call, {.CacheParameterGroupName = "mine",
                 .ParameterNameValues = {{.ParameterName = name, .ParameterValue = value}}});
    });
  };
  set("maxmemory-policy", "allkeys-lru");
  EXPECT_THROW(set("maxmemory-policy", "sometimes"), ServiceError);
  EXPECT_THROW(set("timeout", "soon"), ServiceError);
  EXPECT_THROW(set("dir", "/etc"), ServiceError);
  const auto user_values = [&] {
    return t_
        .call([&](Call& call) {
          return DescribeCacheParameters(call, {.CacheParameterGroupName = "mine", .Source = "user"});
        })
        .Parameters;
  };
  ASSERT_EQ(user_values().size(), 1u);
  EXPECT_EQ(user_values()[0].ParameterValue, "allkeys-lru");
  t_.call([&](Call& call) {
    return ResetCacheParameterGroup(call, {.CacheParameterGroupName = "mine", .ResetAllParameters = true});
  });
  EXPECT_TRUE(user_values().empty());
  EXPECT_THROW(t_.call([&](Call& call) {
    return DeleteCacheParameterGroup(call, {.CacheParameterGroupName = "default.redis7"});
  }),
               InvalidCacheParameterGroupStateFault);
}

TEST_F(ElastiCacheTest, ParametersArePaged) {
  std::optional<std::string> marker;
  size_t count = 0;
  do {
    auto page = t_.call([&](Call& call) {
      return DescribeCacheParameters(
          call, {.CacheParameterGroupName = kDefaultParameterGroup, .MaxRecords = 20, .Marker = marker});
    });
    EXPECT_LE(page.Parameters.size(), 20u);
    count += page.Parameters.size();
    marker = page.Marker;
  } while (marker);
  EXPECT_EQ(count, engine_parameters().size());
}

}  // namespace
}  // namespace landfall::elasticache
