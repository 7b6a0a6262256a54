#include "services/iam/dataplane/authenticator.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/fields.h"
#include "services/iam/dataplane/managed_policies.h"

namespace landfall::iam {
namespace {

constexpr Timestamp kNow{1'700'000'000'000};
constexpr char kAccount[] = "123456789012";
constexpr char kReadBucket[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}]})";
constexpr char kEc2Trust[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";

template <class T>
void put(Directory& directory, const char* kind, const std::string& id, const T& document) {
  const std::string json = to_json(document);
  auto applied = directory.apply(kind, id, &json);
  EXPECT_TRUE(applied) << applied.error().message;
}

Directory directory() {
  Directory d;
  put(d, kAccountKind, kAccount,
      AccountDocument{
          kAccount, {{"AKIAROOT", Secret("root-secret"), true}}, {{"k1", to_base64(std::string(32, 'k'))}}});
  put(d, kUserKind, "alice",
      UserDocument{{.name = "alice",
                    .path = "/",
                    .arn = "arn:aws:iam::123456789012:user/alice",
                    .id = "AIDAALICE",
                    .inline_policies = {{"read", kReadBucket}}},
                   {{"AKIAALICE", Secret("alice-secret"), true}, {"AKIAOLD", Secret("old-secret"), false}}});
  put(d, kRoleKind, "app",
      RoleDocument{{.name = "app",
                    .path = "/",
                    .arn = "arn:aws:iam::123456789012:role/app",
                    .id = "AROAAPP",
                    .attached = {"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}},
                   kEc2Trust});
  put(d, kInstanceProfileKind, "app",
      InstanceProfileDocument{"app", "arn:aws:iam::123456789012:instance-profile/app", "AIPA", "app"});
  return d;
}

constexpr char kOther[] = "210987654321";
constexpr char kWriteBucket[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]})";

// A second account, with names that the first has too.
void add_other(Directory& d) {
  put(d, kAccountKind, kOther,
      AccountDocument{kOther,
                      {{"AKIAOTHERROOT", Secret("other-root-secret"), true}},
                      {{"k2", to_base64(std::string(32, 'o'))}},
                      true});
  put(d, kUserKind, document_id(kAccount, kOther, "alice"),
      UserDocument{{.name = "alice",
                    .path = "/",
                    .arn = "arn:aws:iam::210987654321:user/alice",
                    .id = "AIDAOTHER",
                    .inline_policies = {{"write", kWriteBucket}}},
                   {{"AKIAOTHERALICE", Secret("other-secret"), true}}});
  put(d, kRoleKind, document_id(kAccount, kOther, "app"),
      RoleDocument{{.name = "app",
                    .path = "/",
                    .arn = "arn:aws:iam::210987654321:role/app",
                    .id = "AROAOTHER",
                    .inline_policies = {{"write", kWriteBucket}}},
                   kEc2Trust});
}

struct Signer {
  std::string id, secret, token;
};

http::Request signed_request(const Signer& signer) {
  http::Request r;
  r.method = "GET";
  r.target = "/k";
  r.authority = "b.s3.us-east-1.amazonaws.com";
  aws::sigv4::sign(
      r, {signer.id, Secret(signer.secret), signer.token},
      {.region = "us-east-1", .service = "s3", .path_style = aws::sigv4::PathStyle::s3, .now = kNow});
  return r;
}

std::expected<Principal, std::string> who(const http::Request& request, const IamSnapshot& snapshot,
                                          AuthenticateOptions options = {}) {
  options.dialect = aws::ErrorDialect::s3;
  options.path_style = aws::sigv4::PathStyle::s3;
  if (options.now == Timestamp{}) options.now = kNow;
  options.payload_hash = aws::sigv4::kEmptyPayloadHash;
  auto result = authenticate(request, snapshot, options);
  if (!result) return std::unexpected(result.error().code);
  return std::move(result->principal);
}

aws::SessionClaims role_claims() {
  aws::SessionClaims c;
  c.access_key_id = "ASIATEMP";
  c.secret_access_key = Secret("temp-secret");
  c.account = kAccount;
  c.role_arn = "arn:aws:iam::123456789012:role/app";
  c.role_id = "AROAAPP";
  c.role_name = "app";
  c.session_name = c.instance_id = "i-0123";
  c.issued = kNow;
  c.expires = kNow.plus_seconds(3600);
  return c;
}

Signer temporary(const aws::SessionClaims& claims, const IamSnapshot& snapshot) {
  SeededRandom random(7);
  return {claims.access_key_id, claims.secret_access_key.reveal(),
          aws::seal_session(claims, snapshot.keyring(), random).value()};
}

bool may(const Principal& principal, const char* action, const char* resource) {
  const auto context = context_of(principal, {.now = kNow, .region = "us-east-1"});
  return authorize(principal, context, {.action = action, .resource = resource}).allowed();
}

}  // namespace

