#include "aws/policy/evaluate.h"

#include <gtest/gtest.h>

namespace landfall::aws::policy {
namespace {

const Principal kAlice{
    PrincipalKind::user, "111111111111", "arn:aws:iam::111111111111:user/alice", "AIDAALICE", "", ""};
const Principal kSession{PrincipalKind::assumed_role,
                         "111111111111",
                         "arn:aws:sts::111111111111:assumed-role/app/i-1",
                         "AROAAPP:i-1",
                         "arn:aws:iam::111111111111:role/app",
                         ""};
const Principal kRoot{
    PrincipalKind::root, "111111111111", "arn:aws:iam::111111111111:root", "111111111111", "", ""};
const Principal kForeign{
    PrincipalKind::user, "222222222222", "arn:aws:iam::222222222222:user/bob", "AIDABOB", "", ""};
const Principal kEc2{PrincipalKind::service, "", "", "", "", "ec2.amazonaws.com"};
const Principal kAnonymous;

NamedPolicy named(const std::string& name, const std::string& json, DocumentKind kind) {
  auto policy = parse_policy(json, kind);
  EXPECT_TRUE(policy) << json << ": " << policy.error().message;
  return {name, std::make_shared<const Policy>(policy ? std::move(*policy) : Policy{})};
}

// One statement of an identity policy.
NamedPolicy identity(const std::string& members, const std::string& name = "identity") {
  return named(name, R"({"Version":"2012-10-17","Statement":[{)" + members + "}]}", DocumentKind::identity);
}
NamedPolicy resource(const std::string& members) {
  return named("resource", R"({"Version":"2012-10-17","Statement":[{)" + members + "}]}",
               DocumentKind::resource);
}
NamedPolicy trust(const std::string& members) {
  return named("trust", R"({"Version":"2012-10-17","Statement":[{)" + members + "}]}", DocumentKind::trust);
}

struct Ask {
  Principal principal = kAlice;
  std::string action = "s3:GetObject";
  std::string resource = "arn:aws:s3:::b/k";
  Context context;
  std::vector<NamedPolicy> identity;
  std::optional<NamedPolicy> boundary;
  std::optional<std::vector<NamedPolicy>> session;
  std::optional<NamedPolicy> resource_policy;
  ResourcePolicyMode mode = ResourcePolicyMode::grants;
  std::string message;  // set by decide() on a denial

