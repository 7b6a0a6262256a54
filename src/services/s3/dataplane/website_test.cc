#include "services/s3/dataplane/website.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

TEST(Website, the_bucket_is_in_the_host_name) {
  EXPECT_EQ(website_bucket("my.site.s3-website-us-east-1.amazonaws.com:80"), "my.site");
  EXPECT_EQ(website_bucket("b.S3-Website.eu-central-1.amazonaws.com"), "b");
  EXPECT_EQ(website_bucket("b.s3.us-east-1.amazonaws.com"), std::nullopt);
  EXPECT_EQ(website_bucket("b.s3-website-us-east-1.example.com"), std::nullopt);
}

TEST(Website, rules_match_by_prefix_and_error) {
  BucketRecord bucket;
  bucket.configuration[kWebsiteConfiguration] =
      "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument><RoutingRules>"
      "<RoutingRule><Condition><KeyPrefixEquals>docs/</KeyPrefixEquals></Condition>"
      "<Redirect><ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith></Redirect></RoutingRule>"
      "<RoutingRule><Condition><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals></Condition>"
      "<Redirect><HostName>other.example</HostName><ReplaceKeyWith>gone</ReplaceKeyWith>"
      "<HttpRedirectCode>302</HttpRedirectCode></Redirect></RoutingRule></RoutingRules></"
      "WebsiteConfiguration>";
  const auto website = website_of(bucket);
  ASSERT_TRUE(website);
  EXPECT_EQ(website->index_suffix, "index.html");
  const WebsiteRule* docs = find_rule(*website, "docs/a b", "");
  ASSERT_NE(docs, nullptr);
  EXPECT_EQ(location_of(docs->redirect, docs->prefix, "docs/a b", "h", false), "http://h/documents/a%20b");
  EXPECT_EQ(find_rule(*website, "other", ""), nullptr);
  const WebsiteRule* missing = find_rule(*website, "other", "404");
  ASSERT_NE(missing, nullptr);
  EXPECT_EQ(location_of(missing->redirect, missing->prefix, "other", "h", true),
            "https://other.example/gone");
}

}  // namespace
}  // namespace landfall::s3
