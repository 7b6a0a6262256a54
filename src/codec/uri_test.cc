#include "codec/uri.h"

#include <gtest/gtest.h>

namespace landfall::codec {
namespace {

TEST(PercentDecode, DecodesHexadecimalOfEitherCaseAndLeavesTheRest) {
  EXPECT_EQ(percent_decode("a%2Fb%c3%bc+c").value(), "a/b\xc3\xbc+c");
  EXPECT_EQ(percent_decode("a+b", Plus::is_space).value(), "a b");
}

TEST(PercentDecode, RefusesATruncatedOrForeignEscape) {
  EXPECT_FALSE(percent_decode("%"));
  EXPECT_FALSE(percent_decode("%4"));
  EXPECT_FALSE(percent_decode("%4g"));
}

TEST(PercentEncode, KeepsOnlyUnreservedCharactersAndSlashesOnDemand) {
  EXPECT_EQ(percent_encode("a/b c~-._"), "a%2Fb%20c~-._");
  EXPECT_EQ(percent_encode("a/b\xff", Slash::kept), "a/b%FF");
}

TEST(ParseForm, KeepsOrderAndRepetitionAndTakesAMissingValueForEmpty) {
  const Pairs expected = {{"a", "1"}, {"a", "2 3"}, {"uploads", ""}, {"x", "="}};
  EXPECT_EQ(parse_form("a=1&a=2+3&&uploads&x=%3D").value(), expected);
  EXPECT_TRUE(parse_form("").value().empty());
}

TEST(ParseForm, RefusesMoreThanItsLimits) {
  EXPECT_FALSE(parse_form("a&b&c", {.max_pairs = 2}));
  EXPECT_FALSE(parse_form("abc=1", {.max_key_bytes = 2}));
  EXPECT_FALSE(parse_form("a=%zz"));
}

}  // namespace
}  // namespace landfall::codec
