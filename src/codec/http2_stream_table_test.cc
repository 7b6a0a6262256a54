#include "codec/http2_stream_table.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace landfall::http2 {
namespace {

std::string listed(StreamTable<std::string>& table) {
  std::string text;
  for (const auto& [id, value] : table) text += std::to_string(id) + value + " ";
  return text;
}

TEST(StreamTable, FindsWhatWasAddedInAnyOrder) {
  StreamTable<std::string> table;
  EXPECT_EQ(table.find(1), nullptr);
  table.add(5, "e");
  table.add(1, "a");
  table.add(9, "i");
  EXPECT_EQ(listed(table), "1a 5e 9i ");
  ASSERT_NE(table.find(5), nullptr);
  EXPECT_EQ(*table.find(5), "e");
  EXPECT_EQ(table.find(3), nullptr);
  EXPECT_EQ(table.find(11), nullptr);
}

TEST(StreamTable, ErasesOneAndReplacesOne) {
  StreamTable<std::string> table;
  for (int32_t id : {1, 3, 5}) table.add(id, "x");
  EXPECT_TRUE(table.erase(3));
  EXPECT_FALSE(table.erase(3));
  table.add(5, "y");
  EXPECT_EQ(listed(table), "1x 5y ");
  EXPECT_EQ(table.size(), 2u);
}

TEST(StreamTable, HoldsWhatCannotBeCopied) {
  StreamTable<std::unique_ptr<int>> table;
  table.add(1, std::make_unique<int>(7));
  table.add(3, nullptr);
  EXPECT_EQ(**table.find(1), 7);
}

}  // namespace
}  // namespace landfall::http2
