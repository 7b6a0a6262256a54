// Environments with the real services beneath them; host, edge and S3 are played by the test.
#include "services/elasticbeanstalk/elasticbeanstalk.h"

#include <gtest/gtest.h>

#include <set>

#include "agent/document.h"
#include "autoscaling/operations.h"
#include "base/encoding.h"
#include "ec2/operations.h"
#include "elasticbeanstalk/operations.h"
#include "elbv2/operations.h"
#include "gateway/testing.h"
#include "host/protocol.h"
#include "iam/operations.h"
#include "services/autoscaling/autoscaling.h"
#include "services/ec2/ec2.h"
#include "services/ec2/host_testing.h"
#include "services/elasticbeanstalk/health.h"
#include "services/elasticbeanstalk/options.h"
#include "services/elasticbeanstalk/resources.h"
#include "services/elbv2/elbv2.h"
#include "services/elbv2/snapshot.h"
#include "services/iam/snapshot.h"
#include "services/route53/snapshot.h"

namespace landfall::elasticbeanstalk {
namespace {

using testing_support::TestPlane;

ConfigurationOptionSetting option(const char* name_space, const char* name, const std::string& value) {
  return {.Namespace = name_space, .OptionName = name, .Value = value};
}

struct World {
  TestPlane t;
  std::unique_ptr<Service> services[4];
  bool edge_answers = true;  // targets that are up become healthy
  testing_support::ObedientHost host{t};
  int bundle_status = 200;