  Decision decide() {
    EvaluationInput input{.principal = principal,
                          .action = action,
                          .resource = resource,
                          .resource_account = "111111111111",
                          .context = context,
                          .identity = identity,
                          .boundary = boundary ? &*boundary : nullptr,
                          .resource_policy = resource_policy ? &*resource_policy : nullptr,
                          .resource_policy_mode = mode};
    if (session) input.session = std::span<const NamedPolicy>(*session);
    Decision decision = evaluate(input);
    if (!decision.allowed()) message = denial_message(input, decision);
    return decision;
  }
  bool allowed() { return decide().allowed(); }
};

const char* const kAllowAll = R"("Effect":"Allow","Action":"*","Resource":"*")";

bool statement_applies(const std::string& members, const std::string& action, const std::string& resource) {
  return Ask{.action = action, .resource = resource, .identity = {identity(R"("Effect":"Allow",)" + members)}}
      .allowed();
}

bool condition_holds(const std::string& condition, Context context) {
  return Ask{.context = std::move(context),
             .identity = {identity(std::string(kAllowAll) + R"(,"Condition":{)" + condition + "}")}}
      .allowed();
}

Context one(const char* key, const char* value) {
  Context context;
  context.add(key, value);
  return context;
}

Context many(const char* key, std::initializer_list<const char*> values) {
  Context context;
  context.add_empty(key);
  for (const char* value : values) context.add(key, value);
  return context;
}

}  // namespace

TEST(Evaluate, DeniesByDefaultAndSaysWhy) {
  Ask ask;
  const Decision decision = ask.decide();
  EXPECT_EQ(decision.reason, Reason::implicit_deny);
  EXPECT_EQ(
      ask.message,
      "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:GetObject on resource: "
      "arn:aws:s3:::b/k because no identity-based policy allows the s3:GetObject action");
}

TEST(Evaluate, AnExplicitDenyWinsAndNamesItsStatement) {
  Ask ask{.identity = {
              identity(kAllowAll, "all"),
              identity(R"("Sid":"NoKeys","Effect":"Deny","Action":"s3:Get*","Resource":"arn:aws:s3:::b/k")",
                       "guard")}};
  const Decision decision = ask.decide();
  EXPECT_EQ(decision.reason, Reason::explicit_deny);
  EXPECT_EQ(decision.source, PolicySource::identity);
  EXPECT_EQ(decision.policy, "guard");
  EXPECT_EQ(decision.sid, "NoKeys");
  EXPECT_EQ(decision.statement, 0);
  EXPECT_EQ(
      ask.message,
      "User: arn:aws:iam::111111111111:user/alice is not authorized to perform: s3:GetObject on resource: "
      "arn:aws:s3:::b/k with an explicit deny in an identity-based policy");
}

TEST(Evaluate, MatchesActionsWithoutCaseAndResourcesWithIt) {
  EXPECT_TRUE(statement_applies(R"("Action":"S3:getOBJECT","Resource":"arn:aws:s3:::b/k")", "s3:GetObject",
                                "arn:aws:s3:::b/k"));
  EXPECT_FALSE(statement_applies(R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::B/k")", "s3:GetObject",
                                 "arn:aws:s3:::b/k"));
}

TEST(Evaluate, UnderstandsWildcards) {
  auto matches = [](const char* pattern, const char* text) {
    return statement_applies(
        std::string(R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::)") + pattern + '"', "s3:GetObject",
        std::string("arn:aws:s3:::") + text);
  };
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("b/*", "b/"));
  EXPECT_TRUE(matches("b/*/x?z", "b/a/b/c/xyz"));
  EXPECT_FALSE(matches("b/*/x?z", "b/a/xz"));
  EXPECT_FALSE(matches("b/*", "bb/k"));
  EXPECT_TRUE(matches("b/?", "b/\xc3\xa9"));  // one character, two bytes
  EXPECT_FALSE(matches("b/??", "b/\xc3\xa9"));
  EXPECT_TRUE(matches("*a*a*a*b", (std::string(2000, 'a') + "b").c_str()));
  EXPECT_FALSE(matches("*a*a*a*a*a*a*a*c", (std::string(20000, 'a') + "b").c_str()));
}

TEST(Evaluate, UnderstandsNotActionAndNotResource) {
  EXPECT_TRUE(statement_applies(R"("NotAction":"iam:*","Resource":"*")", "s3:GetObject", "*"));
  EXPECT_FALSE(statement_applies(R"("NotAction":["iam:*","s3:Get*"],"Resource":"*")", "s3:GetObject", "*"));
  EXPECT_TRUE(statement_applies(R"("Action":"*","NotResource":"arn:aws:s3:::b/secret*")", "s3:GetObject",
                                "arn:aws:s3:::b/k"));
  EXPECT_FALSE(statement_applies(R"("Action":"*","NotResource":"arn:aws:s3:::b/secret*")", "s3:GetObject",
                                 "arn:aws:s3:::b/secret1"));
}

TEST(Evaluate, SubstitutesPolicyVariables) {
  auto allowed = [](const std::string& pattern, const std::string& key, Context context) {
    return Ask{.resource = "arn:aws:s3:::b/" + key,
               .context = std::move(context),
               .identity = {identity(R"("Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/)" +
                                     pattern + '"')}}
        .allowed();
  };
  EXPECT_TRUE(allowed("home/${aws:username}/*", "home/alice/x", one("aws:username", "alice")));
  EXPECT_FALSE(allowed("home/${aws:username}/*", "home/bob/x", one("aws:username", "alice")));
  EXPECT_FALSE(allowed("home/${aws:username}/*", "home//x", {}));
  EXPECT_FALSE(allowed("home/${aws:username}/x", "home/bob/x", one("aws:username", "*")))
      << "a value is literal";
  EXPECT_FALSE(allowed("home/${aws:username}/x", "home/bob/x", one("aws:username", "\xff")));
  EXPECT_TRUE(allowed("${aws:PrincipalTag/team, 'shared'}/x", "shared/x", {}));
  EXPECT_TRUE(allowed("${aws:PrincipalTag/team, 'shared'}/x", "red/x", one("aws:PrincipalTag/team", "red")));
  EXPECT_TRUE(allowed("a${*}b${?}c${$}", "a*b?c$", {}));
  EXPECT_FALSE(allowed("a${*}b", "axb", {}));
}

