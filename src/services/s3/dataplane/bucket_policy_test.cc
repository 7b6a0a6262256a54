#include "services/s3/dataplane/bucket_policy.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

bool public_with(std::string_view principal, std::string_view rest = "", std::string_view effect = "Allow") {
  const std::string json = R"({"Version":"2012-10-17","Statement":[{"Effect":")" + std::string(effect) +
                           R"(","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*","Principal":)" +
                           std::string(principal) + std::string(rest) + "}]}";
  auto policy = aws::policy::parse_policy(json, aws::policy::DocumentKind::resource);
  EXPECT_TRUE(policy) << json;
  return is_public(*policy);
}

// The examples of "The meaning of public" in the S3 user guide.
TEST(IsPublic, everyone_is_and_a_fixed_set_is_not) {
  EXPECT_TRUE(public_with(R"("*")"));
  EXPECT_TRUE(public_with(R"({"AWS":"*"})"));
  EXPECT_FALSE(public_with(R"("*")", "", "Deny"));
  EXPECT_FALSE(public_with(R"({"AWS":"arn:aws:iam::123456789012:root"})"));
  EXPECT_FALSE(public_with(R"({"Service":"cloudfront.amazonaws.com"})"));
  EXPECT_FALSE(public_with(R"("*")", R"(,"Condition":{"StringEquals":{"aws:SourceVpc":"vpc-91237329"}})"));
  EXPECT_TRUE(public_with(R"("*")", R"(,"Condition":{"StringLike":{"aws:SourceVpc":"vpc-*"}})"));
  EXPECT_FALSE(public_with(R"("*")", R"(,"Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}})"));
  EXPECT_TRUE(public_with(R"("*")", R"(,"Condition":{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}})"));
  EXPECT_TRUE(public_with(R"("*")", R"(,"Condition":{"StringNotEquals":{"aws:SourceVpc":"vpc-1"}})"));
  EXPECT_TRUE(public_with(R"("*")", R"(,"Condition":{"StringEquals":{"aws:Referer":"https://x"}})"));
}

TEST(BucketPolicies, are_compiled_once_a_revision) {
  BucketPolicies policies;
  BucketRecord bucket;
  bucket.id = 1;
  EXPECT_EQ(policies.of(bucket), nullptr);
  bucket.configuration[kPolicyConfiguration] =
      R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]})";
  bucket.revision = 2;
  auto first = policies.of(bucket);
  EXPECT_EQ(policies.of(bucket), first);
  bucket.revision = 3;
  EXPECT_NE(policies.of(bucket), first);
}

TEST(BucketPolicies, a_document_that_no_longer_loads_lets_nobody_in) {
  BucketPolicies policies;
  BucketRecord bucket;
  bucket.configuration[kPolicyConfiguration] = "{";
  auto policy = policies.of(bucket);
  ASSERT_EQ(policy->named.policy->statements.size(), 1u);
  EXPECT_EQ(policy->named.policy->statements[0].effect, aws::policy::Effect::deny);
}

}  // namespace
}  // namespace landfall::s3
