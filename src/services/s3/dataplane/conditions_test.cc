#include "services/s3/dataplane/conditions.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

const Timestamp kModified = *parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT");

Verdict judge(std::initializer_list<http::Header> list, std::string_view prefix = "") {
  http::Headers headers;
  for (const auto& header : list) headers.add(header.name, header.value);
  return judge_read(headers, prefix, "abc", kModified.plus_seconds(0));
}

// RFC 9110 section 13.2.2, and what S3's GetObject page says of combinations.
TEST(Conditions, are_judged_in_the_order_of_the_rfc) {
  EXPECT_EQ(judge({}), Verdict::proceed);
  EXPECT_EQ(judge({{"If-Match", "\"abc\""}}), Verdict::proceed);
  EXPECT_EQ(judge({{"If-Match", "\"x\", \"abc\""}}), Verdict::proceed);
  EXPECT_EQ(judge({{"If-Match", "*"}}), Verdict::proceed);
  EXPECT_EQ(judge({{"If-Match", "\"x\""}}), Verdict::precondition_failed);
  EXPECT_EQ(judge({{"If-None-Match", "abc"}}), Verdict::not_modified);
  EXPECT_EQ(judge({{"If-None-Match", "W/\"abc\""}}), Verdict::not_modified);
  EXPECT_EQ(judge({{"If-Modified-Since", "Sun, 22 Nov 2026 10:00:00 GMT"}}), Verdict::not_modified);
  EXPECT_EQ(judge({{"If-Modified-Since", "Sun, 22 Nov 2026 09:59:59 GMT"}}), Verdict::proceed);
  EXPECT_EQ(judge({{"If-Unmodified-Since", "Sun, 22 Nov 2026 09:59:59 GMT"}}), Verdict::precondition_failed);
  EXPECT_EQ(judge({{"If-Match", "abc"}, {"If-Unmodified-Since", "Sun, 22 Nov 2026 09:59:59 GMT"}}),
            Verdict::proceed);
  EXPECT_EQ(judge({{"If-None-Match", "x"}, {"If-Modified-Since", "Sun, 22 Nov 2026 10:00:00 GMT"}}),
            Verdict::proceed);
  EXPECT_EQ(judge({{"If-Modified-Since", "yesterday"}}), Verdict::proceed)
      << "a date that does not parse is ignored";
  EXPECT_EQ(judge({{"x-amz-copy-source-if-match", "x"}}, "x-amz-copy-source-"), Verdict::precondition_failed);
}

// RFC 9110 section 14.1.2.
TEST(Ranges, are_cut_to_the_object) {
  ByteRange range;
  const auto parse = [&](std::string_view text, uint64_t size) { return parse_range(text, size, range); };
  EXPECT_EQ(parse("bytes=0-499", 10'000), RangeStatus::satisfiable);
  EXPECT_EQ(range.length, 500u);
  EXPECT_EQ(parse("bytes=9500-", 10'000), RangeStatus::satisfiable);
  EXPECT_EQ(range.first, 9500u);
  EXPECT_EQ(range.length, 500u);
  EXPECT_EQ(parse("bytes=-500", 10'000), RangeStatus::satisfiable);
  EXPECT_EQ(range.first, 9500u);
  EXPECT_EQ(parse("bytes=0-18446744073709551615", 10), RangeStatus::satisfiable);
  EXPECT_EQ(range.length, 10u);
  EXPECT_EQ(parse("bytes=10-", 10), RangeStatus::unsatisfiable);
  EXPECT_EQ(parse("bytes=-0", 10), RangeStatus::unsatisfiable);
  EXPECT_EQ(parse("bytes=0-", 0), RangeStatus::unsatisfiable);
  for (const char* ignored : {"bytes=5-2", "bytes=a-", "bytes=", "bytes=-", "bytes=1", "items=0-1",
                              "bytes=0-1,3-4", "bytes=99999999999999999999-", "bytes=1-x"}) {
    EXPECT_EQ(parse(ignored, 10), RangeStatus::none) << ignored;
  }
}

}  // namespace
}  // namespace landfall::s3
