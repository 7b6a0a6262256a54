#include "base/encoding.h"

#include <gtest/gtest.h>

namespace landfall {

TEST(Base64, EncodesTheVectorsOfRfc4648Section10) {
  EXPECT_EQ(to_base64(""), "");
  EXPECT_EQ(to_base64("f"), "Zg==");
  EXPECT_EQ(to_base64("fo"), "Zm8=");
  EXPECT_EQ(to_base64("foo"), "Zm9v");
  EXPECT_EQ(to_base64("foobar"), "Zm9vYmFy");
}

TEST(Base64, DecodesWhatItEncodesAndRefusesTheRest) {
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"})
    EXPECT_EQ(from_base64(to_base64(text)), text);
  EXPECT_FALSE(from_base64("Zg"));
  EXPECT_FALSE(from_base64("Zg=a"));
  EXPECT_FALSE(from_base64("Z!=="));
  EXPECT_FALSE(from_base64("===="));
}

TEST(Hex, RoundTripsAndRefusesOddLengthsAndOtherLetters) {
  EXPECT_EQ(from_hex("00ff").value(), std::string("\0\xff", 2));
  EXPECT_FALSE(from_hex("0"));
  EXPECT_FALSE(from_hex("zz"));
}

}  // namespace landfall
