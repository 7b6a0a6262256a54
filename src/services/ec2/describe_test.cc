#include "services/ec2/describe.h"

#include <gtest/gtest.h>

namespace landfall::ec2 {

TEST(Wildcards, StarIsAnyCharactersAndQuestionMarkOne) {
  EXPECT_TRUE(matches_wildcard("abc", "abc"));
  EXPECT_TRUE(matches_wildcard("a*c", "abbbc"));
  EXPECT_TRUE(matches_wildcard("*", ""));
  EXPECT_TRUE(matches_wildcard("a?c", "abc"));
  EXPECT_TRUE(matches_wildcard("*web*", "my-web-1"));
  EXPECT_TRUE(matches_wildcard("a\\*", "a*"));
  EXPECT_FALSE(matches_wildcard("a\\*", "ab"));
  EXPECT_FALSE(matches_wildcard("a?c", "ac"));
  EXPECT_FALSE(matches_wildcard("abc", "ABC"));
  EXPECT_FALSE(matches_wildcard("*b", "abc"));
  EXPECT_TRUE(matches_wildcard("*ab", "aab"));
}

TEST(Filters, AllFiltersMustMatchWithOneOfTheirValues) {
  const auto values = [](std::string_view name, Values& out) {
    if (name == "cidr") out = {"10.0.0.0/16"};
    return name == "cidr";
  };
  const auto tags = [] { return TagMap{{"Name", "web"}}; };
  EXPECT_TRUE(matches_filters({{"cidr", {"x", "10.*"}}, {"tag:Name", {"web"}}}, values, tags));
  EXPECT_FALSE(matches_filters({{"cidr", {"10.*"}}, {"tag:Name", {"db"}}}, values, tags));
  EXPECT_TRUE(matches_filters({{"tag-key", {"Name"}}}, values, tags));
  EXPECT_FALSE(matches_filters({{"tag:name", {"*"}}}, values, tags));
  EXPECT_THROW(matches_filters({{"cidr", {"no"}}, {"colour", {"x"}}}, values, tags), ServiceError);
}

TEST(Paging, PagesStayInPlaceWhenRowsComeAndGo) {
  std::vector<std::pair<std::string, int>> rows{{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}};
  auto first = rows;
  const auto token = take_page(first, {2, {}});
  ASSERT_TRUE(token.has_value());
  EXPECT_EQ(first.size(), 2u);
  std::vector<std::pair<std::string, int>> later{
      {"a", 1}, {"c", 3}, {"d", 4}, {"e", 5}};  // "b" is gone, "e" is new
  const auto last = take_page(later, {10, token});
  EXPECT_FALSE(last.has_value());
  ASSERT_EQ(later.size(), 3u);
  EXPECT_EQ(later[0].first, "c");
  EXPECT_THROW(decode_token("%"), ServiceError);
}

}  // namespace landfall::ec2