TEST(Authenticator, KnowsRootUsersAndTheirKeys) {
  Directory d = directory();
  const auto snapshot = d.snapshot();
  auto root = who(signed_request({"AKIAROOT", "root-secret"}), *snapshot);
  ASSERT_TRUE(root) << root.error();
  EXPECT_EQ(root->who.arn, "arn:aws:iam::123456789012:root");
  EXPECT_TRUE(may(*root, "s3:DeleteBucket", "arn:aws:s3:::b"));
  auto alice = who(signed_request({"AKIAALICE", "alice-secret"}), *snapshot);
  ASSERT_TRUE(alice) << alice.error();
  EXPECT_EQ(alice->who.arn, "arn:aws:iam::123456789012:user/alice");
  EXPECT_TRUE(may(*alice, "s3:GetObject", "arn:aws:s3:::b/alice/x"));
  EXPECT_FALSE(may(*alice, "s3:GetObject", "arn:aws:s3:::b/bob/x"));
  EXPECT_FALSE(may(*alice, "s3:PutObject", "arn:aws:s3:::b/alice/x"));
}

TEST(Authenticator, RefusesWrongSecretsUnknownAndInactiveKeys) {
  Directory d = directory();
  const auto snapshot = d.snapshot();
  EXPECT_EQ(who(signed_request({"AKIAALICE", "guess"}), *snapshot).error(), "SignatureDoesNotMatch");
  EXPECT_EQ(who(signed_request({"AKIANOBODY", "x"}), *snapshot).error(), "InvalidAccessKeyId");
  EXPECT_EQ(who(signed_request({"AKIAOLD", "old-secret"}), *snapshot).error(), "InvalidAccessKeyId");
  EXPECT_EQ(who(http::Request{.method = "GET", .target = "/"}, *snapshot).error(), "AccessDenied");
  auto anonymous =
      who(http::Request{.method = "GET", .target = "/"}, *snapshot, {.anonymous = Anonymous::allowed});
  ASSERT_TRUE(anonymous);
  EXPECT_TRUE(anonymous->anonymous());
}

TEST(Authenticator, ARoleSessionHasItsRolesPoliciesUntilItExpires) {
  Directory d = directory();
  const auto snapshot = d.snapshot();
  const Signer signer = temporary(role_claims(), *snapshot);
  auto session = who(signed_request(signer), *snapshot);
  ASSERT_TRUE(session) << session.error();
  EXPECT_EQ(session->who.arn, "arn:aws:sts::123456789012:assumed-role/app/i-0123");
  EXPECT_EQ(session->who.user_id, "AROAAPP:i-0123");
  EXPECT_TRUE(may(*session, "s3:GetObject", "arn:aws:s3:::anything/x"));
  EXPECT_FALSE(may(*session, "s3:PutObject", "arn:aws:s3:::anything/x"));
  const aws::policy::Context context = context_of(*session, {.now = kNow, .region = "us-east-1"});
  ASSERT_TRUE(context.find("aws:PrincipalArn").is_single());
  EXPECT_EQ(context.find("aws:PrincipalArn").front(), "arn:aws:iam::123456789012:role/app");
  aws::SessionClaims expired = role_claims();
  expired.expires = kNow;
  EXPECT_EQ(who(signed_request(temporary(expired, *snapshot)), *snapshot).error(), "ExpiredToken");
  Signer without_token = signer;
  without_token.token.clear();
  EXPECT_EQ(who(signed_request(without_token), *snapshot).error(), "InvalidAccessKeyId");
  Signer other_key = signer;
  other_key.id = "ASIAOTHER";
  EXPECT_EQ(who(signed_request(other_key), *snapshot).error(), "InvalidToken");
}

