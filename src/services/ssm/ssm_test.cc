#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "gateway/testing.h"
#include "services/ssm/store.h"
#include "ssm/errors.h"
#include "ssm/operations.h"

namespace landfall::ssm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SsmTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/landfall-ssm-XXXXXX";
    t_.config.data_dir = mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(t_.config.data_dir); }

  PutParameterResult put(PutParameterRequest in) {
    if (!in.Type && !in.Overwrite) in.Type = "String";
    return t_.call([&](Call& call) { return PutParameter(call, in); });
  }
  Parameter get(const std::string& name, bool decrypt = false) {
    return *t_.call([&](Call& call) {
                return GetParameter(call, {.Name = name, .WithDecryption = decrypt});
              }).Parameter;
  }
  std::vector<std::string> by_path(GetParametersByPathRequest in) {
    std::vector<std::string> out;
    do {
      auto page = t_.call([&](Call& call) { return GetParametersByPath(call, in); });
      for (const auto& parameter : page.Parameters) out.push_back(*parameter.Name);
      in.NextToken = page.NextToken;
    } while (in.NextToken);
    return out;
  }

  testing_support::TestPlane t_;
};

TEST_F(SsmTest, APutNeedsOverwriteToReplaceAndMakesAVersion) {
  EXPECT_EQ(put({.Name = "/app/db", .Value = "one"}).Version, 1);
  EXPECT_THROW(put({.Name = "/app/db", .Value = "two"}), ParameterAlreadyExists);
  EXPECT_EQ(put({.Name = "/app/db", .Value = "two", .Overwrite = true}).Version, 2);
  EXPECT_EQ(get("/app/db").Value, "two");
  EXPECT_EQ(get("/app/db:1").Value, "one");
  EXPECT_EQ(get("/app/db:1").Selector, ":1");
  EXPECT_EQ(get("/app/db").ARN, "arn:aws:ssm:us-east-1:123456789012:parameter/app/db");
  EXPECT_EQ(get("arn:aws:ssm:us-east-1:123456789012:parameter/app/db").Value, "two");
  EXPECT_THROW(get("/app/db:3"), ParameterVersionNotFound);
  EXPECT_THROW(get("/app/other"), ParameterNotFound);
}

