#include "services/cloudformation/template_url.h"

#include <gtest/gtest.h>

#include "gateway/call.h"

namespace landfall::cloudformation {

TEST(TemplateUrl, NamesABucketInItsHostOrItsPath) {
  for (const char* url :
       {"https://b.s3.us-east-1.amazonaws.com/a/key.yaml", "https://b.s3.amazonaws.com/a/key.yaml",
        "https://s3.us-east-1.amazonaws.com/b/a/key.yaml", "https://s3.amazonaws.com/b/a/key.yaml",
        "http://127.0.0.1:4566/b/a/key.yaml", "http://localhost/b/a/key.yaml"})
    EXPECT_EQ(place_of(url).path, "/b/a/key.yaml") << url;
  EXPECT_EQ(place_of("https://b.c.s3.eu-west-1.amazonaws.com/k?versionId=7").path, "/b.c/k");
  EXPECT_EQ(place_of("https://b.c.s3.eu-west-1.amazonaws.com/k?versionId=7").query, "versionId=7");
}

TEST(TemplateUrl, ThatIsNotS3sIsRefused) {
  for (const char* url :
       {"", "b/key", "ftp://b.s3.amazonaws.com/k", "https://example.com/b/k", "https://.s3.amazonaws.com/k",
        "https://ec2.amazonaws.com/b/k", "https://s3.amazonaws.com/b", "https://s3.amazonaws.com/b/",
        "https://s3.amazonaws.com//k", "https://s3.amazonaws.com/b/k?acl", "https://b.s3.amazonaws.com"})
    EXPECT_THROW(place_of(url), ServiceError) << url;
}

// What follows is the target of control's request to S3.
TEST(TemplateUrl, CannotBeMoreThanATarget) {
  for (const std::string& url :
       {std::string("https://s3.amazonaws.com/b/k HTTP/1.1\r\nx-amz-acl: public-read\r\n\r\n"),
        std::string("https://s3.amazonaws.com/b/k\r\nhost: other"),
        std::string("https://s3.amazonaws.com/b/k k"),
        std::string("https://s3.amazonaws.com/b/k?versionId=1\r\nx: y"),
        std::string("https://b?c.s3.amazonaws.com/k"), std::string("https://b#c.s3.amazonaws.com/k"),
        std::string("https://s3.amazonaws.com/b/k\0", 31),
        std::string("http://\t\xff?.s3..amazonaws.com/\xf2")})
    EXPECT_THROW(place_of(url), ServiceError) << url;
}

}  // namespace landfall::cloudformation
