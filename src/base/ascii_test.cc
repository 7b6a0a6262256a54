#include "base/ascii.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace landfall {
namespace {

bool same_by_one(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return ascii_lower(c); }, [](char c) { return ascii_lower(c); });
}

TEST(Ascii, EveryPairOfCharactersIsComparedAsLettersAreWhereverItStands) {
  for (const size_t size : {1, 4, 7, 8, 9, 17}) {
    for (const size_t at : {size_t{0}, size / 2, size - 1}) {
      for (int x = 0; x < 256; ++x) {
        for (int y = 0; y < 256; ++y) {
          std::string a(size, 'Q'), b(size, 'q');
          a[at] = static_cast<char>(x);
          b[at] = static_cast<char>(y);
          if (equals_ignoring_case(a, b) != same_by_one(a, b))
            FAIL() << size << " characters, at " << at << ": " << x << " and " << y;
        }
      }
    }
  }
}

TEST(Ascii, OtherLengthsDiffer) {
  EXPECT_TRUE(equals_ignoring_case("", ""));
  EXPECT_FALSE(equals_ignoring_case("host", "hosts"));
  EXPECT_FALSE(equals_ignoring_case("content-lengt", "content-length"));
}

TEST(Ascii, AByteBelowALimitIsFoundWhereverItStands) {
  for (size_t size = 0; size < 20; ++size) {
    for (int c = 0; c < 256; ++c) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(c);
        for (const int limit : {1, 0x10, 0x21, 0x78})
          if (has_byte_below(text, static_cast<unsigned char>(limit)) != (c < limit))
            FAIL() << size << " characters, at " << at << ": " << c << " below " << limit;
      }
    }
  }
}

TEST(Ascii, WhatAQuotedStringCannotHoldIsFoundWhereverItStands) {
  for (size_t size = 0; size < 20; ++size) {
    EXPECT_FALSE(needs_quoting(std::string(size, 'x')));
    for (int c = 0; c < 256; ++c) {
      for (size_t at = 0; at < size; ++at) {
        std::string text(size, 'x');
        text[at] = static_cast<char>(c);
        if (needs_quoting(text) != (c < 0x20 || c == '"' || c == '\\'))
          FAIL() << size << " characters, at " << at << ": " << c;
      }
    }
  }
}

}  // namespace
}  // namespace landfall