TEST_F(SsmTest, ASecureStringIsSealedInTheStoreAndReadOnlyWithDecryption) {
  put({.Name = "/secret", .Value = "hunter2 hunter2", .Type = "SecureString"});
  EXPECT_EQ(get("/secret", true).Value, "hunter2 hunter2");
  EXPECT_THAT(*get("/secret").Value, Not(HasSubstr("hunter2")));
  t_.store->each("ssm.", [](std::string_view, const store::Document& document) {
    EXPECT_THAT(document.text, Not(HasSubstr("hunter2")));
  });
  const auto mode = std::filesystem::status(t_.config.data_dir + "/ssm.key").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(SsmTest, ALabelSelectsAVersionAndMoves) {
  put({.Name = "p", .Value = "one"});
  put({.Name = "p", .Value = "two", .Overwrite = true});
  const auto label = [&](int64_t version, std::vector<std::string> labels) {
    return t_.call([&](Call& call) {
      return LabelParameterVersion(call, {.Name = "p", .ParameterVersion = version, .Labels = labels});
    });
  };
  EXPECT_THAT(label(1, {"prod", "aws-x", "9x"}).InvalidLabels, ElementsAre("aws-x", "9x"));
  EXPECT_EQ(get("p:prod").Value, "one");
  label(2, {"prod"});
  EXPECT_EQ(get("p:prod").Value, "two");
  auto history = t_.call([&](Call& call) { return GetParameterHistory(call, {.Name = "p"}); }).Parameters;
  ASSERT_EQ(history.size(), 2u);
  EXPECT_THAT(history[0].Labels, ElementsAre());
  EXPECT_THAT(history[1].Labels, ElementsAre("prod"));
}

TEST_F(SsmTest, PathsAreReadByOneLevelOrRecursivelyInPages) {
  for (const char* name : {"/app/a", "/app/b", "/app/sub/c", "/apple", "top"})
    put({.Name = name, .Value = "v"});
  EXPECT_THAT(by_path({.Path = "/app"}), ElementsAre("/app/a", "/app/b"));
  EXPECT_THAT(by_path({.Path = "/app/", .Recursive = true, .MaxResults = 1}),
              ElementsAre("/app/a", "/app/b", "/app/sub/c"));
  EXPECT_THAT(by_path({.Path = "/"}), ElementsAre("/apple", "top"));
}

TEST_F(SsmTest, DescribeFiltersByNameTypePathAndTag) {
  put({.Name = "/app/a", .Value = "v", .Tags = {{"env", "prod"}}});
  put({.Name = "/app/b", .Value = "a,b", .Type = "StringList"});
  put({.Name = "c", .Value = "v"});
  const auto names = [&](const std::string& key, std::optional<std::string> option,
                         std::vector<std::string> values) {
    DescribeParametersRequest in;
    in.ParameterFilters.push_back({.Key = key, .Option = option, .Values = values});
    std::vector<std::string> out;
    for (const auto& one : t_.call([&](Call& call) { return DescribeParameters(call, in); }).Parameters)
      out.push_back(*one.Name);
    return out;
  };
  EXPECT_THAT(names("Name", "Equals", {"/app/a"}), ElementsAre("/app/a"));
  EXPECT_THAT(names("Name", "BeginsWith", {"/app"}), ElementsAre("/app/a", "/app/b"));
  EXPECT_THAT(names("Type", {}, {"StringList"}), ElementsAre("/app/b"));
  EXPECT_THAT(names("Path", "Recursive", {"/app"}), ElementsAre("/app/a", "/app/b"));
  EXPECT_THAT(names("tag:env", {}, {"prod"}), ElementsAre("/app/a"));
  EXPECT_THROW(names("Nonsense", {}, {"x"}), InvalidFilterKey);
}

TEST_F(SsmTest, WhatAwsRefusesIsRefused) {
  const auto code = [&](PutParameterRequest in) -> std::string {
    try {
      put(std::move(in));
    } catch (const ServiceError& error) {
      return error.code();
    }
    return "";
  };
  EXPECT_EQ(code({.Name = "awsome", .Value = "v"}), "ValidationException");
  EXPECT_EQ(code({.Name = "/aws/x", .Value = "v"}), "AccessDeniedException");
  EXPECT_EQ(code({.Name = "a/b", .Value = "v"}), "ValidationException");
  EXPECT_EQ(code({.Name = "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", .Value = "v"}),
            "HierarchyLevelLimitExceededException");
  EXPECT_EQ(code({.Name = "p", .Value = std::string(4097, 'x')}), "ValidationException");
  EXPECT_EQ(code({.Name = "p", .Value = std::string(4097, 'x'), .Tier = "Intelligent-Tiering"}), "");
  EXPECT_EQ(code({.Name = "p", .Value = "v", .Overwrite = true, .Tier = "Standard"}), "ValidationException");
  EXPECT_EQ(code({.Name = "q", .Value = "abc", .AllowedPattern = "\\d+"}),
            "ParameterPatternMismatchException");
  EXPECT_EQ(code({.Name = "q", .Value = "17", .AllowedPattern = "\\d+"}), "");
  EXPECT_EQ(code({.Name = "q", .Value = "x", .Overwrite = true}), "ParameterPatternMismatchException");
}

TEST_F(SsmTest, ThePublicPathsAnswerTheImageThatThereIs) {
  const std::string image =
      *get("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64").Value;
  EXPECT_THAT(image, testing::StartsWith("ami-"));
  EXPECT_NE(image, *get("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64").Value);
  EXPECT_THAT(by_path({.Path = "/aws/service/ami-amazon-linux-latest"}), testing::SizeIs(12));
  EXPECT_THROW(get("/aws/service/ami-amazon-linux-latest/none"), ParameterNotFound);
}

TEST_F(SsmTest, ManyAreReadAndDeletedAtOnceAndTheMissingAreNamed) {
  put({.Name = "a", .Value = "1"});
  auto read = t_.call([&](Call& call) { return GetParameters(call, {.Names = {"a", "none", "a:9"}}); });
  EXPECT_EQ(read.Parameters.size(), 1u);
  EXPECT_THAT(read.InvalidParameters, ElementsAre("none", "a:9"));
  auto deleted = t_.call([&](Call& call) { return DeleteParameters(call, {.Names = {"a", "none"}}); });
  EXPECT_THAT(deleted.DeletedParameters, ElementsAre("a"));
  EXPECT_THAT(deleted.InvalidParameters, ElementsAre("none"));
  EXPECT_THROW(get("a"), ParameterNotFound);
}

}  // namespace
}  // namespace landfall::ssm
