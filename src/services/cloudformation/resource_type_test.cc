#include "services/cloudformation/resource_type.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

std::string refused(const std::string& type, const json::object& properties) {
  try {
    find_type(type)->check("R", properties);
  } catch (const ServiceError& error) {
    return error.message();
  }
  return "";
}

bool replaces(const std::string& type, std::string_view before, std::string_view after) {
  return find_type(type)->needs_replacement(json::parse(before).as_object(), json::parse(after).as_object());
}

}  // namespace

TEST(ResourceTypes, AllRefuseAPropertyThatTheyDoNotHave) {
  EXPECT_GT(type_names().size(), 70u);
  for (const std::string& type : type_names())
    EXPECT_NE(
        refused(type, {{"NoSuchProperty", 1}}).find("#: extraneous key [NoSuchProperty] is not permitted"),
        std::string::npos)
        << type;
}

TEST(ResourceTypes, SayWhatIsMissing) {
  EXPECT_EQ(refused("AWS::EC2::NetworkAcl", {}),
            "Properties validation failed for resource R with message:\n#: required key [VpcId] not found");
  EXPECT_EQ(refused("AWS::EC2::NetworkAcl", {{"VpcId", "vpc-1"}}), "");
}

TEST(ResourceTypes, AreReplacedForWhatIsFixedOnly) {
  EXPECT_FALSE(replaces("AWS::Logs::LogGroup", R"({"LogGroupName":"a","RetentionInDays":1})",
                        R"({"LogGroupName":"a","RetentionInDays":3})"));
  EXPECT_TRUE(replaces("AWS::Logs::LogGroup", R"({"LogGroupName":"a"})", R"({"LogGroupName":"b"})"));
  EXPECT_TRUE(replaces("AWS::Logs::LogGroup", R"({"LogGroupName":"a"})", "{}"));
}

TEST(ResourceTypes, AreReplacedForWhatIsFixedWithinAPropertyToo) {
  EXPECT_TRUE(replaces("AWS::Route53::HealthCheck", R"({"HealthCheckConfig":{"Type":"TCP","Port":1}})",
                       R"({"HealthCheckConfig":{"Type":"HTTP","Port":1}})"));
  EXPECT_FALSE(replaces("AWS::Route53::HealthCheck", R"({"HealthCheckConfig":{"Type":"TCP","Port":1}})",
                        R"({"HealthCheckConfig":{"Type":"TCP","Port":2}})"));
}

TEST(ResourceTypes, CoverWhatExistsBehindThem) {
  for (const char* type :
       {"AWS::EC2::EIPAssociation", "AWS::EC2::SubnetNetworkAclAssociation", "AWS::EC2::VPCEndpoint",
        "AWS::IAM::ServiceLinkedRole", "AWS::IAM::GroupPolicy", "AWS::AutoScaling::LifecycleHook",
        "AWS::Route53::RecordSetGroup", "AWS::CloudFront::Function", "AWS::CloudFront::KeyGroup",
        "AWS::RDS::DBParameterGroup", "AWS::ElastiCache::UserGroup", "AWS::CloudWatch::Dashboard",
        "AWS::SecretsManager::SecretTargetAttachment", "AWS::ElasticLoadBalancingV2::ListenerCertificate"})
    EXPECT_NE(find_type(type), nullptr) << type;
}

}  // namespace landfall::cloudformation
