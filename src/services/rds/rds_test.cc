#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "ec2/operations.h"
#include "gateway/testing.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "secretsmanager/operations.h"
#include "services/acm/acm.h"
#include "services/rds/instances.h"
#include "services/rds/master_secret.h"
#include "services/rds/parameters.h"
#include "services/rds/settings.h"

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

class ManagedPassword : public testing::Test {
 protected:
  ManagedPassword() {
    char name[] = "/tmp/landfall-rds-XXXXXX";
    t_.config.data_dir = mkdtemp(name);  // the key that seals secrets
  }
  ~ManagedPassword() override { std::filesystem::remove_all(t_.config.data_dir); }
  InstanceRecord record() {
    InstanceRecord out;
    out.shown.MasterUsername = "app";
    out.shown.DBInstanceArn = "arn:aws:rds:us-east-1:123456789012:db:d";
    out.master_password = Secret("first-password");
    return out;
  }
  std::string secret(const InstanceRecord& of) {
    return *t_.call([&](Call& call) {
                return secretsmanager::GetSecretValue(call,
                                                      {.SecretId = of.shown.MasterUserSecret->SecretArn});
              }).SecretString;
  }
  testing_support::TestPlane t_;
};

TEST_F(ManagedPassword, IsInASecretOfRdssOwnThatFollowsItAndGoesWithIt) {
  InstanceRecord db = record();
  t_.call([&](Call& call) { begin_master_secret(call, db, std::nullopt); });
  EXPECT_EQ(secret(db), R"({"username":"app","password":"first-password"})");
  const auto described = t_.call([&](Call& call) {
    return secretsmanager::DescribeSecret(call, {.SecretId = db.shown.MasterUserSecret->SecretArn});
  });
  EXPECT_EQ(described.OwningService, "rds");
  EXPECT_TRUE(described.Name->starts_with("rds!db-"));
  t_.call([&](Call& call) { rotate_master_secret(call, db); });
  EXPECT_EQ(secret(db).find("first-password"), std::string::npos);
  EXPECT_EQ(db.master_password.reveal().size(), 28u);
  const auto arn = db.shown.MasterUserSecret->SecretArn;
  t_.call([&](Call& call) { end_master_secret(call, db); });
  EXPECT_FALSE(db.shown.MasterUserSecret);
  EXPECT_NE(
      t_.refusal(secretsmanager::GetSecretValue, secretsmanager::GetSecretValueRequest{.SecretId = arn}), "");
}

TEST_F(ManagedPassword, ExcludesOneThatIsGivenAndAKeyIsOfASecret) {
  CreateDBInstanceMessage in{.DBInstanceIdentifier = "d",
                             .AllocatedStorage = 20,
                             .DBInstanceClass = "db.t3.micro",
                             .Engine = "postgres",
                             .MasterUsername = "app",
                             .MasterUserPassword = "hunter2hunter2"};
  in.ManageMasterUserPassword = true;
  EXPECT_THAT(t_.refusal(CreateDBInstance, in), testing::HasSubstr("ManageMasterUserPassword enabled"));
  in.ManageMasterUserPassword = false;
  in.MasterUserSecretKmsKeyId = "alias/key";
  EXPECT_THAT(t_.refusal(CreateDBInstance, in), testing::HasSubstr("only with ManageMasterUserPassword"));
}

