#include "services/s3/dataplane/address.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

TEST(Address, path_style_takes_the_bucket_from_the_path) {
  auto address = parse_address("127.0.0.1:4566", "/bucket/a%20b/c");
  EXPECT_EQ(address->bucket, "bucket");
  EXPECT_EQ(address->key, "a b/c");
  EXPECT_EQ(address->path, "/bucket/a%20b/c");
  EXPECT_EQ(parse_address("x", "/")->bucket, "");
  EXPECT_EQ(parse_address("x", "/bucket/")->path, "/bucket");
  EXPECT_EQ(parse_address("x", "/bucket//k")->key, "/k");
}

TEST(Address, virtual_hosted_style_takes_it_from_the_host) {
  for (const char* host :
       {"my.bucket.s3.us-east-1.amazonaws.com", "my.bucket.s3.amazonaws.com:443",
        "my.bucket.S3.dualstack.eu-west-1.amazonaws.com", "my.bucket.s3-us-west-2.amazonaws.com",
        "my.bucket.s3.localhost:4566", "my.bucket.localhost", "my.bucket.s3.localhost.localstack.cloud"}) {
    auto address = parse_address(host, "/k");
    EXPECT_EQ(address->bucket, "my.bucket") << host;
    EXPECT_EQ(address->key, "k") << host;
    EXPECT_EQ(address->path, "/my.bucket/k") << host;
  }
  for (const char* host : {"s3.us-east-1.amazonaws.com", "s3.amazonaws.com", "localhost:4566", "s3.localhost",
                           "[::1]:80", "10.0.0.1", "ec2.us-east-1.amazonaws.com", ""}) {
    EXPECT_FALSE(bucket_in_host(host)) << host;
  }
}

TEST(Address, an_s3_host_is_told_from_others) {
  EXPECT_TRUE(is_s3_host("s3.us-east-1.amazonaws.com"));
  EXPECT_TRUE(is_s3_host("b.s3.localhost:4566"));
  EXPECT_FALSE(is_s3_host("iam.amazonaws.com"));
  EXPECT_FALSE(is_s3_host("localhost:4566"));
}

TEST(Address, broken_paths_and_long_keys_are_refused) {
  EXPECT_EQ(parse_address("x", "/b/%zz").error().code, "InvalidURI");
  EXPECT_EQ(parse_address("x", "/b/%00").error().code, "InvalidURI");
  EXPECT_EQ(parse_address("x", "*").error().code, "InvalidURI");
  EXPECT_TRUE(parse_address("x", "/b/" + std::string(1024, 'k')));
  EXPECT_EQ(parse_address("x", "/b/" + std::string(1025, 'k')).error().code, "KeyTooLongError");
}

TEST(BucketName, follows_the_published_rules) {
  for (const char* good : {"abc", "a-b.c", "1.2.3", "0bucket9"})
    EXPECT_TRUE(is_valid_bucket_name(good)) << good;
  for (const char* bad :
       {"ab", "Abc", "a_b", "-ab", "ab-", ".ab", "a..b", "10.0.0.1", "xn--abc", "abc-s3alias", "a b"}) {
    EXPECT_FALSE(is_valid_bucket_name(bad)) << bad;
  }
  EXPECT_FALSE(is_valid_bucket_name(std::string(64, 'a')));
}

}  // namespace
}  // namespace landfall::s3
