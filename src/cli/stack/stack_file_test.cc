#include "cli/stack/stack_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace landfall::cli {
namespace {

const StackVariables kVariables{"123456789012", "eu-west-1"};

TEST(StackFile, NamesOfAccountAndRegionAreFilledIn) {
  const auto file = parse_landfall_yaml(
      "stack: shop\ndeployment_bucket: d-{account}-{region}\n"
      "assets: [{file: ../api.zip, key: 'api/{sha256}.zip', parameter: Key}]\n"
      "parameters: {Bucket: '{deployment_bucket}', Password: {generate: 20}}\n",
      "/srv/shop/deploy", kVariables);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->name, "shop");
  EXPECT_EQ(file->deployment_bucket, "d-123456789012-eu-west-1");
  EXPECT_EQ(file->assets.at(0).file, "/srv/shop/api.zip");
  EXPECT_EQ(file->assets.at(0).key, "api/{sha256}.zip");
  EXPECT_EQ(file->parameters.at("Bucket").value, "d-123456789012-eu-west-1");
  EXPECT_EQ(file->parameters.at("Password").generate, 20u);
}

TEST(StackFile, AStackWithoutANameTakesItsFolders) {
  const auto file = parse_landfall_yaml("{}", "/srv/shop", kVariables);
  ASSERT_TRUE(file);
  EXPECT_EQ(file->name, "shop");
}

TEST(StackFile, AMistypedKeyIsRefusedWithItsLine) {
  const auto file = parse_landfall_yaml("stack: a\nasets: []\n", "/srv/shop", kVariables);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message, "unknown key \"asets\" in line 2");
}

TEST(StackFile, BrokenYamlIsAnErrorNotACrash) {
  EXPECT_FALSE(parse_landfall_yaml("stack: [", "/srv/shop", kVariables));
  EXPECT_FALSE(parse_landfall_yaml("parameters: {P: {generate: many}}", "/srv/shop", kVariables));
  EXPECT_FALSE(parse_landfall_yaml("assets: [{file: a, key: b}]", "/srv/shop", kVariables));
}

}  // namespace
}  // namespace landfall::cli
