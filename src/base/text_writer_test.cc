#include "base/text_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace landfall {
namespace {

TEST(TextWriter, PiecesOfAllKindsFollowWhatWasThere) {
  std::string out = "before ";
  {
    TextWriter text(out);
    text.put("a literal", ' ', std::string_view("a view"), std::string(" a string"));
    text.put(' ', 0, ' ', -1, ' ', std::numeric_limits<uint64_t>::max(), ' ',
             std::numeric_limits<int64_t>::min());
  }
  EXPECT_EQ(out, "before a literal a view a string 0 -1 18446744073709551615 -9223372036854775808");
}

TEST(TextWriter, NothingWrittenIsNothingAdded) {
  std::string out = "same";
  {
    const TextWriter text(out);
  }
  EXPECT_EQ(out, "same");
  {
    TextWriter text(out);
    text.put(std::string_view(), "");
  }
  EXPECT_EQ(out, "same");
}

TEST(TextWriter, MoreThanTheRoomGrowsIt) {
  std::string out, expected;
  {
    TextWriter text(out, 0);
    for (int i = 0; i < 1000; ++i) {
      text.put("line ", i, std::string_view("\r\n"));
      expected += "line " + std::to_string(i) + "\r\n";
    }
    const std::string large(100'000, 'x');
    text.put(large, '.');
    expected += large + ".";
  }
  EXPECT_EQ(out, expected);
}

TEST(TextWriter, ZerosFillANumbersWidth) {
  std::string out;
  {
    TextWriter text(out);
    text.put_padded(7, 3).put(' ').put_padded(1234, 3).put(' ').put_padded(0, 6);
  }
  EXPECT_EQ(out, "007 1234 000000");
}

TEST(TextWriter, HexHasTheDigitsThatWereAskedFor) {
  std::string out;
  {
    TextWriter text(out, 0);
    text.put_hex(0xfeedbeef, 8).put('-').put_hex(0xfeedbeef, 4).put('-').put_hex(1, 16);
  }
  EXPECT_EQ(out, "feedbeef-beef-0000000000000001");
}

}  // namespace
}  // namespace landfall
