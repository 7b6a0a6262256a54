#include "services/cloudfront/dataplane/standard_log.h"

#include <gtest/gtest.h>

namespace landfall::cloudfront {
namespace {

DistributionSnapshot logged_to(const std::string& bucket, const std::string& prefix) {
  return {.id = "EMLARXS9EXAMPLE",
          .arn = "arn:aws:cloudfront::123456789012:distribution/EMLARXS9EXAMPLE",
          .logging = {.bucket = bucket, .prefix = prefix, .account = "123456789012"}};
}

std::string key(const std::string& prefix) {
  // 2019-11-14T20:00:00Z, as in the developer guide's example
  return delivery::object_key(standard_log_destination(logged_to("logs", prefix)).value(),
                              {1'573'761'600'000}, "00000000000000ff");
}

std::string encoded(std::string_view text) {
  std::string line;
  append_log_encoded(line, text);
  return line;
}

}  // namespace

TEST(StandardLog, ItsKeysAreTheDeveloperGuides) {
  EXPECT_EQ(key("example-prefix/"), "example-prefix/EMLARXS9EXAMPLE.2019-11-14-20.37000000.gz");
  EXPECT_EQ(key("example-prefix"), key("example-prefix/"));
  EXPECT_EQ(key(""), "EMLARXS9EXAMPLE.2019-11-14-20.37000000.gz");
}

TEST(StandardLog, IsWrittenByTheGrantOfTheDistributionsAccount) {
  const auto to = standard_log_destination(logged_to("logs", "")).value();
  EXPECT_EQ(to.writers, (std::vector<delivery::Writer>{{.account = "123456789012", .by_acl = true}}));
  EXPECT_TRUE(to.preamble.starts_with("#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip "));
  EXPECT_FALSE(standard_log_destination(logged_to("", "")));
}

TEST(StandardLog, WhatViewersSendIsEncoded) {
  EXPECT_EQ(encoded("Mozilla/5.0 (X11)"), "Mozilla/5.0%20(X11)");
  EXPECT_EQ(encoded("a\tb\"%<\xc3\xa9"), "a%09b%22%25%3C%C3%A9");
  EXPECT_EQ(encoded(""), "-");
}

}  // namespace landfall::cloudfront