  World() {
    t.s3.answer = [this](const S3Client::Request&) -> Result<S3Reply> {
      return S3Reply{.status = bundle_status};
    };
    services[0] = ec2::make_service(t.plane);
    services[1] = elbv2::make_service(t.plane);
    services[2] = autoscaling::make_service(t.plane);
    services[3] = make_service(t.plane);
    for (auto& service : services) service->start();
    t.call([&](Call& call) {
      publish(call.txn, iam::kInstanceProfileKind, "web",
              iam::InstanceProfileDocument{
                  .name = "web", .arn = "arn:aws:iam::123456789012:instance-profile/web", .id = "AIPA1"});
      CreateApplication(call, {.ApplicationName = "app"});
    });
    make_version("v1");
  }
  void make_version(const std::string& label) {
    t.call([&](Call& call) {
      CreateApplicationVersion(
          call, {.ApplicationName = "app",
                 .VersionLabel = label,
                 .SourceBundle = S3Location{.S3Bucket = "deploy", .S3Key = "api/" + label + ".zip"},
                 .Process = true});
    });
    t.settle();
  }
  Settings settings() {
    return {option("aws:autoscaling:launchconfiguration", "IamInstanceProfile", "web"),
            option("aws:autoscaling:asg", "MinSize", "2"),
            option("aws:autoscaling:asg", "MaxSize", "4"),
            option("aws:elasticbeanstalk:environment:process:default", "HealthCheckPath", "/health"),
            option("aws:elasticbeanstalk:environment:process:default", "DeregistrationDelay", "20"),
            option("aws:elasticbeanstalk:application:environment", "DB_HOST", "db"),
            option("aws:elasticbeanstalk:command", "Timeout", "300")};
  }
  void create(const Settings& more = {}) {
    Settings all = settings();
    merge_settings(all, more);
    t.call([&](Call& call) {
      return CreateEnvironment(
          call,
          {.ApplicationName = "app", .EnvironmentName = "prod", .VersionLabel = "v1", .OptionSettings = all});
    });
  }
  // Host and edge do what they are told, then control sees it; `seconds` of it.
  void live(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      host.obey();
      edge();
      t.settle(1'000);
    }
  }
  void edge() {
    std::vector<elbv2::TargetGroupHealth> all;
    t.store->each(
        std::string(kEdgePrefix) + elbv2::kLoadBalancerSnapshotKind + "/",
        [&](std::string_view, const store::Document& document) {
          const auto snapshot = from_json<elbv2::LoadBalancerSnapshot>(document.text).value();
          for (const auto& group : snapshot.target_groups) {
            elbv2::TargetGroupHealth health{.target_group_arn = group.arn};
            for (const auto& target : group.targets)
              health.targets.push_back(
                  {.id = target.id, .port = target.port, .state = edge_answers ? "healthy" : "unhealthy"});
            all.push_back(health);
          }
        });
    for (const auto& health : all)
      t.observations.put(elbv2::kTargetGroupHealthKind, health.target_group_arn, to_json(health));
  }
  EnvironmentDescription environment() {
    return t.call([](Call& call) {
      return DescribeEnvironments(call, {.EnvironmentNames = {"prod"}}).Environments.at(0);
    });
  }
  std::vector<std::string> events() {
    return t.call([](Call& call) {
      std::vector<std::string> messages;
      for (const auto& event : DescribeEvents(call, {.EnvironmentName = "prod", .MaxRecords = 1000}).Events)
        messages.push_back(*event.Message);
      return messages;
    });
  }
  bool said(const std::string& message) {
    for (const std::string& one : events())
      if (one.find(message) != std::string::npos) return true;
    return false;
  }
  std::vector<std::string> instances() {
    return t.call([](Call& call) {
      std::vector<std::string> ids;
      const auto resources =
          DescribeEnvironmentResources(call, {.EnvironmentName = "prod"}).EnvironmentResources;
      for (const auto& one : resources->Instances) ids.push_back(*one.Id);
      return ids;
    });
  }
  std::string version_status(const std::string& label) {
    return t.call([&](Call& call) {
      return *DescribeApplicationVersions(call, {.ApplicationName = "app", .VersionLabels = {label}})
                  .ApplicationVersions.at(0)
                  .Status;
    });
  }
};

std::string code_of(const std::function<void()>& body) {
  try {
    body();
  } catch (const ServiceError& error) {
    return error.code();
  }
  return "";
}

InstanceFacts instance(const char* id, bool current, const char* target = "healthy",
                       const char* lifecycle = "InService") {
  return {.id = id, .lifecycle = lifecycle, .target = target, .current = current};
}

}  // namespace

TEST(Rolling, ReplacesOneAfterAnotherAndWaitsForTheReplacement) {
  Assessment a{.min_size = 2, .desired = 2, .instances = {instance("old1", false), instance("old2", false)}};
  EXPECT_EQ(next_to_replace(a), "old1");
  a.instances[0].lifecycle = "Terminating";
  EXPECT_EQ(next_to_replace(a), "");  // nothing has taken its place
  a.instances.push_back(instance("new1", true, "initial"));
  EXPECT_EQ(next_to_replace(a), "");
  a.instances[2].target = "healthy";
  EXPECT_EQ(next_to_replace(a), "old2");
  EXPECT_FALSE(a.settled());
}

TEST(Rolling, BeginsWithTheBroken) {
  const Assessment a{.min_size = 2,
                     .desired = 2,
                     .instances = {instance("old1", false), instance("old2", false, "unhealthy")}};
  EXPECT_EQ(next_to_replace(a), "old2");
}

TEST(Health, FollowsTheTargets) {
  EXPECT_EQ(judge({.min_size = 2, .desired = 2, .instances = {instance("1", true), instance("2", true)}},
                  Phase::running)
                .color,
            "Green");
  EXPECT_EQ(
      judge(
          {.min_size = 2, .desired = 2, .instances = {instance("1", true), instance("2", true, "unhealthy")}},
          Phase::running)
          .color,
      "Yellow");
  EXPECT_EQ(
      judge({.min_size = 2, .desired = 2, .instances = {instance("1", true, "unhealthy")}}, Phase::running)
          .color,
      "Red");
  EXPECT_EQ(
      judge({.min_size = 1, .desired = 1, .instances = {instance("1", true, "initial")}}, Phase::launching)
          .color,
      "Grey");
  EXPECT_EQ(judge({.min_size = 1, .desired = 1, .instances = {instance("1", false)}}, Phase::running).color,
            "Yellow");  // of the old version
}

TEST(UserData, CarriesTheDocumentAndStartsTheAgent) {
  const std::string text = user_data_of({.region = "us-east-1",
                                         .bucket = "b",
                                         .key = "k",
                                         .properties = {{"A", "it's $x `y` \n END-OF-DOCUMENT"}}});
  EXPECT_TRUE(text.starts_with("#!/bin/sh\n"));
  const size_t start = text.find('{'), end = text.find("\nEND-OF-DOCUMENT\n", start);
  const auto document = from_json<agent::Document>(text.substr(start, end - start));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->properties.at("A"), "it's $x `y` \n END-OF-DOCUMENT");
}

