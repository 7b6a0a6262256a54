#include "codec/gzip.h"

#include <gtest/gtest.h>

#include <random>

#include "base/encoding.h"

namespace landfall::codec {
namespace {

// gzip.compress(b"0" * 100000, mtime=0) in Python.
std::string gzip_of_zeros() {
  return from_hex(
             "1f8b0800000000000203edc13101000000c2a04aeb9fce1a1e400100000000000000000000000000000000000000000"
             "00000"
             "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
             "00000"
             "0000000000000000000000000000000000000000000000af0685c24dc5a0860100")
      .value();
}

TEST(Gunzip, GivesTheContent) {
  const auto text = gunzip(gzip_of_zeros(), 1 << 20);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, std::string(100'000, '0'));
}

TEST(Gunzip, StopsAtItsLimit) {
  EXPECT_TRUE(gunzip(gzip_of_zeros(), 100'000));
  EXPECT_FALSE(gunzip(gzip_of_zeros(), 99'999));
  EXPECT_FALSE(gunzip(gzip_of_zeros(), 0));
}

TEST(Gunzip, RefusesTruncatedForeignAndTrailingBytes) {
  const std::string whole = gzip_of_zeros();
  for (size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(gunzip(whole.substr(0, length), 1 << 20)) << length;
  EXPECT_FALSE(gunzip("hello", 100));
  EXPECT_FALSE(gunzip(whole + "x", 1 << 20));
  std::string damaged = whole;
  damaged[damaged.size() - 5] ^= 1;  // the checksum
  EXPECT_FALSE(gunzip(damaged, 1 << 20));
}

TEST(Gzip, GivesWhatGunzipTakes) {
  for (const GzipEffort effort : {GzipEffort::least, GzipEffort::usual}) {
    for (const std::string& text : {std::string(), std::string("x"), std::string(300'000, 'a') + "end"}) {
      const auto back = gunzip(gzip(text, effort), 1 << 20);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_EQ(*back, text);
    }
    EXPECT_LT(gzip(std::string(300'000, 'a'), effort).size(), 2'000u);
  }
}

TEST(Gzip, GivesBackWhatCannotBeMadeShorter) {
  std::mt19937_64 random(7);
  for (const size_t size : {1u, 1'000u, 65'535u, 65'536u, 3'000'000u}) {
    std::string noise(size, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    for (const GzipEffort effort : {GzipEffort::least, GzipEffort::usual}) {
      const std::string packed = gzip(noise, effort);
      EXPECT_LT(packed.size(), size + size / 16 + 100);
      const auto back = gunzip(packed, 4 << 20);
      ASSERT_TRUE(back) << back.error().message;
      EXPECT_EQ(*back, noise);
    }
  }
}

}  // namespace
}  // namespace landfall::codec
