#include "cli/api_client.h"

#include <gtest/gtest.h>

#include "cli/local_client.h"

namespace landfall::cli {
namespace {

TEST(PercentEncode, KeepsUnreservedCharactersOnly) {
  EXPECT_EQ(percent_encode("a-b._~ü/ +"), "a-b._~%C3%BC%2F%20%2B");
  EXPECT_EQ(percent_encode("a/b", "/"), "a/b");
}

TEST(DescribeError, FindsCodeAndMessageInEveryXmlForm) {
  EXPECT_EQ(describe_error({404, {}, "<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"}),
            "NoSuchKey: gone");
  EXPECT_EQ(describe_error({400,
                            {},
                            "<ErrorResponse><Error><Type>Sender</Type><Code>V</Code><Message>m</Message></"
                            "Error></ErrorResponse>"}),
            "V: m");
  EXPECT_EQ(describe_error({502, {}, "no XML"}), "HTTP 502: no XML");
}

TEST(Unchunk, JoinsChunksAndRefusesCutOnes) {
  EXPECT_EQ(unchunk("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n"), std::string("abc0123456789"));
  EXPECT_FALSE(unchunk("5\r\nabc"));
  EXPECT_FALSE(unchunk(""));
}

}  // namespace
}  // namespace landfall::cli
