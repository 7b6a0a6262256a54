#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/in_account.h"
#include "gateway/testing.h"
#include "iam/operations.h"
#include "services/iam/accounts.h"
#include "services/iam/iam.h"
#include "sts/operations.h"

namespace landfall::sts {
namespace {

using testing::HasSubstr;

std::string trust(const std::string& principal) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":)" + principal +
         R"(,"Action":["sts:AssumeRole"]}]})";
}

class StsTest : public testing::Test {
 protected:
  StsTest() {
    t_.call([](Call& call) {
      iam::CreateUser(call, {.UserName = "alice"});
      return iam::CreateUser(call, {.UserName = "bob"});
    });
  }
  void role(const std::string& name, const std::string& principal, int64_t max_seconds = 3600) {
    t_.call([&](Call& call) {
      return iam::CreateRole(call, {.RoleName = name,
                                    .AssumeRolePolicyDocument = trust(principal),
                                    .MaxSessionDuration = max_seconds});
    });
  }
  Caller user(const std::string& name) {
    return {.kind = CallerKind::user,
            .account = "123456789012",
            .arn = "arn:aws:iam::123456789012:user/" + name,
            .user_id = "AIDA"};
  }
  // As `caller`, whose own policies let do what `may` says.
  std::expected<AssumeRoleResponse, std::string> assume(const Caller& caller, const std::string& role,
                                                        AssumeRoleRequest in = {}) {
    in.RoleArn = "arn:aws:iam::123456789012:role/" + role;
    in.RoleSessionName = "s1";
    try {
      return t_.call([&](Call& call) {
        call.caller = caller;
        return AssumeRole(call, in);
      });
    } catch (const ServiceError& e) {
      return std::unexpected(e.code() + ": " + e.message());
    }
  }

