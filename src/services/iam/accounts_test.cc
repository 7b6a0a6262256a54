#include "services/iam/accounts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/in_account.h"
#include "gateway/testing.h"
#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/iam.h"
#include "services/iam/store.h"

namespace landfall::iam {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kOther[] = "210987654321";

std::string trust(const std::string& arn) {
  return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":")" + arn +
         R"("},"Action":"sts:AssumeRole"}]})";
}

class AccountsTest : public testing::Test {
 protected:
  NewAccount add(const std::string& id, const std::string& name) {
    return t_.call([&](Call& call) { return add_account(call, id, name); });
  }
  std::string refusal(const std::string& id, const std::string& name) {
    return t_.refusal([&](Call& call, int) { return add_account(call, id, name); }, 0);
  }
  // In the other account.
  template <class Op, class In>
  auto there(Op op, In in) {
    return t_.call([&](Call& call) {
      Call other = in_account(call, kOther);
      return op(other, in);
    });
  }

  testing_support::TestPlane t_;
  std::unique_ptr<IamService> service_ = make_service(t_.plane);
};

}  // namespace

TEST_F(AccountsTest, ANewOneHasARootKeyAndARoleThatLetsTheFirstIn) {
  const NewAccount added = add(kOther, "staging");
  EXPECT_THAT(added.access_key_id, StartsWith("AKIA"));
  const auto snapshot = service_->snapshot();
  ASSERT_NE(snapshot->access_key(added.access_key_id), nullptr);
  EXPECT_EQ(snapshot->access_key(added.access_key_id)->user->arn, "arn:aws:iam::210987654321:root");
  const auto role = snapshot->role_by_arn("arn:aws:iam::210987654321:role/OrganizationAccountAccessRole");
  ASSERT_TRUE(role);
  EXPECT_FALSE(snapshot->role_by_arn("arn:aws:iam::123456789012:role/OrganizationAccountAccessRole"));
  EXPECT_EQ(snapshot->first().account(), "123456789012");
}

TEST_F(AccountsTest, IdsAndNamesAreTakenOnce) {
  const NewAccount chosen = add("", "one");
  EXPECT_THAT(chosen.info.id, SizeIs(12));
  EXPECT_THAT(refusal(chosen.info.id, "two"), HasSubstr("DuplicateAccountException"));
  EXPECT_THAT(refusal("", "one"), HasSubstr("DuplicateAccountException"));
  EXPECT_THAT(refusal("123456789012", "two"), HasSubstr("DuplicateAccountException"));
  for (const char* id : {"1", "12345678901x", "1234567890123"})
    EXPECT_THAT(refusal(id, "two"), HasSubstr("InvalidInputException")) << id;
  EXPECT_THAT(refusal("", ""), HasSubstr("InvalidInputException"));
  EXPECT_THAT(refusal("", kOther), HasSubstr("InvalidInputException"));
}

TEST_F(AccountsTest, TheSameNamesAreOtherThings) {
  add(kOther, "staging");
  t_.call([](Call& call) { return CreateUser(call, {.UserName = "alice"}); });
  const auto alice = there(CreateUser, CreateUserRequest{.UserName = "alice"});
  EXPECT_EQ(*alice.User->Arn, "arn:aws:iam::210987654321:user/alice");
  t_.call([](Call& call) { return CreateGroup(call, {.GroupName = "ops"}); });
  EXPECT_TRUE(there(ListGroups, ListGroupsRequest{}).Groups.empty());
  there(DeleteUser, DeleteUserRequest{.UserName = "alice"});
  EXPECT_TRUE(service_->snapshot()->first().user("alice"));
  EXPECT_FALSE(service_->snapshot()->account(kOther)->user("alice"));
}

TEST_F(AccountsTest, ATrustedPrincipalOfAnotherAccountMustBeThere) {
  add(kOther, "staging");
  const auto create = [&](const std::string& arn) {
    return t_.refusal(CreateRole, CreateRoleRequest{.RoleName = "r" + std::to_string(arn.size()),
                                                    .AssumeRolePolicyDocument = trust(arn)});
  };
  EXPECT_THAT(create("arn:aws:iam::210987654321:user/carol"), HasSubstr("Invalid principal in policy"));
  there(CreateUser, CreateUserRequest{.UserName = "carol"});
  EXPECT_EQ(create("arn:aws:iam::210987654321:user/carol"), "");
  EXPECT_EQ(create("arn:aws:iam::555555555555:user/whoever"), "");  // not one of ours: nothing is known of it
}

TEST_F(AccountsTest, AnErasedOneLeavesNoIdentityAndNoDocument) {
  const NewAccount added = add(kOther, "staging");
  there(CreateUser, CreateUserRequest{.UserName = "alice"});
  there(CreateAccessKey, CreateAccessKeyRequest{.UserName = "alice"});
  t_.call([](Call& call) {
    Call other = in_account(call, kOther);
    erase_account(other);
  });
  EXPECT_EQ(service_->snapshot()->access_key(added.access_key_id), nullptr);
  EXPECT_EQ(service_->snapshot()->account(kOther), nullptr);
  int left = 0;
  t_.store->each("", [&](std::string_view key, const store::Document&) {
    left += key.find(kOther) != std::string_view::npos ? 1 : 0;
  });
  EXPECT_EQ(left, 0);
  EXPECT_NE(service_->snapshot()->account("123456789012"), nullptr);
}

}  // namespace landfall::iam