class Renamed : public ManagedPassword {
 protected:
  InstanceRecord instance(const std::string& id) {
    return t_.call([&](Call& call) { return find_instance(call, id); });
  }
  void SetUp() override {
    acm_ = acm::make_service(t_.plane);
    acm_->start();
    t_.call([&](Call& call) {
      const std::string vpc = *ec2::CreateVpc(call, {.CidrBlock = "10.0.0.0/16"}).Vpc->VpcId;
      CreateDBSubnetGroupMessage group{.DBSubnetGroupName = "s", .DBSubnetGroupDescription = "d"};
      for (const char* zone : {"a", "b"}) {
        ec2::CreateSubnetRequest subnet{.VpcId = vpc};
        subnet.AvailabilityZone = std::string("us-east-1") + zone;
        subnet.CidrBlock = std::string("10.0.") + (*zone == 'a' ? "1" : "2") + ".0/24";
        group.SubnetIds.push_back(*ec2::CreateSubnet(call, subnet).Subnet->SubnetId);
      }
      CreateDBSubnetGroup(call, group);
      CreateDBInstanceMessage in{.DBInstanceIdentifier = "first", .AllocatedStorage = 20};
      in.DBInstanceClass = "db.t3.micro";
      in.Engine = "postgres";
      in.MasterUsername = "app";
      in.MasterUserPassword = "hunter2hunter2";
      in.DBSubnetGroupName = "s";
      CreateDBInstance(call, in);
      available(call, "first");
      CreateDBInstanceReadReplica(call,
                                  {.DBInstanceIdentifier = "replica", .SourceDBInstanceIdentifier = "first"});
      available(call, "first");
      available(call, "replica");
    });
  }
  static void available(Call& call, const std::string& id) {
    InstanceRecord record = find_instance(call, id);
    record.shown.DBInstanceStatus = "available";
    put_instance(call, record);
  }
  std::unique_ptr<Service> acm_;
};

TEST_F(Renamed, AnInstanceIsFoundByItsNewNameAloneAndItsReplicasKnowIt) {
  const std::string before = *instance("first").shown.Endpoint->Address;
  t_.call([](Call& call) {
    return ModifyDBInstance(call, {.DBInstanceIdentifier = "first", .NewDBInstanceIdentifier = "Second"});
  });
  EXPECT_THROW(instance("first"), DBInstanceNotFoundFault);
  const InstanceRecord second = instance("second");
  EXPECT_EQ(*second.shown.Endpoint->Address, "second" + before.substr(before.find('.')));
  EXPECT_TRUE(second.shown.DBInstanceArn->ends_with(":db:second"));
  EXPECT_EQ(instance("replica").shown.ReadReplicaSourceDBInstanceIdentifier, "second");
  t_.call([](Call& call) {
    return ModifyDBInstance(call, {.DBInstanceIdentifier = "replica", .NewDBInstanceIdentifier = "copy"});
  });
  EXPECT_THAT(instance("second").shown.ReadReplicaDBInstanceIdentifiers, testing::ElementsAre("copy"));
}

TEST_F(Renamed, ANameThatIsTakenOrIsNoneIsRefusedAndTheOldOneStays) {
  const auto renamed = [&](const std::string& to) {
    return t_.refusal(ModifyDBInstance, ModifyDBInstanceMessage{.DBInstanceIdentifier = "first",
                                                                .NewDBInstanceIdentifier = to});
  };
  EXPECT_THAT(renamed("replica"), testing::HasSubstr("already exists"));
  EXPECT_THAT(renamed("-no-"), testing::HasSubstr("not a valid identifier"));
  EXPECT_EQ(instance("first").shown.DBInstanceIdentifier, "first");
}

TEST(Settings, TheMinorVersionThatWasAskedForIsTheOneThatIsShown) {
  const std::string major = installed_version().major;
  EXPECT_EQ(checked_version(major), installed_version().full);
  EXPECT_EQ(checked_version(major + ".1"), major + ".1");
  EXPECT_THROW(checked_version("9.6"), ServiceError);
}

TEST_F(RdsTest, AVersionGoesUpToTheInstalledOneAndNotDown) {
  const auto& [major, full] = installed_version();
  EXPECT_EQ(checked_upgrade(major + ".1", full), full);
  EXPECT_EQ(checked_upgrade(major + ".1", major), major + ".1");
  EXPECT_EQ(checked_upgrade(full, full), full);
  EXPECT_THROW(checked_upgrade(full, major + ".1"), ServiceError);
  EXPECT_THROW(checked_upgrade(full, major + ".99"), ServiceError);
  EXPECT_THROW(checked_version(major + ".99"), ServiceError);
}

