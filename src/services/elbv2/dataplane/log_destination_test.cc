#include "services/elbv2/dataplane/log_destination.h"

#include <gtest/gtest.h>

namespace landfall::elbv2::dataplane {
namespace {

constexpr char kBalancerArn[] =
    "arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/my-loadbalancer/1234567890abcdef";

std::shared_ptr<const LoadBalancerConfig> config(std::map<std::string, std::string> attributes,
                                                 const std::string& scheme = "internet-facing") {
  HealthTable health;
  return compile({.arn = kBalancerArn,
                  .name = "my-loadbalancer",
                  .scheme = scheme,
                  .attributes = std::move(attributes)},
                 health)
      .value();
}

const NodeSnapshot kNode{.public_address = "172.160.1.192", .private_address = "10.0.0.7"};
constexpr Timestamp kTime{1'650'000'000'000};  // 2022-04-15T05:20:00Z

}  // namespace

// The example of the user guide, "Access log files", with its own date.
TEST(AccessLogDestination, ItsKeysAreTheUserGuides) {
  const auto to = access_log_destination(*config({{"access_logs.s3.enabled", "true"},
                                                  {"access_logs.s3.bucket", "amzn-s3-demo-bucket"},
                                                  {"access_logs.s3.prefix", "logging-prefix"}}),
                                         kNode);
  ASSERT_TRUE(to);
  EXPECT_EQ(to->bucket, "amzn-s3-demo-bucket");
  EXPECT_TRUE(to->gzip);
  const std::string key = delivery::object_key(*to, kTime, "00000000000000ff");
  EXPECT_EQ(key,
            "logging-prefix/AWSLogs/123456789012/elasticloadbalancing/us-east-2/2022/04/15/"
            "123456789012_elasticloadbalancing_us-east-2_app.my-loadbalancer.1234567890abcdef_"
            "20220415T0520Z_172.160.1.192_37000000.log.gz");
}

TEST(AccessLogDestination, WithoutAPrefixTheKeyBeginsWithAWSLogs) {
  const auto to = access_log_destination(
      *config({{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", "logs"}}, "internal"), kNode);
  const std::string key = delivery::object_key(to.value(), kTime, "00000000000000ff");
  EXPECT_TRUE(key.starts_with("AWSLogs/123456789012/elasticloadbalancing/")) << key;
  EXPECT_NE(key.find("_10.0.0.7_"), std::string::npos) << key;  // an internal node's own address
}

TEST(AccessLogDestination, TheServiceWritesOrTheRegionsAccount) {
  const auto to = access_log_destination(
      *config({{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", "logs"}}), kNode);
  EXPECT_EQ(to->writers,
            (std::vector<delivery::Writer>{{.service = "logdelivery.elasticloadbalancing.amazonaws.com"},
                                           {.account = "033677994240"}}));
  EXPECT_EQ(to->source_arn, kBalancerArn);
  EXPECT_EQ(to->source_account, "123456789012");
  EXPECT_EQ(to->region, "us-east-2");
}

// The example of the user guide, "Connection log files", with its own date.
TEST(ConnectionLogDestination, ItsKeysAreTheUserGuides) {
  const auto settings = config({{"connection_logs.s3.enabled", "true"},
                                {"connection_logs.s3.bucket", "amzn-s3-demo-bucket"},
                                {"connection_logs.s3.prefix", "logging-prefix"}});
  const auto to = connection_log_destination(*settings, kNode);
  ASSERT_TRUE(to);
  EXPECT_EQ(to->bucket, "amzn-s3-demo-bucket");
  EXPECT_EQ(delivery::object_key(*to, kTime, "00000000000000ff"),
            "logging-prefix/AWSLogs/123456789012/elasticloadbalancing/us-east-2/2022/04/15/conn_log."
            "123456789012_elasticloadbalancing_us-east-2_app.my-loadbalancer.1234567890abcdef_"
            "20220415T0520Z_172.160.1.192_37000000.log.gz");
  EXPECT_FALSE(access_log_destination(*settings, kNode));  // each for itself
}

TEST(ConnectionLogDestination, OffIsOff) {
  EXPECT_FALSE(connection_log_destination(
      *config({{"connection_logs.s3.bucket", "logs"}, {"access_logs.s3.enabled", "true"}}), kNode));
}

TEST(AccessLogDestination, OffIsOff) {
  EXPECT_FALSE(access_log_destination(*config({{"access_logs.s3.bucket", "logs"}}), kNode));
}

}  // namespace landfall::elbv2::dataplane