TEST(Versions, AreProcessedIfS3HasTheBundleAndFailedIfNot) {
  World w;
  EXPECT_EQ(w.version_status("v1"), "Processed");
  EXPECT_EQ(w.t.s3.requests.at(0).method, "HEAD");
  EXPECT_EQ(w.t.s3.requests.at(0).path, "/deploy/api/v1.zip");
  w.bundle_status = 404;
  w.make_version("v2");
  EXPECT_EQ(w.version_status("v2"), "Failed");
}

TEST(Environments, BecomeReadyWhenTheirInstancesServe) {
  World w;
  w.create();
  w.edge_answers = false;
  w.live(5);
  EXPECT_EQ(w.environment().Status, "Launching");
  EXPECT_EQ(w.environment().Health, "Grey");
  EXPECT_EQ(w.instances().size(), 2u);
  w.edge_answers = true;
  w.live(3);
  const auto environment = w.environment();
  EXPECT_EQ(environment.Status, "Ready");
  EXPECT_EQ(environment.Health, "Green");
  EXPECT_TRUE(environment.EndpointURL->ends_with(".us-east-1.elb.amazonaws.com")) << *environment.EndpointURL;
  EXPECT_TRUE(w.said("Successfully launched environment: prod"));
  const auto* name = w.t.store->find(
      store::Txn::key_of(std::string(kEdgePrefix) + route53::kNameSnapshotKind, *environment.CNAME));
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(from_json<route53::NameSnapshot>(name->text).value().cname, *environment.EndpointURL);
}

TEST(Environments, TellTheirInstancesWhatToRun) {
  World w;
  w.create();
  w.live(5);
  const std::string data = w.t.call([&](Call& call) {
    ec2::DescribeInstanceAttributeRequest in;
    in.Attribute = "userData";
    in.InstanceId = w.instances().at(0);
    return from_base64(*ec2::DescribeInstanceAttribute(call, in).UserData->Value).value();
  });
  EXPECT_NE(data.find(R"("bucket":"deploy","key":"api/v1.zip","properties":{"DB_HOST":"db"})"),
            std::string::npos)
      << data;
  EXPECT_NE(data.find("landfall agent &"), std::string::npos);
}

TEST(Environments, ReplaceTheirInstancesOneByOneOnANewVersion) {
  World w;
  w.create();
  w.live(8);
  ASSERT_EQ(w.environment().Status, "Ready");
  const auto before = w.instances();
  w.make_version("v2");
  w.t.call([](Call& call) { UpdateEnvironment(call, {.EnvironmentName = "prod", .VersionLabel = "v2"}); });
  EXPECT_EQ(w.environment().Status, "Updating");
  EXPECT_EQ(code_of([&] {
              w.t.call([](Call& call) {
                UpdateEnvironment(call, {.EnvironmentName = "prod", .VersionLabel = "v1"});
              });
            }),
            "InvalidParameterValue");
  for (int second = 0; second < 120 && w.environment().Status != "Ready"; ++second) {
    w.live(1);
    const auto resources =
        w.t.call([](Call& call) { return DescribeInstancesHealth(call, {.EnvironmentName = "prod"}); });
    int serving = 0;
    for (const auto& one : resources.InstanceHealthList) serving += one.HealthStatus == "Ok";
    EXPECT_GE(serving, 1) << "nobody serves during the update";
  }
  EXPECT_EQ(w.environment().Status, "Ready");
  EXPECT_EQ(w.environment().Health, "Green");
  EXPECT_TRUE(w.said("New application version was deployed to running EC2 instances."));
  w.live(60);
  for (const std::string& id : w.instances())
    for (const std::string& old : before) EXPECT_NE(id, old);
  EXPECT_EQ(w.instances().size(), 2u);
}

TEST(Environments, KeepTheirInstancesWhenOnlyTheHealthCheckChanges) {
  World w;
  w.create();
  w.live(8);
  const auto before = w.instances();
  w.t.call([](Call& call) {
    UpdateEnvironment(call, {.EnvironmentName = "prod",
                             .OptionSettings = {option("aws:elasticbeanstalk:environment:process:default",
                                                       "HealthCheckPath", "/up")}});
  });
  w.live(3);
  EXPECT_EQ(w.environment().Status, "Ready");
  EXPECT_EQ(w.instances(), before);
}

