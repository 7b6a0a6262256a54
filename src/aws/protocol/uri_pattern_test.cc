#include "aws/protocol/uri_pattern.h"

#include <gtest/gtest.h>

namespace landfall::aws {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

TEST(MatchUri, BindsLabelsAndDecodesThem) {
  const auto match =
      match_uri("/2013-04-01/hostedzone/{Id}/rrset/", "/2013-04-01/hostedzone/Z1%2F2/rrset", {});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->labels, (Labels{{"Id", "Z1/2"}}));
  EXPECT_EQ(match->fixed_segments, 3u);
}

TEST(MatchUri, GivesAGreedyLabelTheRestWithItsSlashes) {
  const auto match = match_uri("/{Bucket}/{Key+}?uploads", "/b/a/b%20c//d/", {{"uploads", ""}});
  ASSERT_TRUE(match);
  EXPECT_EQ(match->labels, (Labels{{"Bucket", "b"}, {"Key", "a/b c//d/"}}));
  EXPECT_EQ(match->fixed_parameters, 1u);
}

TEST(MatchUri, TakesABucketWithASlashForTheBucketNotForAnEmptyKey) {
  EXPECT_TRUE(match_uri("/{Bucket}", "/b/", {}));
  EXPECT_FALSE(match_uri("/{Bucket}/{Key+}", "/b/", {}));
  EXPECT_FALSE(match_uri("/{Bucket}", "/", {}));
  EXPECT_TRUE(match_uri("/", "/", {}));
}

TEST(MatchUri, WantsThePatternsOwnParameters) {
  EXPECT_FALSE(match_uri("/{Bucket}?list-type=2", "/b", {{"list-type", "1"}}));
  EXPECT_TRUE(match_uri("/{Bucket}?list-type=2", "/b", {{"prefix", "x"}, {"list-type", "2"}}));
  EXPECT_FALSE(match_uri("/{Bucket}?acl", "/b", {}));
}

TEST(MatchUri, RefusesMalformedEscapesAndRelativePaths) {
  EXPECT_FALSE(match_uri("/{Bucket}", "/%zz", {}));
  EXPECT_FALSE(match_uri("/{Bucket}", "b", {}));
  EXPECT_FALSE(match_uri("/{Bucket}", "", {}));
}

}  // namespace
}  // namespace landfall::aws
