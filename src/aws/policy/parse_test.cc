#include <gtest/gtest.h>

#include "aws/policy/policy.h"

namespace landfall::aws::policy {
namespace {

std::string outcome(std::string_view json, DocumentKind kind = DocumentKind::identity) {
  auto policy = parse_policy(json, kind);
  return policy ? "ok" : policy.error().message;
}

std::string statement(const std::string& members) {
  return R"({"Version":"2012-10-17","Statement":[{)" + members + "}]}";
}

constexpr char kSyntax[] = "Syntax errors in policy.";
constexpr char kVendor[] = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

}  // namespace

TEST(ParsePolicy, TakesTheShapesOfTheGrammar) {
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"*","Resource":"*")")), "ok");
  EXPECT_EQ(
      outcome(
          R"({"Statement":{"Effect":"Deny","NotAction":["s3:*","iam:Get?ser"],"NotResource":"arn:aws:s3:::b/*"}})"),
      "ok");
  EXPECT_EQ(
      outcome(statement(R"("Sid":"A1","Effect":"Allow","Action":"s3:Get*","Resource":["arn:aws:s3:::a","*"],
      "Condition":{"ForAnyValue:StringLikeIfExists":{"aws:TagKeys":["a*","b"]},"Bool":{"aws:SecureTransport":true},
                   "NumericLessThan":{"s3:max-keys":10},"NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","2001:db8::/32"]}})")),
      "ok");
  EXPECT_EQ(
      outcome(
          statement(
              R"("Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com"]},"Action":"sts:AssumeRole")"),
          DocumentKind::trust),
      "ok");
  EXPECT_EQ(
      outcome(
          statement(
              R"("Sid":"Public read","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*")"),
          DocumentKind::resource),
      "ok");
}

TEST(ParsePolicy, RefusesWithTheSentencesOfIam) {
  EXPECT_EQ(outcome(""), kSyntax);
  EXPECT_EQ(outcome("[]"), kSyntax);
  EXPECT_EQ(outcome("{}"), kSyntax);
  EXPECT_EQ(outcome(R"({"Version":"2012-10-18","Statement":[]})"), kSyntax);
  EXPECT_EQ(outcome(R"({"Version":"2012-10-17","Statement":[],"Extra":1})"), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Effect":"allow","Action":"*","Resource":"*")")), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Action":"*","Resource":"*")")), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"*","NotAction":"*","Resource":"*")")), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"*","Resource":"*","Actions":"*")")), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":[1],"Resource":"*")")), kSyntax);
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"GetObject","Resource":"*")")), kVendor);
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Resource":"*")")),
            "Policy statement must contain actions.");
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"s3:*")")),
            "Policy statement must contain resources.");
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"s3:*","Resource":"bucket")")),
            "Resource bucket must be in ARN format or \"*\".");
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*")")),
            "Policy document should not specify a principal.");
  EXPECT_TRUE(outcome(statement(R"("Sid":"a b","Effect":"Allow","Action":"s3:*","Resource":"*")"))
                  .starts_with("Statement IDs (SID) must be alpha-numeric"));
  EXPECT_EQ(
      outcome(
          R"({"Statement":[{"Sid":"x","Effect":"Allow","Action":"a:b","Resource":"*"},{"Sid":"x","Effect":"Allow","Action":"a:b","Resource":"*"}]})"),
      "Statement IDs (SID) in a single policy must be unique.");
  EXPECT_EQ(outcome(statement(
                R"("Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"StringEqual":{"a:b":"c"}})")),
            "Invalid Condition type : StringEqual");
  EXPECT_TRUE(
      outcome(
          statement(
              R"("Effect":"Allow","Action":"a:b","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/33"}})"))
          .starts_with("Invalid value for condition key"));
}

TEST(ParsePolicy, RefusesWhatATrustOrBucketPolicyMayNotHave) {
  EXPECT_EQ(outcome("nonsense", DocumentKind::trust), "This policy contains invalid Json");
  EXPECT_EQ(outcome("nonsense", DocumentKind::resource),
            "Policies must be valid JSON and the first byte must be '{'");
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*")"),
                    DocumentKind::trust),
            "Has prohibited field Resource");
  EXPECT_EQ(outcome(statement(R"("Effect":"Allow","Action":"s3:*","Resource":"*")"), DocumentKind::resource),
            "Missing required field Principal");
  EXPECT_EQ(
      outcome(
          statement(
              R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/*"},"Action":"s3:*","Resource":"*")"),
          DocumentKind::resource),
      "Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:user/*\"");
  EXPECT_EQ(
      outcome(statement(R"("Effect":"Allow","Principal":{"AWS":"alice"},"Action":"s3:*","Resource":"*")"),
              DocumentKind::resource),
      "Invalid principal in policy: \"AWS\":\"alice\"");
}

TEST(ParsePolicy, RefusesDeepAndOversizedDocuments) {
  EXPECT_EQ(outcome(std::string(100, '[')), kSyntax);
  EXPECT_EQ(outcome(R"({"Statement":)" + std::string(50, '[') + std::string(50, ']') + "}"), kSyntax);
  EXPECT_EQ(outcome(std::string(kMaxDocumentBytes + 1, ' ')), kSyntax);
}

TEST(PolicySize, CountsNoWhiteSpaceOutsideStrings) {
  EXPECT_EQ(policy_size(" { \"a b\" : \n\t[ ] } "), std::string("{\"a b\":[]}").size());
  EXPECT_EQ(policy_size(R"({"a \" b":1})"), std::string(R"({"a \" b":1})").size());
}

}  // namespace landfall::aws::policy