TEST(Environments, ScaleByTheirSchedules) {
  World w;
  const auto at = [](const char* name, const std::string& value, const char* action) {
    ConfigurationOptionSetting one = option("aws:autoscaling:scheduledaction", name, value);
    one.ResourceName = action;
    return one;
  };
  w.create({at("Recurrence", "0 9 * * *", "Morning"), at("MinSize", "3", "Morning"),
            at("StartTime", "2015-05-14T07:00:00Z", "Once"), at("MinSize", "2", "Once")});  // long over
  w.live(8);
  const auto actions = [&] {
    return w.t.call([](Call& call) {
      return autoscaling::DescribeScheduledActions(call, {}).ScheduledUpdateGroupActions;
    });
  };
  ASSERT_EQ(actions().size(), 1u);
  EXPECT_EQ(actions()[0].ScheduledActionName, "Morning");
  EXPECT_EQ(actions()[0].MinSize, 3);
  const auto update = [&](const Settings& settings) {
    w.t.call([&](Call& call) {
      UpdateEnvironment(call, {.EnvironmentName = "prod", .OptionSettings = settings});
    });
    w.live(3);
    EXPECT_EQ(w.environment().Status, "Ready");
  };
  update({at("Suspend", "true", "Morning"), at("Recurrence", "0 21 * * *", "Evening"),
          at("DesiredCapacity", "2", "Evening")});
  ASSERT_EQ(actions().size(), 1u);
  EXPECT_EQ(actions()[0].ScheduledActionName, "Evening");
  update({at("Suspend", "false", "Morning"), at("MinSize", "4", "Morning")});
  ASSERT_EQ(actions().size(), 2u);
  EXPECT_EQ(actions()[1].MinSize, 4);
  EXPECT_EQ(code_of([&] { update({at("MinSize", "4", "Never")}); }), "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { update({at("MinSize", "4", "")}); }), "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { update({at("StartTime", "soon", "Morning")}); }),
            "ConfigurationValidationException");
}

TEST(Environments, GiveUpAnUpdateThatDoesNotBecomeHealthy) {
  World w;
  w.create({option("aws:elasticbeanstalk:command", "Timeout", "60")});
  w.live(8);
  w.make_version("v2");
  w.edge_answers = false;
  w.t.call([](Call& call) { UpdateEnvironment(call, {.EnvironmentName = "prod", .VersionLabel = "v2"}); });
  w.live(130);
  EXPECT_EQ(w.environment().Status, "Ready");
  EXPECT_EQ(w.environment().Health, "Red");
  EXPECT_TRUE(w.said("Failed to deploy application."));
}

TEST(Environments, LeaveNothingBehind) {
  World w;
  w.create();
  w.live(8);
  w.t.call([](Call& call) { TerminateEnvironment(call, {.EnvironmentName = "prod"}); });
  w.live(60);
  EXPECT_EQ(w.environment().Status, "Terminated");
  EXPECT_TRUE(w.said("terminateEnvironment completed successfully."));
  w.t.call([](Call& call) {
    EXPECT_TRUE(elbv2::DescribeLoadBalancers(call, {}).LoadBalancers.empty());
    EXPECT_TRUE(elbv2::DescribeTargetGroups(call, {}).TargetGroups.empty());
    EXPECT_TRUE(autoscaling::DescribeAutoScalingGroups(call, {}).AutoScalingGroups.empty());
    EXPECT_TRUE(ec2::DescribeLaunchTemplates(call, {}).LaunchTemplates.empty());
    EXPECT_EQ(ec2::DescribeSecurityGroups(call, {}).SecurityGroups.size(), 1u);  // the default VPC's default
    DeleteApplication(call, {.ApplicationName = "app"});
    EXPECT_TRUE(DescribeApplications(call, {}).Applications.empty());
  });
}

TEST(Environments, RefuseOptionsThatCannotBe) {
  World w;
  EXPECT_EQ(code_of([&] { w.create({option("aws:autoscaling:asg", "MinSize", "many")}); }),
            "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { w.create({option("aws:autoscaling:asg", "MinSize", "9")}); }),
            "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { w.create({option("aws:ec2:vpc", "VPCId", "vpc-none")}); }),
            "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { w.create({option("aws:elbv2:listener:443", "Protocol", "HTTPS")}); }),
            "ConfigurationValidationException");
  EXPECT_EQ(code_of([&] { w.create({option("aws:ec2:instances", "InstanceTypes", "huge.1")}); }),
            "ConfigurationValidationException");
}

