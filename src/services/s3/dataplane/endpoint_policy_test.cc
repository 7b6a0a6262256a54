#include "services/s3/dataplane/endpoint_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/policy/policy.h"

namespace landfall::s3 {
namespace {

namespace policy = aws::policy;
using testing::HasSubstr;

constexpr char kEndpointAccount[] = "000000000000";

policy::Principal who(policy::PrincipalKind kind, std::string arn = "") {
  return {.kind = kind,
          .account = kind == policy::PrincipalKind::anonymous ? "" : kEndpointAccount,
          .arn = std::move(arn)};
}

const policy::Principal kRoot = who(policy::PrincipalKind::root, "arn:aws:iam::000000000000:root");
const policy::Principal kUser = who(policy::PrincipalKind::user, "arn:aws:iam::000000000000:user/ann");

std::optional<std::string> denial(const std::string& statements, const policy::Principal& principal,
                                  std::string_view resource = "arn:aws:s3:::mine/k") {
  auto parsed = policy::parse_policy(R"({"Version":"2012-10-17","Statement":[)" + statements + "]}",
                                     policy::DocumentKind::resource);
  EXPECT_TRUE(parsed.has_value());
  const policy::NamedPolicy named{"vpce-1", std::make_shared<const policy::Policy>(*std::move(parsed))};
  policy::Context context;
  context.add("aws:PrincipalAccount", principal.account);
  return endpoint_denial(named, {principal, "s3:GetObject", resource, context});
}

constexpr char kMine[] =
    R"({"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"arn:aws:s3:::mine/*"})";

}  // namespace

TEST(EndpointPolicy, LetsThroughWhatItAllowsWhoeverAsks) {
  for (const policy::Principal& principal : {kRoot, kUser, who(policy::PrincipalKind::anonymous)})
    EXPECT_EQ(denial(kMine, principal), std::nullopt);
}

TEST(EndpointPolicy, StopsWhatItDoesNotAllowEvenFromRoot) {
  for (const policy::Principal& principal : {kRoot, kUser}) {
    const auto why = denial(kMine, principal, "arn:aws:s3:::other/k");
    ASSERT_TRUE(why.has_value());
    EXPECT_THAT(*why, HasSubstr("because no VPC endpoint policy allows the s3:GetObject action"));
  }
  EXPECT_TRUE(denial(kMine, who(policy::PrincipalKind::anonymous), "arn:aws:s3:::other/k").has_value());
}

TEST(EndpointPolicy, ADenyOfItWins) {
  const auto why = denial(
      std::string(kMine) + R"(,{"Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"*"})",
      kRoot);
  ASSERT_TRUE(why.has_value());
  EXPECT_THAT(*why, HasSubstr("with an explicit deny in a VPC endpoint policy"));
}

TEST(EndpointPolicy, MayNameWhoComesThroughIt) {
  const std::string ann =
      R"({"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"},"Action":"*","Resource":"*"})";
  EXPECT_EQ(denial(ann, kUser), std::nullopt);
  EXPECT_TRUE(
      denial(ann, who(policy::PrincipalKind::user, "arn:aws:iam::000000000000:user/bob")).has_value());
}

}  // namespace landfall::s3