TEST(Authenticator, ASessionDiesWithItsRoleAndASessionPolicyLimitsIt) {
  Directory d = directory();
  aws::SessionClaims limited = role_claims();
  limited.session_policy =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::one/*"}]})";
  const Signer signer = temporary(limited, *d.snapshot());
  auto session = who(signed_request(signer), *d.snapshot());
  ASSERT_TRUE(session) << session.error();
  EXPECT_TRUE(may(*session, "s3:GetObject", "arn:aws:s3:::one/x"));
  EXPECT_FALSE(may(*session, "s3:GetObject", "arn:aws:s3:::two/x"));
  EXPECT_FALSE(may(*session, "s3:PutObject", "arn:aws:s3:::one/x"));
  ASSERT_TRUE(d.apply(kRoleKind, "app", nullptr));
  EXPECT_EQ(who(signed_request(signer), *d.snapshot()).error(), "InvalidToken");
}

TEST(Authenticator, AnyCredentialsActAsRootWhenSoConfigured) {
  Directory d = directory();
  const auto snapshot = d.snapshot();
  const AuthenticateOptions any{.check = CredentialCheck::any_is_root};
  EXPECT_EQ(who(signed_request({"test", "test"}), *snapshot, any)->who.kind,
            aws::policy::PrincipalKind::root);
  EXPECT_EQ(who(http::Request{.method = "GET", .target = "/"}, *snapshot, any)->who.kind,
            aws::policy::PrincipalKind::root);
  EXPECT_EQ(who(signed_request({"AKIAALICE", "whatever"}), *snapshot, any)->who.kind,
            aws::policy::PrincipalKind::user);
}

TEST(Authenticator, AnAccountsNumberActsAsItsRootWhereAnyCredentialsDo) {
  Directory d = directory();
  add_other(d);
  const AuthenticateOptions any{.check = CredentialCheck::any_is_root};
  EXPECT_EQ(who(signed_request({kOther, "x"}), *d.snapshot(), any)->who.arn,
            "arn:aws:iam::210987654321:root");
  EXPECT_EQ(who(signed_request({kAccount, "x"}), *d.snapshot(), any)->who.arn,
            "arn:aws:iam::123456789012:root");
  EXPECT_EQ(who(signed_request({"999999999999", "x"}), *d.snapshot(), any).error(), "InvalidAccessKeyId");
  EXPECT_EQ(who(signed_request({kOther, "x"}), *d.snapshot()).error(), "InvalidAccessKeyId");
}

TEST(Authenticator, AKeyTellsItsAccountAndNamesOfAnotherAreNotMixedUp) {
  Directory d = directory();
  add_other(d);
  const auto snapshot = d.snapshot();
  const auto alice = who(signed_request({"AKIAALICE", "alice-secret"}), *snapshot);
  const auto other = who(signed_request({"AKIAOTHERALICE", "other-secret"}), *snapshot);
  ASSERT_TRUE(alice && other);
  EXPECT_EQ(alice->who.account, kAccount);
  EXPECT_EQ(other->who.account, kOther);
  EXPECT_EQ(other->who.arn, "arn:aws:iam::210987654321:user/alice");
  EXPECT_TRUE(may(*other, "s3:PutObject", "arn:aws:s3:::b/x"));
  EXPECT_FALSE(may(*alice, "s3:PutObject", "arn:aws:s3:::b/x"));
  EXPECT_EQ(who(signed_request({"AKIAOTHERROOT", "other-root-secret"}), *snapshot)->who.arn,
            "arn:aws:iam::210987654321:root");
  EXPECT_EQ(who(signed_request({"AKIAOTHERALICE", "alice-secret"}), *snapshot).error(),
            "SignatureDoesNotMatch");
}

TEST(Authenticator, ASessionIsOfTheAccountThatItsTokenNames) {
  Directory d = directory();
  add_other(d);
  auto claims = role_claims();
  claims.account = kOther;
  claims.role_arn = "arn:aws:iam::210987654321:role/app";
  claims.role_id = "AROAOTHER";
  SeededRandom random(7);
  const std::string token =
      aws::seal_session(claims, d.snapshot()->account(kOther)->keyring(), random).value();
  const Signer signer{claims.access_key_id, claims.secret_access_key.reveal(), token};
  auto session = who(signed_request(signer), *d.snapshot());
  ASSERT_TRUE(session) << session.error();
  EXPECT_EQ(session->who.arn, "arn:aws:sts::210987654321:assumed-role/app/i-0123");
  EXPECT_TRUE(may(*session, "s3:PutObject", "arn:aws:s3:::b/x"));
  // The role of the same name in the other account is another: its id tells.
  claims.account = kAccount;
  EXPECT_EQ(who(signed_request(temporary(claims, *d.snapshot())), *d.snapshot()).error(), "InvalidToken");
  ASSERT_TRUE(d.apply(kAccountKind, kOther, nullptr));
  EXPECT_EQ(who(signed_request(signer), *d.snapshot()).error(), "InvalidToken");
}

TEST(Authenticator, OnlyTheRootOfTheResourcesAccountIsPlainlyAllowed) {
  Directory d = directory();
  add_other(d);
  const auto root = who(signed_request({"AKIAOTHERROOT", "other-root-secret"}), *d.snapshot());
  ASSERT_TRUE(root);
  EXPECT_TRUE(plainly_allowed(*root, kOther, nullptr));
  EXPECT_FALSE(plainly_allowed(*root, kAccount, nullptr));
  const auto with = [](const char* effect) {
    auto policy = aws::policy::parse_policy(
        std::string(
            R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"},{"Effect":")") +
            effect + R"(","Principal":"*","Action":"s3:PutObject","Resource":"*"}]})",
        aws::policy::DocumentKind::resource);
    return aws::policy::NamedPolicy{"p", std::make_shared<const aws::policy::Policy>(std::move(*policy))};
  };
  const aws::policy::NamedPolicy allows = with("Allow"), denies = with("Deny");
  EXPECT_TRUE(plainly_allowed(*root, kOther, &allows));
  EXPECT_FALSE(plainly_allowed(*root, kOther, &denies));
  EXPECT_FALSE(plainly_allowed(*root, kAccount, &allows));
  const auto context = context_of(*root, {.now = kNow});
  const AuthorizeOptions options{
      .action = "s3:GetObject", .resource = "arn:aws:s3:::b/x", .resource_account = kAccount};
  EXPECT_FALSE(authorize(*root, context, options).allowed());
}

TEST(Directory, WhatGoesOfOneAccountStaysInTheOther) {
  Directory d = directory();
  add_other(d);
  ASSERT_TRUE(d.apply(kUserKind, document_id(kAccount, kOther, "alice"), nullptr));
  EXPECT_EQ(who(signed_request({"AKIAOTHERALICE", "other-secret"}), *d.snapshot()).error(),
            "InvalidAccessKeyId");
  EXPECT_TRUE(who(signed_request({"AKIAALICE", "alice-secret"}), *d.snapshot()));
  ASSERT_TRUE(d.apply(kRoleKind, "app", nullptr));
  EXPECT_FALSE(d.snapshot()->role_by_arn("arn:aws:iam::123456789012:role/app"));
  EXPECT_TRUE(d.snapshot()->role_by_arn("arn:aws:iam::210987654321:role/app"));
}

TEST(Directory, AnIdentityWhoseAttachedPolicyIsMissingIsNotLetIn) {
  Directory d = directory();
  put(d, kUserKind, "bob",
      UserDocument{{.name = "bob",
                    .arn = "arn:aws:iam::123456789012:user/bob",
                    .id = "AIDABOB",
                    .attached = {"arn:aws:iam::123456789012:policy/guard"}},
                   {{"AKIABOB", Secret("bob-secret"), true}}});
  EXPECT_EQ(who(signed_request({"AKIABOB", "bob-secret"}), *d.snapshot()).error(), "InvalidAccessKeyId");
  put(d, kPolicyKind, "arn:aws:iam::123456789012:policy/guard",
      PolicyDocument{"arn:aws:iam::123456789012:policy/guard", kReadBucket});
  EXPECT_TRUE(who(signed_request({"AKIABOB", "bob-secret"}), *d.snapshot()));
}

TEST(Directory, FindsRolesByArnAndInstanceProfilesByEither) {
  Directory d = directory();
  const auto snapshot = d.snapshot();
  EXPECT_TRUE(snapshot->role_by_arn("arn:aws:iam::123456789012:role/app"));
  EXPECT_FALSE(snapshot->role_by_arn("arn:aws:iam::999999999999:role/app"));
  EXPECT_EQ(snapshot->first().instance_profile("app")->role, "app");
  EXPECT_NE(snapshot->first().instance_profile("arn:aws:iam::123456789012:instance-profile/app"), nullptr);
  EXPECT_EQ(snapshot->first().instance_profile("arn:aws:iam::1:instance-profile/app"), nullptr);
}

TEST(ManagedPolicies, AllParseAndAreFoundByArn) {
  for (const ManagedPolicy& policy : managed_policies()) {
    auto parsed = aws::policy::parse_policy(policy.document, aws::policy::DocumentKind::identity);
    EXPECT_TRUE(parsed) << policy.name << ": " << parsed.error().message;
    EXPECT_EQ(find_managed_policy(policy.arn()), &policy);
  }
  EXPECT_TRUE(find_managed_policy("arn:aws:iam::aws:policy/service-role/AWSElasticBeanstalkEnhancedHealth"));
  EXPECT_FALSE(find_managed_policy("arn:aws:iam::aws:policy/AWSElasticBeanstalkEnhancedHealth"));
}

}  // namespace landfall::iam
