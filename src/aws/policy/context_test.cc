#include "aws/policy/context.h"

#include <gtest/gtest.h>

namespace landfall::aws::policy {
namespace {

std::string joined(const Context& context, std::string_view key) {
  std::string text;
  for (std::string_view value : context.find(key)) text.append(value).append(",");
  return text;
}

TEST(Context, FindsKeysWithoutCase) {
  Context context;
  context.add("aws:SourceIp", "10.0.0.1");
  EXPECT_EQ(joined(context, "AWS:sourceip"), "10.0.0.1,");
  EXPECT_TRUE(context.find("aws:sourceip").is_single());
  EXPECT_FALSE(context.find("aws:SourceI").present());
  EXPECT_FALSE(context.find("").present());
}

TEST(Context, KeepsTheValuesOfOneKeyInOrderThoughOthersComeBetween) {
  Context context;
  context.add("a", "1");
  context.add("b", "x");
  context.add("A", "2");
  context.add("a", "");
  EXPECT_EQ(joined(context, "a"), "1,2,,");
  EXPECT_FALSE(context.find("a").is_single());
  EXPECT_EQ(joined(context, "b"), "x,");
}

TEST(Context, AKeyMayBeThereWithoutValues) {
  Context context;
  context.add_empty("k");
  EXPECT_TRUE(context.find("k").present());
  EXPECT_TRUE(context.find("k").empty());
  context.add("k", "v");
  context.add_empty("k");
  EXPECT_EQ(joined(context, "k"), "v,");
}

TEST(Context, ACopyIsItsOwn) {
  Context context;
  context.add("k", "v");
  Context copy = context;
  context.add("k", "w");
  EXPECT_EQ(joined(copy, "k"), "v,");
}

TEST(Context, HoldsManyKeysAndLongValues) {
  Context context;
  for (int i = 0; i < 200; ++i)
    context.add("key" + std::to_string(i), std::string(100, static_cast<char>('a' + i % 26)));
  EXPECT_EQ(context.find("KEY199").front(), std::string(100, static_cast<char>('a' + 199 % 26)));
}

}  // namespace
}  // namespace landfall::aws::policy