TEST(Evaluate, TakesVariablesOfVersion2008AsText) {
  NamedPolicy old = named(
      "old",
      R"({"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/${aws:username}"}]})",
      DocumentKind::identity);
  EXPECT_FALSE(
      (Ask{.resource = "arn:aws:s3:::b/alice", .context = one("aws:username", "alice"), .identity = {old}}
           .allowed()));
  EXPECT_TRUE((Ask{.resource = "arn:aws:s3:::b/${aws:username}", .identity = {old}}.allowed()));
}

TEST(Conditions, CompareStrings) {
  const Context c = one("aws:PrincipalTag/Team", "Red");
  EXPECT_TRUE(condition_holds(R"("StringEquals":{"AWS:principaltag/team":["Blue","Red"]})", c));
  EXPECT_FALSE(condition_holds(R"("StringEquals":{"aws:PrincipalTag/Team":"red"})", c));
  EXPECT_TRUE(condition_holds(R"("StringEqualsIgnoreCase":{"aws:PrincipalTag/Team":"rED"})", c));
  EXPECT_FALSE(condition_holds(R"("StringEquals":{"aws:PrincipalTag/Team":"R*"})", c));
  EXPECT_TRUE(condition_holds(R"("StringLike":{"aws:PrincipalTag/Team":"R?d"})", c));
  EXPECT_FALSE(condition_holds(R"("StringNotEquals":{"aws:PrincipalTag/Team":["Red","Blue"]})", c));
  EXPECT_TRUE(condition_holds(R"("StringNotLike":{"aws:PrincipalTag/Team":["B*","G*"]})", c));
  EXPECT_TRUE(condition_holds(R"("StringNotEqualsIgnoreCase":{"aws:PrincipalTag/Team":"blue"})", c));
}

TEST(Conditions, TreatAMissingKeyByOperator) {
  EXPECT_FALSE(condition_holds(R"("StringEquals":{"a:b":"c"})", {}));
  EXPECT_TRUE(condition_holds(R"("StringEqualsIfExists":{"a:b":"c"})", {}));
  EXPECT_FALSE(condition_holds(R"("StringEqualsIfExists":{"a:b":"c"})", one("a:b", "d")));
  EXPECT_TRUE(condition_holds(R"("StringNotEquals":{"a:b":"c"})", {}));
  EXPECT_TRUE(condition_holds(R"("NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"})", {}));
  EXPECT_TRUE(condition_holds(R"("Null":{"a:b":"true"})", {}));
  EXPECT_FALSE(condition_holds(R"("Null":{"a:b":"false"})", {}));
  EXPECT_TRUE(condition_holds(R"("Null":{"a:b":false})", one("a:b", "x")));
  EXPECT_FALSE(condition_holds(R"("Bool":{"aws:MultiFactorAuthPresent":"false"})", {}));
  EXPECT_TRUE(condition_holds(R"("BoolIfExists":{"aws:MultiFactorAuthPresent":"true"})", {}));
}

