#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/testing.h"
#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secretsmanager.h"
#include "services/secretsmanager/store.h"

namespace landfall::secretsmanager {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr char kTokenA[] = "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa";
constexpr char kTokenB[] = "bbbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbbbb";
constexpr char kTokenC[] = "cccccccc-cccc-cccc-cccc-cccccccccccc";

class SecretsManagerTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/landfall-secrets-XXXXXX";
    t_.config.data_dir = mkdtemp(name);
    service_ = make_service(t_.plane);
    service_->start();
  }
  void TearDown() override {
    service_.reset();
    std::filesystem::remove_all(t_.config.data_dir);
  }
  CreateSecretResponse create(CreateSecretRequest in) {
    return t_.call([&](Call& call) { return CreateSecret(call, in); });
  }
  PutSecretValueResponse put(PutSecretValueRequest in) {
    return t_.call([&](Call& call) { return PutSecretValue(call, in); });
  }
  GetSecretValueResponse get(GetSecretValueRequest in) {
    return t_.call([&](Call& call) { return GetSecretValue(call, in); });
  }

  testing_support::TestPlane t_;
  std::unique_ptr<Service> service_;
};

TEST_F(SecretsManagerTest, ASecretIsReadByNameArnAndPartialArn) {
  const auto made = create({.Name = "app/db", .SecretString = "pw"});
  EXPECT_THAT(*made.ARN,
              MatchesRegex("arn:aws:secretsmanager:us-east-1:123456789012:secret:app/db-[A-Za-z0-9]+"));
  EXPECT_EQ(get({.SecretId = "app/db"}).SecretString, "pw");
  EXPECT_EQ(get({.SecretId = *made.ARN}).SecretString, "pw");
  EXPECT_EQ(get({.SecretId = made.ARN->substr(0, made.ARN->size() - 7)}).SecretString, "pw");
  EXPECT_THROW(get({.SecretId = "none"}), ResourceNotFoundException);
  EXPECT_THROW(create({.Name = "app/db", .SecretString = "pw"}), ResourceExistsException);
}

TEST_F(SecretsManagerTest, ValuesAreSealedInTheStore) {
  create({.Name = "s", .SecretString = "hunter2 hunter2"});
  t_.store->each("secretsmanager.", [](std::string_view, const store::Document& document) {
    EXPECT_THAT(document.text, Not(HasSubstr("hunter2")));
  });
}

TEST_F(SecretsManagerTest, ANewVersionIsCurrentAndTheOneBeforeItPrevious) {
  create({.Name = "s", .ClientRequestToken = kTokenA, .SecretString = "1"});
  put({.SecretId = "s", .ClientRequestToken = kTokenB, .SecretString = "2"});
  EXPECT_EQ(get({.SecretId = "s"}).SecretString, "2");
  EXPECT_EQ(get({.SecretId = "s", .VersionStage = "AWSPREVIOUS"}).SecretString, "1");
  put({.SecretId = "s", .ClientRequestToken = kTokenC, .SecretString = "3", .VersionStages = {"PENDING"}});
  EXPECT_EQ(get({.SecretId = "s"}).SecretString, "2");
  EXPECT_EQ(get({.SecretId = "s", .VersionStage = "PENDING"}).SecretString, "3");
  t_.call([&](Call& call) {
    return UpdateSecretVersionStage(call, {.SecretId = "s",
                                           .VersionStage = "AWSCURRENT",
                                           .RemoveFromVersionId = kTokenB,
                                           .MoveToVersionId = kTokenC});
  });
  EXPECT_EQ(get({.SecretId = "s"}).SecretString, "3");
  EXPECT_EQ(get({.SecretId = "s", .VersionStage = "AWSPREVIOUS"}).VersionId, kTokenB);
  EXPECT_THAT(get({.SecretId = "s", .VersionId = kTokenA}).VersionStages, ElementsAre());
}

TEST_F(SecretsManagerTest, ARepeatedRequestIsOneVersionAndAnotherValueUnderItsTokenIsRefused) {
  const auto made = create({.Name = "s", .ClientRequestToken = kTokenA, .SecretString = "1"});
  EXPECT_EQ(create({.Name = "s", .ClientRequestToken = kTokenA, .SecretString = "1"}).ARN, made.ARN);
  EXPECT_THROW(create({.Name = "s", .ClientRequestToken = kTokenA, .SecretString = "2"}),
               ResourceExistsException);
  put({.SecretId = "s", .ClientRequestToken = kTokenB, .SecretString = "2"});
  put({.SecretId = "s", .ClientRequestToken = kTokenB, .SecretString = "2"});
  EXPECT_THROW(put({.SecretId = "s", .ClientRequestToken = kTokenB, .SecretString = "x"}),
               ResourceExistsException);
  auto versions = t_.call([&](Call& call) { return ListSecretVersionIds(call, {.SecretId = "s"}); }).Versions;
  EXPECT_EQ(versions.size(), 2u);
}

