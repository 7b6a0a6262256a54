#include <gtest/gtest.h>

#include "cloudformation/operations.h"
#include "gateway/testing.h"
#include "iam/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {
namespace {

std::string trust(const std::string& service) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":")" + service +
         R"("},"Action":"sts:AssumeRole"}]})";
}

}  // namespace

// One role that trusts CloudFormation, and its twin that does not: nothing else differs.
TEST(StackRoles, MustTrustCloudFormation) {
  testing_support::TestPlane t;
  t.call([](Call& call) {
    const auto role = [&](const char* name, const char* service) {
      return *iam::CreateRole(call, {.RoleName = name, .AssumeRolePolicyDocument = trust(service)}).Role->Arn;
    };
    const std::string trusting = role("trusting", "cloudformation.amazonaws.com");
    const std::string other = role("other", "ec2.amazonaws.com");
    EXPECT_NO_THROW(check_role(call, trusting));
    try {
      check_role(call, other);
      ADD_FAILURE() << "a role that does not trust CloudFormation was taken";
    } catch (const ServiceError& error) {
      EXPECT_EQ(error.code(), "ValidationError");
      EXPECT_EQ(error.message(), "Role " + other + " is invalid or cannot be assumed");
    }
    EXPECT_THROW(check_role(call, "arn:aws:iam::123456789012:role/none"), ServiceError);
  });
}

TEST(StackRoles, ArePassedByWhoMayPassThem) {
  testing_support::TestPlane t;
  t.call([](Call& call) {
    const std::string arn =
        *iam::CreateRole(
             call, {.RoleName = "stack", .AssumeRolePolicyDocument = trust("cloudformation.amazonaws.com")})
             .Role->Arn;
    bool allowed = false;
    call.authorize = [&](std::string_view action, std::string_view, const auto& context) {
      EXPECT_EQ(action, "iam:PassRole");
      EXPECT_EQ(context.at("iam:PassedToService"), "cloudformation.amazonaws.com");
      if (!allowed) throw ServiceError("AccessDenied", 403, "no");
    };
    EXPECT_THROW(check_role(call, arn), ServiceError);
    allowed = true;
    EXPECT_NO_THROW(check_role(call, arn));
  });
}

}  // namespace landfall::cloudformation
