#include "codec/cbor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/encoding.h"

namespace landfall::codec {
namespace {

Result<CborValue> parse_hex(std::string_view hex, const CborLimits& limits = {}) {
  return parse_cbor(from_hex(hex).value(), limits);
}

// RFC 8949 appendix A.
TEST(ParseCbor, ReadsTheIntegersOfTheRfc) {
  EXPECT_EQ(parse_hex("00")->integer, 0u);
  EXPECT_EQ(parse_hex("17")->integer, 23u);
  EXPECT_EQ(parse_hex("1818")->integer, 24u);
  EXPECT_EQ(parse_hex("1903e8")->integer, 1000u);
  EXPECT_EQ(parse_hex("1bffffffffffffffff")->integer, 18446744073709551615u);
  EXPECT_EQ(parse_hex("3903e7")->type, CborType::negative_integer);
  EXPECT_EQ(parse_hex("3903e7")->integer, 999u);
}

TEST(ParseCbor, ReadsTheFloatsOfTheRfc) {
  EXPECT_EQ(parse_hex("f93c00")->number, 1.0);
  EXPECT_EQ(parse_hex("f97bff")->number, 65504.0);
  EXPECT_EQ(parse_hex("f90001")->number, 5.960464477539063e-8);
  EXPECT_EQ(parse_hex("f9c400")->number, -4.0);
  EXPECT_TRUE(std::isinf(parse_hex("f97c00")->number));
  EXPECT_TRUE(std::isnan(parse_hex("f97e00")->number));
  EXPECT_EQ(parse_hex("fa47c35000")->number, 100000.0);
  EXPECT_EQ(parse_hex("fb3ff199999999999a")->number, 1.1);
}

TEST(ParseCbor, ReadsTheContainersOfTheRfc) {
  const auto map = parse_hex("a26161016162820203");  // {"a": 1, "b": [2, 3]}
  ASSERT_TRUE(map);
  EXPECT_EQ(map->member("a")->integer, 1u);
  EXPECT_EQ(map->member("b")->array.size(), 2u);
  EXPECT_EQ(map->member("c"), nullptr);
  const auto streamed = parse_hex("bf61610161629f0203ffff");  // the same, of indefinite length
  ASSERT_TRUE(streamed);
  EXPECT_EQ(streamed->member("b")->array[1].integer, 3u);
  EXPECT_EQ(parse_hex("7f657374726561646d696e67ff")->string, "streaming");
  EXPECT_EQ(parse_hex("5f42010243030405ff")->string, "\x01\x02\x03\x04\x05");
}

TEST(ParseCbor, RemembersThatATaggedNumberIsATime) {
  const auto time = parse_hex("c11a514b67b0");
  EXPECT_TRUE(time->epoch_time);
  EXPECT_EQ(time->integer, 1363896240u);
}

TEST(ParseCbor, RefusesTruncatedAndMalformedBytes) {
  for (const char* hex : {"",
                          "18",
                          "1900",
                          "61",
                          "5f4101",
                          "5f00ff",
                          "7f4100ff",
                          "81",
                          "9f",
                          "a1",
                          "a16161",
                          "a10101",
                          "bf6161ff",
                          "ff",
                          "f8ff",
                          "e0",
                          "1c",
                          "1f",
                          "df00",
                          "0000",
                          "9bffffffffffffffff",
                          "5bffffffffffffffff",
                          "bbffffffffffffffff"})
    EXPECT_FALSE(parse_hex(hex)) << hex;
}

TEST(ParseCbor, RefusesMoreThanItsLimits) {
  std::string nested(100'000, '\x81');
  EXPECT_FALSE(parse_cbor(nested + '\x00'));
  std::string tags(100'000, '\xc1');
  EXPECT_FALSE(parse_cbor(tags + '\x00'));
  EXPECT_FALSE(parse_hex("83000000", {.max_values = 3}));
  EXPECT_TRUE(parse_hex("83000000", {.max_values = 4}));
}

TEST(CborWriter, WritesWhatTheReaderReadsInTheShortestForm) {
  std::string out;
  CborWriter writer(out);
  writer.begin_map();
  writer.text("n");
  writer.integer(-1000);
  writer.text("t");
  writer.epoch_time(1'700'000'000'500);
  writer.text("b");
  writer.bytes("\xff");
  writer.end();
  EXPECT_EQ(to_hex(out),
            "bf616e3903e76174c1fb41d954fc4020000061"
            "6241ffff");
  EXPECT_EQ(parse_cbor(out)->member("t")->number, 1'700'000'000.5);
}

TEST(CborWriter, WritesTheExtremesOfIntegers) {
  for (const int64_t value : {INT64_MIN, INT64_MAX, int64_t{0}, int64_t{-1}, int64_t{255}, int64_t{65536}}) {
    std::string out;
    CborWriter(out).integer(value);
    const auto back = parse_cbor(out);
    ASSERT_TRUE(back);
    const auto magnitude = static_cast<int64_t>(back->integer);
    EXPECT_EQ(back->type == CborType::unsigned_integer ? magnitude : -1 - magnitude, value);
  }
}

}  // namespace
}  // namespace landfall::codec