TEST(Conditions, CompareNumbersDatesAndBooleans) {
  const Context n = one("s3:max-keys", "10");
  EXPECT_TRUE(condition_holds(R"("NumericEquals":{"s3:max-keys":"10.0"})", n));
  EXPECT_TRUE(condition_holds(R"("NumericLessThanEquals":{"s3:max-keys":10})", n));
  EXPECT_FALSE(condition_holds(R"("NumericLessThan":{"s3:max-keys":10})", n));
  EXPECT_TRUE(condition_holds(R"("NumericGreaterThan":{"s3:max-keys":"-1"})", n));
  EXPECT_FALSE(condition_holds(R"("NumericGreaterThanEquals":{"s3:max-keys":"11"})", n));
  EXPECT_TRUE(condition_holds(R"("NumericNotEquals":{"s3:max-keys":"11"})", n));
  EXPECT_FALSE(condition_holds(R"("NumericLessThan":{"s3:max-keys":10})", one("s3:max-keys", "many")));
  const Context d = one("aws:CurrentTime", "2026-11-22T10:00:00Z");
  EXPECT_TRUE(condition_holds(R"("DateGreaterThan":{"aws:CurrentTime":"2026-11-22T09:59:59Z"})", d));
  EXPECT_FALSE(condition_holds(R"("DateLessThan":{"aws:CurrentTime":"2026-11-22"})", d));
  EXPECT_TRUE(condition_holds(R"("DateEquals":{"aws:CurrentTime":"1795341600"})", d));
  EXPECT_TRUE(condition_holds(R"("DateNotEquals":{"aws:CurrentTime":"1795341601"})", d));
  EXPECT_TRUE(condition_holds(R"("DateLessThanEquals":{"aws:EpochTime":"2026-11-22T10:00:00Z"})",
                              one("aws:EpochTime", "1795341600")));
  EXPECT_TRUE(
      condition_holds(R"("Bool":{"aws:SecureTransport":"true"})", one("aws:SecureTransport", "true")));
  EXPECT_FALSE(
      condition_holds(R"("Bool":{"aws:SecureTransport":"true"})", one("aws:SecureTransport", "false")));
  EXPECT_TRUE(condition_holds(R"("BinaryEquals":{"k:b":"QmluYXJ5"})", one("k:b", "QmluYXJ5")));
}