TEST_F(SecretsManagerTest, AStageIsMovedOnlyFromWhereItIsAndCurrentNeverRemoved) {
  create({.Name = "s", .ClientRequestToken = kTokenA, .SecretString = "1"});
  put({.SecretId = "s", .ClientRequestToken = kTokenB, .SecretString = "2"});
  const auto move = [&](std::optional<std::string> from, std::optional<std::string> to) {
    t_.call([&](Call& call) {
      return UpdateSecretVersionStage(call, {.SecretId = "s",
                                             .VersionStage = "AWSCURRENT",
                                             .RemoveFromVersionId = from,
                                             .MoveToVersionId = to});
    });
  };
  EXPECT_THROW(move(std::nullopt, kTokenA), InvalidParameterException);
  EXPECT_THROW(move(kTokenA, kTokenB), InvalidParameterException);
  EXPECT_THROW(move(kTokenB, std::nullopt), InvalidParameterException);
}

TEST_F(SecretsManagerTest, ADeletedSecretCanBeRestoredUntilItsWindowEnds) {
  create({.Name = "s", .SecretString = "1"});
  const auto erase = [&](DeleteSecretRequest in) {
    in.SecretId = "s";
    return t_.call([&](Call& call) { return DeleteSecret(call, in); });
  };
  EXPECT_THROW(erase({.RecoveryWindowInDays = 6}), InvalidParameterException);
  EXPECT_THROW(erase({.RecoveryWindowInDays = 7, .ForceDeleteWithoutRecovery = true}),
               InvalidParameterException);
  erase({.RecoveryWindowInDays = 7});
  EXPECT_THROW(get({.SecretId = "s"}), InvalidRequestException);
  EXPECT_THROW(create({.Name = "s"}), InvalidRequestException);
  EXPECT_TRUE(t_.call([&](Call& call) { return ListSecrets(call, {}); }).SecretList.empty());
  t_.call([&](Call& call) { return RestoreSecret(call, {.SecretId = "s"}); });
  EXPECT_EQ(get({.SecretId = "s"}).SecretString, "1");
  erase({.RecoveryWindowInDays = 7});
  t_.settle(7 * kDayMs - 1);
  EXPECT_TRUE(t_.call([&](Call& call) { return DescribeSecret(call, {.SecretId = "s"}); }).DeletedDate);
  t_.settle(1);
  EXPECT_THROW(t_.call([&](Call& call) { return DescribeSecret(call, {.SecretId = "s"}); }),
               ResourceNotFoundException);
}

TEST_F(SecretsManagerTest, AForcedDeletionIsAtOnceAndNeedsNoSecret) {
  create({.Name = "s", .SecretString = "1"});
  for (int i = 0; i < 2; ++i)
    t_.call([&](Call& call) {
      return DeleteSecret(call, {.SecretId = "s", .ForceDeleteWithoutRecovery = true});
    });
  EXPECT_THROW(get({.SecretId = "s"}), ResourceNotFoundException);
  EXPECT_THROW(t_.call([&](Call& call) { return DeleteSecret(call, {.SecretId = "s"}); }),
               ResourceNotFoundException);
  create({.Name = "s", .SecretString = "2"});
}

TEST_F(SecretsManagerTest, SecretsAreListedInPagesAndFiltered) {
  create({.Name = "app/a", .SecretString = "1", .Tags = {{"env", "prod"}}});
  t_.clock.advance_ms(1);
  create({.Name = "app/b", .SecretString = "1"});
  t_.clock.advance_ms(1);
  create({.Name = "other", .SecretString = "1"});
  const auto names = [&](ListSecretsRequest in) {
    std::vector<std::string> out;
    do {
      auto page = t_.call([&](Call& call) { return ListSecrets(call, in); });
      for (const auto& secret : page.SecretList) out.push_back(*secret.Name);
      in.NextToken = page.NextToken;
    } while (in.NextToken);
    return out;
  };
  EXPECT_THAT(names({.MaxResults = 1}), ElementsAre("app/a", "app/b", "other"));
  EXPECT_THAT(names({.Filters = {{"name", {"app/"}}}}), ElementsAre("app/a", "app/b"));
  EXPECT_THAT(names({.Filters = {{"name", {"!app/"}}}}), ElementsAre("other"));
  EXPECT_THAT(names({.Filters = {{"tag-value", {"prod"}}}}), ElementsAre("app/a"));
  EXPECT_THAT(names({.SortOrder = "desc"}), ElementsAre("other", "app/b", "app/a"));
}

TEST_F(SecretsManagerTest, ARandomPasswordHasEachKindThatIsAskedFor) {
  const auto password = [&](GetRandomPasswordRequest in) {
    return *t_.call([&](Call& call) { return GetRandomPassword(call, in); }).RandomPassword;
  };
  EXPECT_EQ(password({}).size(), 32u);
  EXPECT_THAT(password({.PasswordLength = 4, .ExcludePunctuation = true}), MatchesRegex("[A-Za-z0-9]+"));
  EXPECT_THAT(password({.PasswordLength = 8,
                        .ExcludeNumbers = true,
                        .ExcludePunctuation = true,
                        .ExcludeUppercase = true}),
              MatchesRegex("[a-z]+"));
  EXPECT_THROW(password({.PasswordLength = 2}), InvalidParameterException);
}

}  // namespace
}  // namespace landfall::secretsmanager
