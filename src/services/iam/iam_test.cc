#include "services/iam/iam.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/dataplane/issuer.h"
#include "services/iam/request_resource.h"
#include "services/iam/store.h"

namespace landfall::iam {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr char kEc2Trust[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]})";
constexpr char kReadBucket[] =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"}]})";

class IamTest : public testing::Test {
 protected:
  // Runs one operation; returns what it answers.
  template <class Op, class In>
  auto run(Op op, In in) {
    return t_.call([&](Call& call) { return op(call, in); });
  }
  // "code: message" of the refusal, "" if there was none.
  Role role(const std::string& name = "app") {
    return *run(CreateRole, CreateRoleRequest{.RoleName = name, .AssumeRolePolicyDocument = kEc2Trust}).Role;
  }
  AccessKey user_with_key(const std::string& name = "alice") {
    run(CreateUser, CreateUserRequest{.UserName = name});
    return *run(CreateAccessKey, CreateAccessKeyRequest{.UserName = name}).AccessKey;
  }
  std::expected<Principal, std::string> sign_in(const std::string& id, const std::string& secret,
                                                const std::string& token = "") {
    http::Request request;
    request.method = "POST";
    request.target = "/";
    request.authority = "iam.amazonaws.com";
    aws::sigv4::sign(request, {id, Secret(secret), token},
                     {.region = "us-east-1", .service = "iam", .now = t_.clock.now()});
    auto result = authenticate(
        request, *service_->snapshot(),
        {.now = t_.clock.now(), .service = "iam", .payload_hash = aws::sigv4::kEmptyPayloadHash});
    if (!result) return std::unexpected(result.error().code);
    return std::move(result->principal);
  }
  bool may(const Principal& principal, const std::string& action, const std::string& resource) {
    return authorize(principal, context_of(principal, {.now = t_.clock.now()}),
                     {.action = action, .resource = resource})
        .allowed();
  }

  testing_support::TestPlane t_;
  std::unique_ptr<IamService> service_ = make_service(t_.plane);
};

}  // namespace

TEST_F(IamTest, FirstStartMakesTheRootKeyAndARestartKeepsIt) {
  const auto keys = run(ListAccessKeys, ListAccessKeysRequest{}).AccessKeyMetadata;
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_THAT(*keys[0].AccessKeyId, StartsWith("AKIA"));
  service_.reset();
  service_ = make_service(t_.plane);
  EXPECT_EQ(*run(ListAccessKeys, ListAccessKeysRequest{}).AccessKeyMetadata[0].AccessKeyId,
            *keys[0].AccessKeyId);
  EXPECT_NE(service_->snapshot()->access_key(*keys[0].AccessKeyId), nullptr);
}

TEST_F(IamTest, AUsersKeyWorksAtOnceUntilItIsDisabledOrDeleted) {
  const AccessKey key = user_with_key();
  ASSERT_TRUE(sign_in(*key.AccessKeyId, *key.SecretAccessKey));
  EXPECT_EQ(sign_in(*key.AccessKeyId, *key.SecretAccessKey)->who.arn, "arn:aws:iam::123456789012:user/alice");
  run(UpdateAccessKey,
      UpdateAccessKeyRequest{.UserName = "alice", .AccessKeyId = key.AccessKeyId, .Status = "Inactive"});
  EXPECT_EQ(sign_in(*key.AccessKeyId, *key.SecretAccessKey).error(), "InvalidClientTokenId");
  run(UpdateAccessKey,
      UpdateAccessKeyRequest{.UserName = "alice", .AccessKeyId = key.AccessKeyId, .Status = "Active"});
  EXPECT_TRUE(sign_in(*key.AccessKeyId, *key.SecretAccessKey));
  run(UpdateUser, UpdateUserRequest{.UserName = "alice", .NewPath = "/dev/", .NewUserName = "bob"});
  EXPECT_EQ(sign_in(*key.AccessKeyId, *key.SecretAccessKey)->who.arn,
            "arn:aws:iam::123456789012:user/dev/bob");
  run(DeleteAccessKey, DeleteAccessKeyRequest{.UserName = "bob", .AccessKeyId = key.AccessKeyId});
  EXPECT_FALSE(sign_in(*key.AccessKeyId, *key.SecretAccessKey));
}