TEST(Conditions, MatchAddresses) {
  auto in = [](const char* network, const char* address) {
    return condition_holds(std::string(R"("IpAddress":{"aws:SourceIp":")") + network + "\"}",
                           one("aws:SourceIp", address));
  };
  EXPECT_TRUE(in("203.0.113.0/24", "203.0.113.255"));
  EXPECT_FALSE(in("203.0.113.0/24", "203.0.114.0"));
  EXPECT_TRUE(in("203.0.113.7", "203.0.113.7"));
  EXPECT_TRUE(in("0.0.0.0/0", "8.8.8.8"));
  EXPECT_FALSE(in("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(in("10.0.0.0/9", "10.127.255.255"));
  EXPECT_FALSE(in("10.0.0.0/9", "10.128.0.0"));
  EXPECT_TRUE(in("2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::1"));
  EXPECT_FALSE(in("2001:db8::/33", "2001:db8:8000::"));
  EXPECT_TRUE(in("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_FALSE(in("10.0.0.0/8", "somewhere"));
  EXPECT_TRUE(condition_holds(R"("NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]})",
                              one("aws:SourceIp", "8.8.8.8")));
  EXPECT_FALSE(condition_holds(R"("NotIpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.0.0/16"]})",
                               one("aws:SourceIp", "192.168.3.4")));
}

TEST(Conditions, CompareArnsComponentByComponent) {
  const Context c = one("aws:SourceArn", "arn:aws:cloudfront::111111111111:distribution/E1");
  EXPECT_TRUE(condition_holds(R"("ArnLike":{"aws:SourceArn":"arn:aws:cloudfront::*:distribution/*"})", c));
  EXPECT_TRUE(condition_holds(
      R"("ArnEquals":{"aws:SourceArn":"arn:aws:cloudfront::111111111111:distribution/E1"})", c));
  EXPECT_FALSE(condition_holds(R"("ArnLike":{"aws:SourceArn":"arn:aws:cloud*:distribution/*"})", c))
      << "* spans no colon";
  EXPECT_TRUE(condition_holds(R"("ArnNotLike":{"aws:SourceArn":"arn:aws:s3:::*"})", c));
  EXPECT_FALSE(
      condition_holds(R"("ArnNotEquals":{"aws:SourceArn":"arn:aws:cloudfront::*:distribution/E?"})", c));
}

TEST(Conditions, QuantifyOverSeveralValues) {
  const Context ab = many("aws:TagKeys", {"a", "b"});
  EXPECT_TRUE(condition_holds(R"("ForAllValues:StringEquals":{"aws:TagKeys":["a","b","c"]})", ab));
  EXPECT_FALSE(condition_holds(R"("ForAllValues:StringEquals":{"aws:TagKeys":["a","c"]})", ab));
  EXPECT_TRUE(condition_holds(R"("ForAllValues:StringEquals":{"aws:TagKeys":["a"]})", {}));
  EXPECT_TRUE(
      condition_holds(R"("ForAllValues:StringEquals":{"aws:TagKeys":["a"]})", many("aws:TagKeys", {})));
  EXPECT_TRUE(condition_holds(R"("ForAnyValue:StringEquals":{"aws:TagKeys":["b","z"]})", ab));
  EXPECT_FALSE(condition_holds(R"("ForAnyValue:StringEquals":{"aws:TagKeys":["z"]})", ab));
  EXPECT_FALSE(condition_holds(R"("ForAnyValue:StringEquals":{"aws:TagKeys":["z"]})", {}));
  EXPECT_TRUE(condition_holds(R"("ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]})", ab));
  EXPECT_FALSE(condition_holds(R"("ForAllValues:StringNotEquals":{"aws:TagKeys":["a"]})", ab));
}

TEST(Conditions, AllOfABlockMustHold) {
  Context c = one("a:b", "1");
  EXPECT_FALSE(condition_holds(R"("StringEquals":{"a:b":"1","a:c":"2"})", c));
  c.add("a:c", "2");
  EXPECT_TRUE(condition_holds(R"("StringEquals":{"a:b":"1","a:c":"2"})", c));
  EXPECT_FALSE(condition_holds(R"("StringEquals":{"a:b":"1"},"NumericEquals":{"a:c":"3"})", c));
}

TEST(Boundary, LimitsIdentityPoliciesButNotAResourcePolicyThatNamesTheUser) {
  Ask ask{.identity = {identity(kAllowAll)},
          .boundary = identity(R"("Effect":"Allow","Action":"ec2:*","Resource":"*")", "boundary")};
  EXPECT_FALSE(ask.allowed());
  EXPECT_NE(ask.message.find("because no permissions boundary allows the s3:GetObject action"),
            std::string::npos);
  ask.resource_policy = resource(
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/alice"},"Action":"s3:GetObject","Resource":"*")");
  EXPECT_TRUE(ask.allowed());
  ask.boundary = identity(R"("Effect":"Deny","Action":"s3:*","Resource":"*")", "boundary");
  EXPECT_FALSE(ask.allowed());
  EXPECT_NE(ask.message.find("with an explicit deny in a permissions boundary"), std::string::npos);
}

TEST(Session, LimitsTheRoleAndItsGrantsButNotAGrantToTheSessionItself) {
  Ask ask{
      .principal = kSession,
      .identity = {identity(kAllowAll)},
      .session = std::vector{identity(R"("Effect":"Allow","Action":"s3:List*","Resource":"*")", "session")}};
  EXPECT_FALSE(ask.allowed());
  EXPECT_NE(ask.message.find("because no session policy allows"), std::string::npos);
  ask.resource_policy = resource(
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:role/app"},"Action":"s3:*","Resource":"*")");
  EXPECT_FALSE(ask.allowed());
  ask.resource_policy = resource(
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:sts::111111111111:assumed-role/app/i-1"},"Action":"s3:*","Resource":"*")");
  EXPECT_TRUE(ask.allowed());
  ask.action = "s3:ListBucket";
  ask.resource_policy.reset();
  EXPECT_TRUE(ask.allowed());
}

TEST(ResourcePolicy, GrantsWithinTheAccountUnlessItOnlyDelegates) {
  const char* const by_user =
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/alice"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*")";
  EXPECT_TRUE((Ask{.resource_policy = resource(by_user)}.allowed()));
  EXPECT_FALSE((Ask{.principal = kSession, .resource_policy = resource(by_user)}.allowed()));
  const char* const by_account =
      R"("Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"s3:GetObject","Resource":"*")";
  EXPECT_FALSE((Ask{.resource_policy = resource(by_account)}.allowed()));
  EXPECT_TRUE((Ask{.identity = {identity(kAllowAll)}, .resource_policy = resource(by_account)}.allowed()));
  const char* const deny_account =
      R"("Effect":"Deny","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"s3:*","Resource":"*")";
  Ask denied{.identity = {identity(kAllowAll)}, .resource_policy = resource(deny_account)};
  EXPECT_FALSE(denied.allowed());
  EXPECT_NE(denied.message.find("with an explicit deny in a resource-based policy"), std::string::npos);
}

TEST(ResourcePolicy, NeedsBothSidesAcrossAccounts) {
  const char* const grant =
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::222222222222:user/bob"},"Action":"s3:GetObject","Resource":"*")";
  EXPECT_FALSE((Ask{.principal = kForeign, .resource_policy = resource(grant)}.allowed()));
  EXPECT_FALSE((Ask{.principal = kForeign, .identity = {identity(kAllowAll)}}.allowed()));
  EXPECT_TRUE(
      (Ask{.principal = kForeign, .identity = {identity(kAllowAll)}, .resource_policy = resource(grant)}
           .allowed()));
  const char* const account =
      R"("Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"s3:GetObject","Resource":"*")";
  EXPECT_TRUE(
      (Ask{.principal = kForeign, .identity = {identity(kAllowAll)}, .resource_policy = resource(account)}
           .allowed()));
}

TEST(ResourcePolicy, AnonymousAndServicesNeedToBeNamed) {
  const char* const everyone =
      R"("Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*")";
  EXPECT_TRUE((Ask{.principal = kAnonymous, .resource_policy = resource(everyone)}.allowed()));
  EXPECT_FALSE((Ask{.principal = kAnonymous}.allowed()));
  const char* const cloudfront =
      R"("Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":"s3:GetObject","Resource":"*",
      "Condition":{"StringEquals":{"AWS:SourceArn":"arn:aws:cloudfront::111111111111:distribution/E1"}})";
  Principal service{PrincipalKind::service, "", "", "", "", "cloudfront.amazonaws.com"};
  EXPECT_TRUE((Ask{.principal = service,
                   .context = one("aws:SourceArn", "arn:aws:cloudfront::111111111111:distribution/E1"),
                   .resource_policy = resource(cloudfront)}
                   .allowed()));
  EXPECT_FALSE((Ask{.principal = service,
                    .context = one("aws:SourceArn", "arn:aws:cloudfront::111111111111:distribution/E2"),
                    .resource_policy = resource(cloudfront)}
                    .allowed()));
  EXPECT_FALSE((Ask{.principal = kAnonymous, .resource_policy = resource(cloudfront)}.allowed()));
}

TEST(ResourcePolicy, NotPrincipalExemptsThoseItLists) {
  const char* const deny_others =
      R"("Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::111111111111:user/alice"]},"Action":"s3:*","Resource":"*")";
  EXPECT_TRUE((Ask{.identity = {identity(kAllowAll)}, .resource_policy = resource(deny_others)}.allowed()));
  EXPECT_FALSE(
      (Ask{.principal = kSession, .identity = {identity(kAllowAll)}, .resource_policy = resource(deny_others)}
           .allowed()));
}

TEST(Root, IsAllowedAllInItsAccountButAResourcePolicysDeny) {
  EXPECT_TRUE((Ask{.principal = kRoot}.allowed()));
  EXPECT_FALSE(
      (Ask{.principal = kRoot,
           .resource_policy = resource(R"("Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*")")}
           .allowed()));
}

TEST(TrustPolicy, MustAllowAndMayLeaveItToTheAccount) {
  auto assume = [](Principal principal, const std::string& statement,
                   std::vector<NamedPolicy> policies = {}) {
    return Ask{.principal = std::move(principal),
               .action = "sts:AssumeRole",
               .resource = "arn:aws:iam::111111111111:role/app",
               .identity = std::move(policies),
               .resource_policy = trust(statement),
               .mode = ResourcePolicyMode::required}
        .allowed();
  };
  const std::string service =
      R"("Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole")";
  EXPECT_TRUE(assume(kEc2, service));
  EXPECT_FALSE(assume(kAlice, service, {identity(kAllowAll)}));
  const std::string user =
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:user/alice"},"Action":"sts:AssumeRole")";
  EXPECT_TRUE(assume(kAlice, user));
  EXPECT_FALSE(assume(kEc2, user));
  const std::string account =
      R"("Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"sts:AssumeRole")";
  EXPECT_FALSE(assume(kAlice, account));
  EXPECT_TRUE(
      assume(kAlice, account, {identity(R"("Effect":"Allow","Action":"sts:AssumeRole","Resource":"*")")}));
  EXPECT_TRUE(assume(kRoot, account));
}

}  // namespace landfall::aws::policy
