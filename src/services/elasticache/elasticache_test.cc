#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "gateway/testing.h"
#include "services/elasticache/parameters.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kPassword[] = "hunter2hunter2hunter2";

class ElastiCacheTest : public testing::Test {
 protected:
  void user(const std::string& id, const std::string& name, std::vector<std::string> passwords = {}) {
    CreateUserMessage in{.UserId = id, .UserName = name, .Engine = "redis", .Passwords = passwords};
    in.AccessString = "on ~app:* +@read";
    if (passwords.empty()) in.NoPasswordRequired = true;
    t_.call([&](Call& call) { return CreateUser(call, in); });
  }
  testing_support::TestPlane t_;
};

TEST_F(ElastiCacheTest, AUserGroupNeedsAUserNamedDefaultAndEachNameOnce) {
  user("app-1", "app", {kPassword});
  user("app-2", "app", {kPassword});
  const auto group = [&](std::vector<std::string> ids) {
    return t_.call([&](Call& call) {
      return CreateUserGroup(call, {.UserGroupId = "g", .Engine = "redis", .UserIds = ids});
    });
  };
  EXPECT_THROW(group({"app-1"}), DefaultUserRequired);
  EXPECT_THROW(group({"default", "app-1", "app-2"}), DuplicateUserNameFault);
  EXPECT_THROW(group({"default", "none"}), UserNotFoundFault);
  EXPECT_THAT(group({"default", "app-1"}).UserIds, ElementsAre("default", "app-1"));
  auto shown = t_.call([&](Call& call) { return DescribeUsers(call, {.UserId = "app-1"}); }).Users;
  EXPECT_THAT(shown.at(0).UserGroupIds, ElementsAre("g"));
}

TEST_F(ElastiCacheTest, AnArnOfAnotherAccountOrRegionIsNotOnesOwnThingOfThatName) {
  user("app-1", "app", {kPassword});
  const auto tags = [&](const std::string& arn) {
    return t_.refusal(ListTagsForResource, ListTagsForResourceMessage{.ResourceName = arn});
  };
  EXPECT_EQ(tags("arn:aws:elasticache:us-east-1:123456789012:user:app-1"), "");
  EXPECT_THAT(tags("arn:aws:elasticache:us-east-1:210987654321:user:app-1"), HasSubstr("InvalidARN"));
  EXPECT_THAT(tags("arn:aws:elasticache:eu-west-1:123456789012:user:app-1"), HasSubstr("InvalidARN"));
}

TEST_F(ElastiCacheTest, AGroupsUsersAreRulesOfRedissAclWithoutAPasswordInTheClear) {
  user("app-1", "app", {kPassword});
  t_.call([&](Call& call) {
    CreateUserGroup(call, {.UserGroupId = "g", .Engine = "redis", .UserIds = {"default", "app-1"}});
    const auto rules = acl_of(call, "g");
    ASSERT_EQ(rules.size(), 2u);
    EXPECT_EQ(rules[0].reveal(), "default reset nopass on ~* +@all");
    // printf hunter2hunter2hunter2 | sha256sum
    EXPECT_THAT(rules[1].reveal(), testing::StartsWith("app reset #"));
    EXPECT_THAT(rules[1].reveal(), testing::EndsWith(" on ~app:* +@read"));
    EXPECT_THAT(rules[1].reveal(), Not(HasSubstr(kPassword)));
  });
  t_.store->each("elasticache.", [](std::string_view, const store::Document& document) {
    EXPECT_THAT(document.text, Not(HasSubstr(kPassword)));
  });
}

TEST_F(ElastiCacheTest, AnAccessStringCannotSmuggleInAPassword) {
  EXPECT_THROW(check_access_string("on >secret ~* +@all"), ServiceError);
  EXPECT_THROW(check_access_string("on nopass ~* +@all"), ServiceError);
  EXPECT_THROW(check_access_string("on ~*\nuser evil on nopass +@all"), ServiceError);
  EXPECT_NO_THROW(check_access_string("on ~app::* &chat:* -@all +@read %R~x"));
}

TEST_F(ElastiCacheTest, AParameterGroupTakesWhatTheEngineTakesAndGoesBack) {
  t_.call([&](Call& call) {
    return CreateCacheParameterGroup(
        call, {.CacheParameterGroupName = "Mine", .CacheParameterGroupFamily = "redis7", .Description = "d"});
  });
  const auto set = [&](const std::string& name, const std::string& value) {
    t_.call([&](Call& call) {
      return ModifyCacheParameterGroup(
          call, {.CacheParameterGroupName = "mine",
                 .ParameterNameValues = {{.ParameterName = name, .ParameterValue = value}}});
    });
  };
  set("maxmemory-policy", "allkeys-lru");
  EXPECT_THROW(set("maxmemory-policy", "sometimes"), ServiceError);
  EXPECT_THROW(set("timeout", "soon"), ServiceError);
  EXPECT_THROW(set("dir", "/etc"), ServiceError);
  const auto user_values = [&] {
    return t_
        .call([&](Call& call) {
          return DescribeCacheParameters(call, {.CacheParameterGroupName = "mine", .Source = "user"});
        })
        .Parameters;
  };
  ASSERT_EQ(user_values().size(), 1u);
  EXPECT_EQ(user_values()[0].ParameterValue, "allkeys-lru");
  t_.call([&](Call& call) {
    return ResetCacheParameterGroup(call, {.CacheParameterGroupName = "mine", .ResetAllParameters = true});
  });
  EXPECT_TRUE(user_values().empty());
  EXPECT_THROW(t_.call([&](Call& call) {
    return DeleteCacheParameterGroup(call, {.CacheParameterGroupName = "default.redis7"});
  }),
               InvalidCacheParameterGroupStateFault);
}

TEST_F(ElastiCacheTest, ParametersArePaged) {
  std::optional<std::string> marker;
  size_t count = 0;
  do {
    auto page = t_.call([&](Call& call) {
      return DescribeCacheParameters(
          call, {.CacheParameterGroupName = kDefaultParameterGroup, .MaxRecords = 20, .Marker = marker});
    });
    EXPECT_LE(page.Parameters.size(), 20u);
    count += page.Parameters.size();
    marker = page.Marker;
  } while (marker);
  EXPECT_EQ(count, engine_parameters().size());
}

}  // namespace
}  // namespace landfall::elasticache