TEST_F(IamTest, InlineAttachedAndBoundaryPoliciesTakeEffectAtOnce) {
  const AccessKey key = user_with_key();
  auto allowed = [&](const char* action) {
    return may(*sign_in(*key.AccessKeyId, *key.SecretAccessKey), action, "arn:aws:s3:::b/k");
  };
  EXPECT_FALSE(allowed("s3:GetObject"));
  run(PutUserPolicy,
      PutUserPolicyRequest{.UserName = "alice", .PolicyName = "read", .PolicyDocument = kReadBucket});
  EXPECT_TRUE(allowed("s3:GetObject"));
  EXPECT_FALSE(allowed("s3:PutObject"));
  run(AttachUserPolicy, AttachUserPolicyRequest{.UserName = "alice",
                                                .PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"});
  EXPECT_TRUE(allowed("s3:PutObject"));
  run(PutUserPermissionsBoundary,
      PutUserPermissionsBoundaryRequest{
          .UserName = "alice", .PermissionsBoundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"});
  EXPECT_FALSE(allowed("s3:PutObject"));
  EXPECT_TRUE(allowed("s3:GetObject"));
  run(DeleteUserPermissionsBoundary, DeleteUserPermissionsBoundaryRequest{.UserName = "alice"});
  run(DetachUserPolicy, DetachUserPolicyRequest{.UserName = "alice",
                                                .PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"});
  EXPECT_FALSE(allowed("s3:PutObject"));
}

TEST_F(IamTest, AGroupsPoliciesAreItsMembersForAsLongAsTheyAre) {
  const AccessKey key = user_with_key();
  run(CreateGroup, CreateGroupRequest{.Path = "/dev/", .GroupName = "readers"});
  run(PutGroupPolicy,
      PutGroupPolicyRequest{.GroupName = "readers", .PolicyName = "read", .PolicyDocument = kReadBucket});
  run(AttachGroupPolicy,
      AttachGroupPolicyRequest{.GroupName = "readers",
                               .PolicyArn = "arn:aws:iam::aws:policy/AmazonRoute53ReadOnlyAccess"});
  auto allowed = [&](const char* action) {
    return may(*sign_in(*key.AccessKeyId, *key.SecretAccessKey), action, "arn:aws:s3:::b/k");
  };
  EXPECT_FALSE(allowed("s3:GetObject"));
  run(AddUserToGroup, AddUserToGroupRequest{.GroupName = "readers", .UserName = "alice"});
  run(AddUserToGroup, AddUserToGroupRequest{.GroupName = "readers", .UserName = "alice"});  // again: no more
  EXPECT_TRUE(allowed("s3:GetObject"));
  EXPECT_TRUE(allowed("route53:ListHostedZones"));
  EXPECT_EQ(run(SimulatePrincipalPolicy,
                SimulatePrincipalPolicyRequest{.PolicySourceArn = "arn:aws:iam::123456789012:user/alice",
                                               .ActionNames = {"s3:GetObject"},
                                               .ResourceArns = {"arn:aws:s3:::b/k"}})
                .EvaluationResults[0]
                .EvalDecision,
            "allowed");
  run(UpdateGroup, UpdateGroupRequest{.GroupName = "readers", .NewGroupName = "people"});
  EXPECT_TRUE(allowed("s3:GetObject"));
  EXPECT_EQ(*run(ListGroupsForUser, ListGroupsForUserRequest{.UserName = "alice"}).Groups.at(0).Arn,
            "arn:aws:iam::123456789012:group/dev/people");
  run(RemoveUserFromGroup, RemoveUserFromGroupRequest{.GroupName = "people", .UserName = "alice"});
  EXPECT_FALSE(allowed("s3:GetObject"));
}

TEST_F(IamTest, AGroupGoesWhenNothingHoldsIt) {
  const auto remove = [&] { return t_.refusal(DeleteGroup, DeleteGroupRequest{.GroupName = "g"}); };
  EXPECT_EQ(remove(), "NoSuchEntity: The group with name g cannot be found.");
  run(CreateGroup, CreateGroupRequest{.GroupName = "g"});
  EXPECT_EQ(t_.refusal(CreateGroup, CreateGroupRequest{.GroupName = "g"}),
            "EntityAlreadyExists: Group with name g already exists.");
  run(CreateUser, CreateUserRequest{.UserName = "alice"});
  run(AddUserToGroup, AddUserToGroupRequest{.GroupName = "g", .UserName = "alice"});
  EXPECT_EQ(remove(), "DeleteConflict: Cannot delete entity, must remove users from group first.");
  EXPECT_EQ(t_.refusal(DeleteUser, DeleteUserRequest{.UserName = "alice"}),
            "DeleteConflict: Cannot delete entity, must remove users from group first.");
  run(RemoveUserFromGroup, RemoveUserFromGroupRequest{.GroupName = "g", .UserName = "alice"});
  run(PutGroupPolicy,
      PutGroupPolicyRequest{.GroupName = "g", .PolicyName = "p", .PolicyDocument = kReadBucket});
  EXPECT_EQ(remove(), "DeleteConflict: Cannot delete entity, must delete policies first.");
  run(DeleteGroupPolicy, DeleteGroupPolicyRequest{.GroupName = "g", .PolicyName = "p"});
  EXPECT_EQ(remove(), "");
}

TEST_F(IamTest, DocumentsComeBackPercentEncoded) {
  run(CreateUser, CreateUserRequest{.UserName = "alice"});
  run(PutUserPolicy,
      PutUserPolicyRequest{.UserName = "alice", .PolicyName = "read", .PolicyDocument = kReadBucket});
  EXPECT_THAT(
      *run(GetUserPolicy, GetUserPolicyRequest{.UserName = "alice", .PolicyName = "read"}).PolicyDocument,
      StartsWith("%7B%22Version%22%3A%222012-10-17%22"));
  EXPECT_THAT(*role().AssumeRolePolicyDocument, StartsWith("%7B%22Version%22"));
}

TEST_F(IamTest, RefusesInAwsWords) {
  role();
  EXPECT_EQ(t_.refusal(GetUser, GetUserRequest{.UserName = "x"}),
            "NoSuchEntity: The user with name x cannot be found.");
  EXPECT_EQ(
      t_.refusal(CreateRole, CreateRoleRequest{.RoleName = "app", .AssumeRolePolicyDocument = kEc2Trust}),
      "EntityAlreadyExists: Role with name app already exists.");
  EXPECT_EQ(t_.refusal(CreateRole, CreateRoleRequest{.RoleName = "b", .AssumeRolePolicyDocument = "{"}),
            "MalformedPolicyDocument: This policy contains invalid Json");
  EXPECT_EQ(t_.refusal(PutRolePolicy,
                       PutRolePolicyRequest{.RoleName = "app", .PolicyName = "p", .PolicyDocument = "{}"}),
            "MalformedPolicyDocument: Syntax errors in policy.");
  EXPECT_EQ(
      t_.refusal(AttachRolePolicy,
                 AttachRolePolicyRequest{.RoleName = "app", .PolicyArn = "arn:aws:iam::aws:policy/Nothing"}),
      "NoSuchEntity: Policy arn:aws:iam::aws:policy/Nothing does not exist or is not attachable.");
  EXPECT_THAT(
      t_.refusal(
          CreateRole,
          CreateRoleRequest{
              .RoleName = "c",
              .AssumeRolePolicyDocument =
                  R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::123456789012:user/nobody"}}]})"}),
      HasSubstr("Invalid principal in policy"));
  run(AttachRolePolicy,
      AttachRolePolicyRequest{.RoleName = "app", .PolicyArn = "arn:aws:iam::aws:policy/ReadOnlyAccess"});
  EXPECT_EQ(t_.refusal(DeleteRole, DeleteRoleRequest{.RoleName = "app"}),
            "DeleteConflict: Cannot delete entity, must detach all policies first.");
  EXPECT_EQ(t_.refusal(CreateAccessKey, CreateAccessKeyRequest{.UserName = "nobody"}),
            "NoSuchEntity: The user with name nobody cannot be found.");
  const AccessKey key = user_with_key();
  run(CreateAccessKey, CreateAccessKeyRequest{.UserName = "alice"});
  EXPECT_EQ(t_.refusal(CreateAccessKey, CreateAccessKeyRequest{.UserName = "alice"}),
            "LimitExceeded: Cannot exceed quota for AccessKeysPerUser: 2");
  EXPECT_EQ(t_.refusal(DeleteUser, DeleteUserRequest{.UserName = "alice"}),
            "DeleteConflict: Cannot delete entity, must delete access keys first.");
}

TEST_F(IamTest, ManagedPolicyVersionsDecideByTheDefault) {
  const AccessKey key = user_with_key();
  const std::string arn =
      *run(CreatePolicy, CreatePolicyRequest{.PolicyName = "p", .PolicyDocument = kReadBucket}).Policy->Arn;
  EXPECT_EQ(arn, "arn:aws:iam::123456789012:policy/p");
  run(AttachUserPolicy, AttachUserPolicyRequest{.UserName = "alice", .PolicyArn = arn});
  auto allowed = [&] {
    return may(*sign_in(*key.AccessKeyId, *key.SecretAccessKey), "s3:GetObject", "arn:aws:s3:::b/k");
  };
  EXPECT_TRUE(allowed());
  std::string deny = kReadBucket;
  deny.replace(deny.find("Allow"), 5, "Deny");
  run(CreatePolicyVersion, CreatePolicyVersionRequest{.PolicyArn = arn, .PolicyDocument = deny});
  EXPECT_TRUE(allowed());
  run(SetDefaultPolicyVersion, SetDefaultPolicyVersionRequest{.PolicyArn = arn, .VersionId = "v2"});
  EXPECT_FALSE(allowed());
  EXPECT_EQ(t_.refusal(DeletePolicyVersion, DeletePolicyVersionRequest{.PolicyArn = arn, .VersionId = "v2"}),
            "DeleteConflict: Cannot delete the default version of a policy.");
  EXPECT_EQ(t_.refusal(DeletePolicy, DeletePolicyRequest{.PolicyArn = arn}),
            "DeleteConflict: Cannot delete a policy attached to entities.");
  const auto entities = run(ListEntitiesForPolicy, ListEntitiesForPolicyRequest{.PolicyArn = arn});
  ASSERT_EQ(entities.PolicyUsers.size(), 1u);
  EXPECT_EQ(*entities.PolicyUsers[0].UserName, "alice");
  run(DetachUserPolicy, DetachUserPolicyRequest{.UserName = "alice", .PolicyArn = arn});
  run(DeletePolicyVersion, DeletePolicyVersionRequest{.PolicyArn = arn, .VersionId = "v1"});
  run(DeletePolicy, DeletePolicyRequest{.PolicyArn = arn});
  EXPECT_THAT(t_.refusal(GetPolicy, GetPolicyRequest{.PolicyArn = arn}), StartsWith("NoSuchEntity"));
}

TEST_F(IamTest, ListsComeInPages) {
  for (const char* name : {"c", "a", "b"}) run(CreateUser, CreateUserRequest{.UserName = name});
  auto first = run(ListUsers, ListUsersRequest{.MaxItems = 2});
  EXPECT_TRUE(*first.IsTruncated);
  ASSERT_EQ(first.Users.size(), 2u);
  EXPECT_EQ(*first.Users[0].UserName + *first.Users[1].UserName, "ab");
  auto second = run(ListUsers, ListUsersRequest{.Marker = first.Marker, .MaxItems = 2});
  EXPECT_FALSE(*second.IsTruncated);
  EXPECT_FALSE(second.Marker);
  ASSERT_EQ(second.Users.size(), 1u);
  EXPECT_EQ(*second.Users[0].UserName, "c");
  EXPECT_EQ(t_.refusal(ListUsers, ListUsersRequest{.Marker = "?"}), "ValidationError: Invalid Marker.");
}

TEST_F(IamTest, AnInstanceProfileGivesItsRolesCredentialsToInstances) {
  role();
  run(AttachRolePolicy,
      AttachRolePolicyRequest{.RoleName = "app",
                              .PolicyArn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"});
  run(CreateInstanceProfile, CreateInstanceProfileRequest{.InstanceProfileName = "web"});
  auto credentials = [&] {
    return issue_instance_role(service_->snapshot()->first(), "web", "i-0123", t_.clock.now(), t_.random);
  };
  EXPECT_THAT(credentials().error().message, HasSubstr("has no role"));
  run(AddRoleToInstanceProfile,
      AddRoleToInstanceProfileRequest{.InstanceProfileName = "web", .RoleName = "app"});
  auto issued = credentials();
  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->role_name, "app");
  const auto& c = issued->credentials;
  auto session = sign_in(c.access_key_id, c.secret_access_key.reveal(), c.session_token);
  ASSERT_TRUE(session) << session.error();
  EXPECT_EQ(session->who.arn, "arn:aws:sts::123456789012:assumed-role/app/i-0123");
  EXPECT_TRUE(may(*session, "s3:GetObject", "arn:aws:s3:::b/k"));
  EXPECT_FALSE(may(*session, "s3:PutObject", "arn:aws:s3:::b/k"));
  run(UpdateAssumeRolePolicy,
      UpdateAssumeRolePolicyRequest{
          .RoleName = "app",
          .PolicyDocument =
              R"({"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"123456789012"}}]})"});
  EXPECT_THAT(credentials().error().message, HasSubstr("trust policy does not allow"));
  EXPECT_EQ(t_.refusal(DeleteRole, DeleteRoleRequest{.RoleName = "app"}),
            "DeleteConflict: Cannot delete entity, must detach all policies first.");
  const auto profile =
      *run(GetInstanceProfile, GetInstanceProfileRequest{.InstanceProfileName = "web"}).InstanceProfile;
  ASSERT_EQ(profile.Roles.size(), 1u);
  EXPECT_EQ(*profile.Roles[0].RoleName, "app");
  t_.call([](Call& call) {
    EXPECT_EQ(instance_profile_info(call, "arn:aws:iam::123456789012:instance-profile/web")->role_name,
              "app");
    EXPECT_FALSE(instance_profile_info(call, "arn:aws:iam::1:instance-profile/web"));
  });
}

TEST_F(IamTest, ServiceLinkedRolesAreMadeOnceAndProtected) {
  const std::string arn =
      t_.call([](Call& call) { return ensure_service_linked_role(call, "autoscaling.amazonaws.com"); });
  EXPECT_EQ(arn,
            "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/"
            "AWSServiceRoleForAutoScaling");
  EXPECT_EQ(t_.call([](Call& call) { return ensure_service_linked_role(call, "autoscaling.amazonaws.com"); }),
            arn);
  EXPECT_THAT(t_.refusal(CreateServiceLinkedRole,
                         CreateServiceLinkedRoleRequest{.AWSServiceName = "autoscaling.amazonaws.com"}),
              HasSubstr("has been taken in this account"));
  EXPECT_THAT(t_.refusal(DeleteRole, DeleteRoleRequest{.RoleName = "AWSServiceRoleForAutoScaling"}),
              StartsWith("UnmodifiableEntity"));
  const auto task = run(DeleteServiceLinkedRole,
                        DeleteServiceLinkedRoleRequest{.RoleName = "AWSServiceRoleForAutoScaling"});
  EXPECT_EQ(*run(GetServiceLinkedRoleDeletionStatus,
                 GetServiceLinkedRoleDeletionStatusRequest{.DeletionTaskId = task.DeletionTaskId})
                 .Status,
            "SUCCEEDED");
}

TEST_F(IamTest, SimulatesAPrincipalsPolicies) {
  user_with_key();
  run(PutUserPolicy,
      PutUserPolicyRequest{.UserName = "alice", .PolicyName = "read", .PolicyDocument = kReadBucket});
  const auto results =
      run(SimulatePrincipalPolicy,
          SimulatePrincipalPolicyRequest{.PolicySourceArn = "arn:aws:iam::123456789012:user/alice",
                                         .ActionNames = {"s3:GetObject", "s3:PutObject"},
                                         .ResourceArns = {"arn:aws:s3:::b/k"}})
          .EvaluationResults;
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(*results[0].EvalDecision, "allowed");
  EXPECT_EQ(*results[0].MatchedStatements.at(0).SourcePolicyId, "read");
  EXPECT_EQ(*results[1].EvalDecision, "implicitDeny");
}

TEST_F(IamTest, ARequestIsAboutTheEntityWithItsPathOrAboutTheCaller) {
  run(CreateUser, CreateUserRequest{.Path = "/dev/", .UserName = "bob"});
  const AccessKey key = user_with_key();
  const auto alice = sign_in(*key.AccessKeyId, *key.SecretAccessKey);
  const auto snapshot = service_->snapshot();
  EXPECT_EQ(request_resource(*snapshot, *alice, "GetUser", "arn:aws:iam::123456789012:user/bob"),
            "arn:aws:iam::123456789012:user/dev/bob");
  EXPECT_EQ(request_resource(*snapshot, *alice, "GetUser", "*"), "arn:aws:iam::123456789012:user/alice");
  EXPECT_EQ(request_resource(*snapshot, *alice, "GetAccountSummary", "*"), "*");
  EXPECT_EQ(request_resource(*snapshot, *alice, "CreateRole", "arn:aws:iam::123456789012:role/new"),
            "arn:aws:iam::123456789012:role/new");
}

TEST_F(IamTest, TagsOfAPrincipalAreConditionKeys) {
  const AccessKey key = user_with_key();
  run(TagUser, TagUserRequest{.UserName = "alice", .Tags = {{.Key = "team", .Value = "red"}}});
  run(PutUserPolicy,
      PutUserPolicyRequest{
          .UserName = "alice",
          .PolicyName = "own",
          .PolicyDocument =
              R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::b/${aws:PrincipalTag/team}/*"}]})"});
  auto principal = sign_in(*key.AccessKeyId, *key.SecretAccessKey);
  ASSERT_TRUE(principal);
  EXPECT_TRUE(may(*principal, "s3:GetObject", "arn:aws:s3:::b/red/x"));
  EXPECT_FALSE(may(*principal, "s3:GetObject", "arn:aws:s3:::b/blue/x"));
}

}  // namespace landfall::iam
