#include "base/clock.h"

#include <gtest/gtest.h>

#include <ctime>

namespace landfall {

TEST(Timestamp, FormatsAndParsesTheFormsThatAwsUses) {
  Timestamp t{1'440'938'160'000};
  EXPECT_EQ(format_basic_iso8601(t), "20150830T123600Z");
  EXPECT_EQ(format_iso8601(t), "2015-08-30T12:36:00Z");
  EXPECT_EQ(format_iso8601({t.unix_ms + 7}), "2015-08-30T12:36:00.007Z");
  EXPECT_EQ(format_http_date(t), "Sun, 30 Aug 2015 12:36:00 GMT");
  EXPECT_EQ(parse_iso8601("20150830T123600Z"), t);
  EXPECT_EQ(parse_iso8601("2015-08-30T12:36:00.000Z"), t);
  EXPECT_EQ(parse_iso8601("2015-08-30T14:36:00+02:00"), t);
  EXPECT_EQ(parse_http_date("Sun, 30 Aug 2015 12:36:00 GMT"), t);
}

TEST(Timestamp, AgreesWithTheCLibraryOnEveryDayOfACentury) {
  for (int64_t seconds = 0; seconds < int64_t{100} * 366 * 86'400; seconds += 86'400 + 61) {
    const time_t time = seconds;
    std::tm tm{};
    gmtime_r(&time, &tm);
    char text[64];
    std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    ASSERT_EQ(format_http_date({seconds * 1000}), text);
    ASSERT_EQ(parse_http_date(text), (Timestamp{seconds * 1000}));
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    ASSERT_EQ(format_iso8601({seconds * 1000}), text);
    ASSERT_EQ(parse_iso8601(text), (Timestamp{seconds * 1000}));
  }
}

TEST(Timestamp, RefusesWhatIsNoDate) {
  EXPECT_FALSE(parse_iso8601("yesterday"));
  EXPECT_FALSE(parse_iso8601("2015-13-30T12:36:00Z"));
  EXPECT_FALSE(parse_iso8601("2015-08-30T12:36:00Zx"));
  EXPECT_FALSE(parse_http_date("30 Aug 2015"));
}

}  // namespace landfall
