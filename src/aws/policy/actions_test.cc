#include "aws/policy/actions.h"

#include <gtest/gtest.h>

#include <map>

namespace landfall::aws::policy {
namespace {

std::string resource(std::string_view service, std::string_view operation,
                     std::map<std::string, std::string> members) {
  return resource_arn({.service = service,
                       .operation = operation,
                       .region = "us-east-1",
                       .account = "1",
                       .member = [&](std::string_view name) { return members[std::string(name)]; }});
}

}  // namespace

TEST(Actions, AreNamedAsTheOperationButForTheExceptions) {
  EXPECT_EQ(action_name("ec2", "RunInstances"), "ec2:RunInstances");
  EXPECT_EQ(action_name("elbv2", "CreateRule"), "elasticloadbalancing:CreateRule");
  EXPECT_EQ(action_name("cloudwatch", "PutMetricData"), "cloudwatch:PutMetricData");
  EXPECT_EQ(action_name("s3", "HeadObject"), "s3:GetObject");
  EXPECT_EQ(action_name("s3", "ListObjectsV2"), "s3:ListBucket");
  EXPECT_EQ(action_name("s3", "PutBucketPolicy"), "s3:PutBucketPolicy");
  EXPECT_EQ(action_name("s3", "ListBuckets"), "s3:ListAllMyBuckets");
  EXPECT_EQ(action_name("s3", "GetObject", ObjectVersion::named), "s3:GetObjectVersion");
  EXPECT_EQ(action_name("s3", "GetObjectTagging", ObjectVersion::named), "s3:GetObjectVersionTagging");
  EXPECT_EQ(action_name("s3", "HeadBucket", ObjectVersion::named), "s3:ListBucket");
}

TEST(Actions, WhoAuthorizesDependsOnTheOperation) {
  EXPECT_EQ(authorized_by("sts", "GetCallerIdentity"), AuthorizedBy::nobody);
  EXPECT_EQ(authorized_by("sts", "AssumeRole"), AuthorizedBy::handler);
  EXPECT_EQ(authorized_by("s3", "GetObject"), AuthorizedBy::gateway);
}

TEST(Actions, ResourceArnsComeFromTheRequestsMembers) {
  EXPECT_EQ(resource("ec2", "TerminateInstances", {{"InstanceIds", "i-1"}}),
            "arn:aws:ec2:us-east-1:1:instance/i-1");
  EXPECT_EQ(resource("ec2", "DescribeInstances", {{"InstanceIds", "i-1"}}), "*");
  EXPECT_EQ(resource("ec2", "CreateSubnet", {{"VpcId", "vpc-1"}}), "arn:aws:ec2:us-east-1:1:subnet/*");
  EXPECT_EQ(resource("elbv2", "CreateListener",
                     {{"LoadBalancerArn", "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/b"}}),
            "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/a/b");
  EXPECT_EQ(resource("route53", "ChangeResourceRecordSets", {{"HostedZoneId", "/hostedzone/Z1"}}),
            "arn:aws:route53:::hostedzone/Z1");
  EXPECT_EQ(
      resource("elasticbeanstalk", "CreateEnvironment", {{"ApplicationName", "a"}, {"EnvironmentName", "e"}}),
      "arn:aws:elasticbeanstalk:us-east-1:1:environment/a/e");
  EXPECT_EQ(resource("elasticbeanstalk", "TerminateEnvironment", {{"EnvironmentName", "e"}}),
            "arn:aws:elasticbeanstalk:us-east-1:1:environment/*/e");
  EXPECT_EQ(
      resource("iam", "AttachRolePolicy", {{"RoleName", "r"}, {"PolicyArn", "arn:aws:iam::aws:policy/x"}}),
      "arn:aws:iam::1:role/r");
  EXPECT_EQ(resource("s3", "GetObject", {{"Bucket", "b"}, {"Key", "arn:x"}}), "arn:aws:s3:::b/arn:x");
  EXPECT_EQ(resource("logs", "Anything", {}), "*");
  EXPECT_EQ(resource("logs", "PutLogEvents", {{"logGroupName", "/a"}, {"logStreamName", "s"}}),
            "arn:aws:logs:us-east-1:1:log-group:/a:log-stream:s");
  EXPECT_EQ(resource("ssm", "GetParameter", {{"Name", "/app/db:3"}}),
            "arn:aws:ssm:us-east-1:1:parameter/app/db");
  EXPECT_EQ(resource("ssm", "GetParameter", {{"Name", "db"}}), "arn:aws:ssm:us-east-1:1:parameter/db");
  EXPECT_EQ(resource("ssm", "GetParametersByPath", {{"Path", "/app/"}}),
            "arn:aws:ssm:us-east-1:1:parameter/app");
  EXPECT_EQ(resource("ssm", "GetParameter", {{"Name", "/aws/service/x"}}),
            "arn:aws:ssm:us-east-1::parameter/aws/service/x");
  EXPECT_EQ(authorized_by("ssm", "GetParameters"), AuthorizedBy::handler);
  EXPECT_EQ(authorized_by("secretsmanager", "GetSecretValue"), AuthorizedBy::handler);
  EXPECT_EQ(authorized_by("secretsmanager", "ListSecrets"), AuthorizedBy::gateway);
}

}  // namespace landfall::aws::policy