std::string settled(DBInstance db) {
  try {
    settle(db);
  } catch (const ServiceError& error) {
    return error.code() + ": " + error.message();
  }
  return db.StorageType.value_or("") + " " + std::to_string(db.Iops.value_or(0)) + " " +
         std::to_string(db.StorageThroughput.value_or(0));
}

TEST(Settings, StorageHasThePerformanceOfItsTypeAndSize) {
  EXPECT_EQ(settled({.AllocatedStorage = 20, .StorageType = "gp2"}), "gp2 0 0");
  EXPECT_EQ(settled({.AllocatedStorage = 20, .StorageType = "gp3"}), "gp3 3000 125");
  EXPECT_EQ(settled({.AllocatedStorage = 400, .StorageType = "gp3"}), "gp3 12000 500");
  EXPECT_EQ(settled({.AllocatedStorage = 400, .Iops = 14000, .StorageThroughput = 600, .StorageType = "gp3"}),
            "gp3 14000 600");
  EXPECT_EQ(settled({.AllocatedStorage = 100, .Iops = 1000, .StorageType = "io1"}), "io1 1000 0");
}

TEST(Settings, WhatDoesNotGoTogetherIsRefused) {
  using testing::HasSubstr;
  EXPECT_THAT(settled({.AllocatedStorage = 20, .Iops = 4000, .StorageType = "gp3"}),
              HasSubstr("less than 400"));
  EXPECT_THAT(settled({.AllocatedStorage = 100, .StorageType = "io1"}), HasSubstr("at least 1000"));
  EXPECT_THAT(settled({.AllocatedStorage = 20, .Iops = 1000, .StorageType = "gp2"}),
              HasSubstr("can't specify IOPS"));
  EXPECT_THAT(settled({.MonitoringInterval = 60}), HasSubstr("MonitoringRoleARN"));
  EXPECT_THAT(settled({.MonitoringInterval = 7, .MonitoringRoleArn = "r"}), HasSubstr("Valid values"));
  EXPECT_THAT(settled({.DatabaseInsightsMode = "advanced"}), HasSubstr("must be enabled"));
  EXPECT_THAT(settled({.NetworkType = "DUAL"}), HasSubstr("IPv4 only"));
  EXPECT_THAT(settled({.KmsKeyId = "k"}), HasSubstr("StorageEncrypted"));
}

TEST(Settings, WhatLandfallHasNotIsRefusedByName) {
  EXPECT_NO_THROW(refuse_absent(CreateDBInstanceMessage{.DBInstanceIdentifier = "d", .MultiTenant = false}));
  EXPECT_THROW(refuse_absent(CreateDBInstanceMessage{.Domain = "d-1"}), ServiceError);
  EXPECT_THROW(refuse_absent(CreateDBInstanceMessage{.MultiTenant = true}), ServiceError);
  EXPECT_THROW(refuse_absent(ModifyDBInstanceMessage{.AutomationMode = "full"}), ServiceError);
}

TEST(Absent, NamesParametersThatAnOperationHas) {
  const auto known = []<class... In>(std::string_view parameter, const In*... of) {
    return (aws::has_parameter(shape_of(of), parameter) || ...);
  };
  for (const aws::Refusal& refusal : absent())
    EXPECT_TRUE(known(refusal.parameter, static_cast<const CreateDBInstanceMessage*>(nullptr),
                      static_cast<const ModifyDBInstanceMessage*>(nullptr),
                      static_cast<const CreateDBInstanceReadReplicaMessage*>(nullptr),
                      static_cast<const RestoreDBInstanceFromDBSnapshotMessage*>(nullptr)))
        << refusal.parameter;
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