  testing_support::TestPlane t_;
  std::unique_ptr<iam::IamService> iam_ = iam::make_service(t_.plane);
};

constexpr char kOther[] = "210987654321";
constexpr char kMayAssume[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::210987654321:role/*"}]})";

// A role of another account; alice and bob are of the first.
class CrossAccountTest : public StsTest {
 protected:
  CrossAccountTest() {
    t_.call([](Call& call) { return iam::add_account(call, kOther, "other"); });
    allow("alice", kMayAssume);
  }
  void allow(const std::string& user, const std::string& document) {
    t_.call([&](Call& call) {
      return iam::PutUserPolicy(call, {.UserName = user, .PolicyName = "assume", .PolicyDocument = document});
    });
  }
  void role_there(const std::string& name, const std::string& trust_policy) {
    t_.call([&](Call& call) {
      Call other = in_account(call, kOther);
      return iam::CreateRole(other, {.RoleName = name, .AssumeRolePolicyDocument = trust_policy});
    });
  }
  std::string assume_there(const Caller& caller, const std::string& name, AssumeRoleRequest in = {}) {
    in.RoleArn = "arn:aws:iam::210987654321:role/" + name;
    in.RoleSessionName = "s1";
    return t_.refusal(
        [&](Call& call, const AssumeRoleRequest& request) {
          call.caller = caller;
          last_ = AssumeRole(call, request);
          return *last_.AssumedRoleUser->Arn;
        },
        in);
  }
  AssumeRoleResponse last_;
};

}  // namespace

TEST_F(CrossAccountTest, NeedsBothTheTrustAndTheCallersOwnPolicy) {
  role_there("both", trust(R"({"AWS":"arn:aws:iam::123456789012:root"})"));
  EXPECT_EQ(assume_there(user("alice"), "both"), "");
  EXPECT_EQ(*last_.AssumedRoleUser->Arn, "arn:aws:sts::210987654321:assumed-role/both/s1");
  // Bob has no policy: that the role trusts his account is not enough, nor that it names him.
  EXPECT_THAT(assume_there(user("bob"), "both"), HasSubstr("AccessDenied"));
  role_there("names-bob", trust(R"({"AWS":"arn:aws:iam::123456789012:user/bob"})"));
  EXPECT_THAT(assume_there(user("bob"), "names-bob"), HasSubstr("AccessDenied"));
  // Alice has one, and this role does not trust her.
  EXPECT_THAT(assume_there(user("alice"), "names-bob"), HasSubstr("AccessDenied"));
  EXPECT_THAT(assume_there(user("alice"), "none"), HasSubstr("AccessDenied"));
}

TEST_F(CrossAccountTest, AsksForTheExternalIdThatTheTrustNames) {
  role_there(
      "vendor",
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"e-42"}}}]})");
  EXPECT_EQ(assume_there(user("alice"), "vendor", {.ExternalId = "e-42"}), "");
  EXPECT_THAT(assume_there(user("alice"), "vendor", {.ExternalId = "e-43"}), HasSubstr("AccessDenied"));
  EXPECT_THAT(assume_there(user("alice"), "vendor"), HasSubstr("AccessDenied"));
}

TEST_F(CrossAccountTest, ARoleOfTheSameNameInOnesOwnAccountIsAnother) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:user/alice"})");
  EXPECT_THAT(assume_there(user("alice"), "app"), HasSubstr("AccessDenied"));
  EXPECT_TRUE(assume(user("alice"), "app"));
}

TEST_F(CrossAccountTest, TheSessionIsOfTheRolesAccount) {
  role_there("both", trust(R"({"AWS":"arn:aws:iam::123456789012:root"})"));
  ASSERT_EQ(assume_there(user("alice"), "both"), "");
  http::Request request{.method = "GET", .target = "/", .authority = "sts.amazonaws.com"};
  aws::sigv4::sign(request,
                   {*last_.Credentials->AccessKeyId, Secret(*last_.Credentials->SecretAccessKey),
                    *last_.Credentials->SessionToken},
                   {.region = "us-east-1", .service = "sts", .now = t_.clock.now()});
  auto session = iam::authenticate(request, *iam_->snapshot(),
                                   {.now = t_.clock.now(), .payload_hash = aws::sigv4::kEmptyPayloadHash});
  ASSERT_TRUE(session) << session.error().code;
  EXPECT_EQ(session->principal.who.account, kOther);
}

TEST_F(StsTest, AUserMayAssumeByWhatItsGroupAllows) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:root"})");
  t_.call([](Call& call) {
    iam::CreateGroup(call, {.GroupName = "ops"});
    iam::AttachGroupPolicy(call,
                           {.GroupName = "ops", .PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess"});
    return iam::AddUserToGroup(call, {.GroupName = "ops", .UserName = "alice"});
  });
  EXPECT_TRUE(assume(user("alice"), "app"));
  EXPECT_FALSE(assume(user("bob"), "app"));
}

TEST_F(StsTest, AssumesARoleWhoseTrustPolicyNamesTheUser) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:user/alice"})");
  auto out = assume(user("alice"), "app");
  ASSERT_TRUE(out) << out.error();
  EXPECT_EQ(*out->AssumedRoleUser->Arn, "arn:aws:sts::123456789012:assumed-role/app/s1");
  EXPECT_EQ(*out->Credentials->Expiration, t_.clock.now().plus_seconds(3600));
  EXPECT_EQ(assume(user("bob"), "app").error(),
            "AccessDenied: User: arn:aws:iam::123456789012:user/bob is not authorized to perform: "
            "sts:AssumeRole on "
            "resource: arn:aws:iam::123456789012:role/app");
  EXPECT_THAT(assume(user("alice"), "none").error(),
              HasSubstr("is not authorized to perform: sts:AssumeRole"));
}

TEST_F(StsTest, TheCredentialsSignInAsTheSession) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:user/alice"})");
  const auto out = assume(user("alice"), "app");
  http::Request request{.method = "GET", .target = "/", .authority = "sts.amazonaws.com"};
  aws::sigv4::sign(request,
                   {*out->Credentials->AccessKeyId, Secret(*out->Credentials->SecretAccessKey),
                    *out->Credentials->SessionToken},
                   {.region = "us-east-1", .service = "sts", .now = t_.clock.now()});
  auto session = iam::authenticate(request, *iam_->snapshot(),
                                   {.now = t_.clock.now(), .payload_hash = aws::sigv4::kEmptyPayloadHash});
  ASSERT_TRUE(session) << session.error().code;
  EXPECT_EQ(session->principal.who.arn, "arn:aws:sts::123456789012:assumed-role/app/s1");
  EXPECT_EQ(iam::caller_of(session->principal, request).role_arn, "arn:aws:iam::123456789012:role/app");
}

TEST_F(StsTest, ATrustInTheAccountNeedsTheUsersOwnPermission) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:root"})");
  EXPECT_FALSE(assume(user("alice"), "app"));
  t_.call([](Call& call) {
    return iam::PutUserPolicy(
        call,
        {.UserName = "alice",
         .PolicyName = "assume",
         .PolicyDocument =
             R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"*"}]})"});
  });
  EXPECT_TRUE(assume(user("alice"), "app"));
  EXPECT_FALSE(assume(user("bob"), "app"));
}

TEST_F(StsTest, AServiceAssumesOnlyWhatTrustsIt) {
  role("ec2", R"({"Service":"ec2.amazonaws.com"})");
  const Caller ec2{.kind = CallerKind::service, .account = "123456789012", .service = "ec2.amazonaws.com"};
  const Caller rds{.kind = CallerKind::service, .account = "123456789012", .service = "rds.amazonaws.com"};
  EXPECT_TRUE(assume(ec2, "ec2"));
  EXPECT_FALSE(assume(rds, "ec2"));
  EXPECT_FALSE(assume(user("alice"), "ec2"));
}

TEST_F(StsTest, LimitsTheDuration) {
  role("app", R"({"AWS":"123456789012"})", 7200);
  const Caller root{
      .kind = CallerKind::root, .account = "123456789012", .arn = "arn:aws:iam::123456789012:root"};
  EXPECT_TRUE(assume(root, "app", {.DurationSeconds = 7200}));
  EXPECT_THAT(assume(root, "app", {.DurationSeconds = 7201}).error(), HasSubstr("MaxSessionDuration"));
  role("chained", R"({"AWS":"arn:aws:iam::123456789012:role/app"})", 7200);
  const Caller session{.kind = CallerKind::assumed_role,
                       .account = "123456789012",
                       .arn = "arn:aws:sts::123456789012:assumed-role/app/s1",
                       .user_id = "AROA:s1",
                       .role_arn = "arn:aws:iam::123456789012:role/app",
                       .session_name = "s1"};
  EXPECT_TRUE(assume(session, "chained", {.DurationSeconds = 3600}));
  EXPECT_THAT(assume(session, "chained", {.DurationSeconds = 3601}).error(), HasSubstr("role chaining"));
}

TEST_F(StsTest, RefusesBrokenSessionPoliciesAndUnknownArns) {
  role("app", R"({"AWS":"arn:aws:iam::123456789012:user/alice"})");
  EXPECT_THAT(assume(user("alice"), "app", {.Policy = "{"}).error(), HasSubstr("MalformedPolicyDocument"));
  EXPECT_FALSE(assume(user("alice"), "app", {.PolicyArns = {{.arn = "arn:aws:iam::aws:policy/Nothing"}}}));
  EXPECT_TRUE(
      assume(user("alice"), "app", {.PolicyArns = {{.arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"}}}));
  EXPECT_THAT(assume(user("alice"), "app", {.Tags = {{.Key = "a", .Value = "b"}}}).error(),
              HasSubstr("sts:TagSession"));
}

}  // namespace landfall::sts
