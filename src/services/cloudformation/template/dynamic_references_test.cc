#include "services/cloudformation/template/dynamic_references.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "aws/service_error.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using Kind = DynamicReference::Kind;

std::string resolved(std::string_view text) {
  const json::value value = json::parse(text);
  return json::serialize(resolve_references(value, [](const DynamicReference& r, const std::string& path) {
    return "<" + r.name + "," + r.version + "," + r.stage + "," + r.json_key + " at " + path + ">";
  }));
}

std::string refused(std::string_view text) {
  try {
    parse_dynamic_reference(text);
  } catch (const ServiceError& error) {
    return error.message();
  }
  return "";
}

}  // namespace

TEST(DynamicReferences, AreReplacedWhereverTheyStandInAText) {
  EXPECT_EQ(
      resolved(
          R"({"A":"a {{resolve:ssm:/x/y:3}} b {{resolve:ssm:z}}","B":[1,{"C":"{{resolve:ssm-secure:p:1}}"}]})"),
      R"({"A":"a </x/y,3,, at /A> b <z,,, at /A>","B":[1,{"C":"<p,1,, at /B/C>"}]})");
  EXPECT_EQ(resolved(R"("{{resolve:ssm:x and no end")"), R"("{{resolve:ssm:x and no end")");
  EXPECT_EQ(resolved(R"("{{Template}}")"), R"("{{Template}}")");
}

TEST(DynamicReferences, OfSecretsNameKeyStageOrVersion) {
  const auto secret = [](std::string_view text) { return parse_dynamic_reference(text); };
  EXPECT_EQ(secret("secretsmanager:db").json_key, "");
  EXPECT_EQ(secret("secretsmanager:db:SecretString:password").json_key, "password");
  EXPECT_EQ(secret("secretsmanager:db:SecretString:password:AWSPREVIOUS").stage, "AWSPREVIOUS");
  EXPECT_EQ(secret("secretsmanager:db:SecretString:password::v-1").version, "v-1");
  const auto by_arn = secret(
      "secretsmanager:arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf:SecretString:user");
  EXPECT_EQ(by_arn.name, "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf");
  EXPECT_EQ(by_arn.json_key, "user");
}

TEST(DynamicReferences, OfParametersKeepAnArnWhole) {
  const auto by_arn = parse_dynamic_reference("ssm:arn:aws:ssm:us-east-1:123456789012:parameter/x:7");
  EXPECT_EQ(by_arn.name, "arn:aws:ssm:us-east-1:123456789012:parameter/x");
  EXPECT_EQ(by_arn.version, "7");
}

TEST(DynamicReferences, ThatAreMalformedAreNamed) {
  for (const char* text :
       {"ssm", "ssm:", "s3:x", "ssm:name:label", "secretsmanager::SecretString", "secretsmanager:a:Binary",
        "secretsmanager:a:SecretString:k:S:v", "secretsmanager:a:SecretString:k:S::more", "ssm:{{x"})
    EXPECT_EQ(refused(text).find("Incorrect format is used in the following Dynamic Reference: [{{resolve:" +
                                 std::string(text)),
              0u)
        << text << ": " << refused(text);
}

TEST(DynamicReferences, AreAtMostSixty) {
  std::string text;
  for (size_t i = 0; i <= kMaxDynamicReferences; ++i) text += "{{resolve:ssm:x}}";
  EXPECT_THROW(resolved("\"" + text + "\""), ServiceError);
}

}  // namespace landfall::cloudformation
