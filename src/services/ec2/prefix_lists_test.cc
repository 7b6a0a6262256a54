#include "services/ec2/prefix_lists.h"

#include <gtest/gtest.h>

namespace landfall::ec2 {
namespace {

constexpr char kCloudFront[] = "com.amazonaws.global.cloudfront.origin-facing";
constexpr char kRange[] = "127.77.0.0/16";

TEST(PrefixLists, CloudFrontsIsWhereItComesFromAndNobodyWithinAVpc) {
  const auto list = find_prefix_list("us-east-1", kRange, kCloudFront);
  ASSERT_TRUE(list);
  EXPECT_EQ(list->id, "pl-3b927c52");
  EXPECT_EQ(list->cidrs, std::vector<std::string>{"127.77.0.3/32"});
  EXPECT_EQ(prefix_list_cidrs(list->id, kRange), list->cidrs);
  EXPECT_TRUE(prefix_list_cidrs(list->id).empty());
}

TEST(PrefixLists, HaveAnIdOfTheirOwnInEachRegion) {
  const auto here = find_prefix_list("us-east-1", kRange, kCloudFront),
             there = find_prefix_list("eu-west-1", kRange, kCloudFront);
  ASSERT_TRUE(here && there);
  EXPECT_NE(here->id, there->id);
  EXPECT_EQ(here->cidrs, there->cidrs);
  EXPECT_FALSE(find_prefix_list("eu-west-1", kRange, here->id));
  EXPECT_EQ(prefix_list_cidrs(there->id, kRange), there->cidrs);  // rules name them by id alone
}

TEST(PrefixLists, UnknownOnesHaveNoAddresses) {
  EXPECT_TRUE(prefix_list_cidrs("pl-00000000", kRange).empty());
  EXPECT_FALSE(find_prefix_list("us-east-1", kRange, "com.amazonaws.us-east-1.ec2"));
}

}  // namespace
}  // namespace landfall::ec2