// The one that may pass the role, and its twin that may not: nothing else differs.
TEST(Environments, AreMadeByWhoMayPassTheInstancesRole) {
  World world;
  world.t.call([&](Call& call) {
    iam::CreateRole(call, {.RoleName = "web",
                           .AssumeRolePolicyDocument =
                               R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)"
                               R"({"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})"});
    iam::CreateInstanceProfile(call, {.InstanceProfileName = "web"});
    iam::AddRoleToInstanceProfile(call, {.InstanceProfileName = "web", .RoleName = "web"});
  });
  std::vector<std::string> asked;
  const auto create = [&](const char* name, bool allowed) {
    return world.t.call([&](Call& call) -> std::string {
      call.authorize = [&](std::string_view action, std::string_view resource,
                           const std::map<std::string, std::string>& context) {
        asked.push_back(std::string(action) + " " + std::string(resource) + " " +
                        context.at("iam:PassedToService"));
        if (!allowed) throw ServiceError("AccessDenied", 403, "no");
      };
      const size_t savepoint = call.txn.savepoint();
      try {
        CreateEnvironment(call, {.ApplicationName = "app",
                                 .EnvironmentName = name,
                                 .VersionLabel = "v1",
                                 .OptionSettings = world.settings()});
      } catch (const ServiceError& error) {
        call.txn.rollback_to(savepoint);
        return error.code();
      }
      return "";
    });
  };
  EXPECT_EQ(create("denied", false), "AccessDenied");
  EXPECT_EQ(create("allowed", true), "");
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0], "iam:PassRole arn:aws:iam::123456789012:role/web ec2.amazonaws.com");
  world.t.call([&](Call& call) { EXPECT_EQ(DescribeEnvironments(call, {}).Environments.size(), 1u); });
}

TEST(ConfigurationTemplates, AreWhatAnEnvironmentIsMadeOf) {
  World world;
  world.t.call([&](Call& call) {
    CreateConfigurationTemplate(call, {.ApplicationName = "app",
                                       .TemplateName = "saved",
                                       .SolutionStackName = "64bit Amazon Linux 2023 v4.5.0 running Go 1",
                                       .OptionSettings = world.settings()});
    EXPECT_THROW(CreateConfigurationTemplate(
                     call, {.ApplicationName = "app", .TemplateName = "saved", .SolutionStackName = "x"}),
                 ServiceError);
    const auto made =
        CreateEnvironment(call, {.ApplicationName = "app",
                                 .EnvironmentName = "from-saved",
                                 .VersionLabel = "v1",
                                 .TemplateName = "saved",
                                 .OptionSettings = {option("aws:autoscaling:asg", "MinSize", "1")}});
    EXPECT_EQ(made.SolutionStackName, "64bit Amazon Linux 2023 v4.5.0 running Go 1");
    const auto settings =
        DescribeConfigurationSettings(call, {.ApplicationName = "app", .EnvironmentName = "from-saved"});
    const Options options(settings.ConfigurationSettings.at(0).OptionSettings);
    EXPECT_EQ(options.get("aws:autoscaling:asg", "MinSize"), "1");
    EXPECT_EQ(options.get("aws:autoscaling:asg", "MaxSize"), "4");
    EXPECT_EQ(DescribeApplications(call, {}).Applications.at(0).ConfigurationTemplates.size(), 1u);
    const std::string arn = "arn:aws:elasticbeanstalk:us-east-1:123456789012:configurationtemplate/app/saved";
    UpdateTagsForResource(call, {.ResourceArn = arn, .TagsToAdd = {{.Key = "a", .Value = "b"}}});
    EXPECT_EQ(ListTagsForResource(call, {.ResourceArn = arn}).ResourceTags.at(0).Value, "b");
    DeleteConfigurationTemplate(call, {.ApplicationName = "app", .TemplateName = "saved"});
    EXPECT_THROW(ListTagsForResource(call, {.ResourceArn = arn}), ServiceError);
  });
}

}  // namespace landfall::elasticbeanstalk
