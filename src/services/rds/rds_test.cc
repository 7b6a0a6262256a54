#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"

namespace landfall::rds {
namespace {

class RdsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (engine_parameters().empty()) GTEST_SKIP() << "PostgreSQL is not installed";
    t_.call([&](Call& call) {
      return CreateDBParameterGroup(call, {.DBParameterGroupName = "Mine",
                                           .DBParameterGroupFamily = "postgres" + installed_version().major,
                                           .Description = "d",
                                           .Tags = {{.Key = "a", .Value = "1"}}});
    });
  }
  void set(const std::string& name, const std::string& value, const char* method = "pending-reboot") {
    t_.call([&](Call& call) {
      return ModifyDBParameterGroup(
          call, {.DBParameterGroupName = "mine",
                 .Parameters = {{.ParameterName = name, .ParameterValue = value, .ApplyMethod = method}}});
    });
  }
  testing_support::TestPlane t_;
};

TEST_F(RdsTest, TheVersionIsTheInstalledBinarysOwn) {
  EXPECT_TRUE(installed_version().full.starts_with(installed_version().major + "."))
      << installed_version().full;
  EXPECT_NE(engine_output("--version").find(installed_version().full), std::string::npos);
}

TEST_F(RdsTest, AParameterTakesTheValuesThatTheEngineTakes) {
  set("max_connections", "50");
  set("log_min_duration_statement", "-1", "immediate");
  set("shared_buffers", "{DBInstanceClassMemory/32768}");
  EXPECT_THROW(set("max_connections", "0"), ServiceError);
  EXPECT_THROW(set("max_connections", "many"), ServiceError);
  EXPECT_THROW(set("max_connections", "50", "immediate"), ServiceError);
  EXPECT_THROW(set("no_such_parameter", "1"), ServiceError);
  EXPECT_THROW(set("data_directory", "/etc"), ServiceError);
  EXPECT_THROW(set("search_path", "a\nb"), ServiceError);
}

TEST_F(RdsTest, AnArnOfAnotherAccountOrRegionIsNotOnesOwnThingOfThatName) {
  const auto tags = [&](const std::string& arn) {
    return t_.refusal(ListTagsForResource, ListTagsForResourceMessage{.ResourceName = arn});
  };
  EXPECT_EQ(tags("arn:aws:rds:us-east-1:123456789012:pg:mine"), "");
  EXPECT_NE(tags("arn:aws:rds:us-east-1:210987654321:pg:mine"), "");
  EXPECT_NE(tags("arn:aws:rds:eu-west-1:123456789012:pg:mine"), "");
}

TEST_F(RdsTest, AnInstanceTakesItsGroupsValuesWithFormulasWorkedOut) {
  set("max_connections", "50");
  set("shared_buffers", "{DBInstanceClassMemory/32768}");
  t_.call([&](Call& call) {
    InstanceRecord record;
    record.shown.DBInstanceClass = "db.t3.micro";
    use_parameter_group(call, record, "mine");
    EXPECT_EQ(record.parameters.at("max_connections"), "50");
    EXPECT_EQ(record.parameters.at("shared_buffers"), "32768");  // 1 GiB / 32768
    EXPECT_EQ(record.shown.DBParameterGroups.at(0).ParameterApplyStatus, "in-sync");
  });
}

TEST_F(RdsTest, ParametersAreListedInPagesAndBySource) {
  set("work_mem", "8192");
  size_t count = 0;
  std::optional<std::string> marker;
  do {
    auto page = t_.call([&](Call& call) {
      return DescribeDBParameters(call,
                                  {.DBParameterGroupName = "mine", .MaxRecords = 100, .Marker = marker});
    });
    count += page.Parameters.size();
    marker = page.Marker;
  } while (marker);
  EXPECT_EQ(count, engine_parameters().size());
  auto own = t_.call([&](Call& call) {
                 return DescribeDBParameters(call, {.DBParameterGroupName = "mine", .Source = "user"});
               }).Parameters;
  ASSERT_EQ(own.size(), 1u);
  EXPECT_EQ(own[0].ParameterName, "work_mem");
  EXPECT_EQ(own[0].ApplyType, "dynamic");
}

TEST_F(RdsTest, GroupsAreFoundResetAndDeletedAndTheDefaultOneStays) {
  EXPECT_THROW(t_.call([&](Call& call) {
    return CreateDBParameterGroup(call, {.DBParameterGroupName = "mine",
                                         .DBParameterGroupFamily = "postgres" + installed_version().major,
                                         .Description = "d"});
  }),
               DBParameterGroupAlreadyExistsFault);
  auto all = t_.call([&](Call& call) { return DescribeDBParameterGroups(call, {}); }).DBParameterGroups;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].DBParameterGroupName, default_group_name());
  EXPECT_THROW(t_.call([&](Call& call) {
    return DeleteDBParameterGroup(call, {.DBParameterGroupName = default_group_name()});
  }),
               InvalidDBParameterGroupStateFault);
  t_.call([&](Call& call) { return DeleteDBParameterGroup(call, {.DBParameterGroupName = "mine"}); });
  EXPECT_THROW(
      t_.call([&](Call& call) { return DescribeDBParameterGroups(call, {.DBParameterGroupName = "mine"}); }),
      DBParameterGroupNotFoundFault);
}

TEST(Workload, OfAReplicaReadsItsSourcesSocketAndKnowsItsPortAndPassword) {
  InstanceRecord primary, replica;
  for (InstanceRecord* record : {&primary, &replica}) {
    record->shown.DBInstanceClass = "db.t3.micro";
    record->shown.DBInstanceIdentifier = record->shown.DbiResourceId = "d";
    record->shown.MasterUsername = "app";
    record->replication_password = Secret("of the source");
  }
  primary.shown.Endpoint = Endpoint{.Port = 5433};
  primary.replication_volume = "source-replication";
  replica.volume = "replica";
  replica.replication_volume = "replica-replication";
  const auto mounts = [](const host::Workload& workload) {
    std::string out;
    for (const auto& mount : workload.mounts)
      out += mount.source + ":" + mount.target + (mount.read_only ? ":ro " : " ");
    return out;
  };
  const auto alone = workload_of(replica, ControlConfig{}, true, {});
  EXPECT_EQ(mounts(alone), "replica:/data replica-replication:/replication ");
  EXPECT_NE(alone.files.front().content.reveal().find("\"primary_port\":0"), std::string::npos);
  const auto following = workload_of(replica, ControlConfig{}, true, {.primary = &primary});
  EXPECT_EQ(mounts(following),
            "replica:/data replica-replication:/replication source-replication:/primary:ro ");
  const std::string config = following.files.front().content.reveal();
  EXPECT_NE(config.find("\"primary_port\":5433"), std::string::npos);
  EXPECT_NE(config.find("of the source"), std::string::npos);
}

TEST_F(RdsTest, AMissingSnapshotIsNamed) {
  EXPECT_THROW(
      t_.call([&](Call& call) { return DescribeDBSnapshots(call, {.DBSnapshotIdentifier = "none"}); }),
      DBSnapshotNotFoundFault);
  EXPECT_THROW(t_.call([&](Call& call) {
    return CreateDBSnapshot(call, {.DBSnapshotIdentifier = "s", .DBInstanceIdentifier = "none"});
  }),
               DBInstanceNotFoundFault);
}

}  // namespace
}  // namespace landfall::rds
