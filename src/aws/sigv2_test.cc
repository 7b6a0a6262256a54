// Vector: the example of the S3 guide (AKIAIOSFODNN7EXAMPLE; its older bucket name, johnsmith, is what it was
// signed for).
#include "aws/sigv2.h"

#include <gtest/gtest.h>

namespace landfall::aws::sigv2 {
namespace {

http::Request get(std::string target, std::string host) {
  return {.method = "GET", .target = std::move(target), .authority = std::move(host)};
}

std::string verdict(const http::Request& request, const char* secret, std::string_view bucket,
                    Timestamp now) {
  auto claim = sigv4::parse_claim(request, ErrorDialect::s3);
  if (!claim) return claim.error().code;
  auto error = sigv4::verify(request, *claim, Secret(secret),
                             {.dialect = ErrorDialect::s3, .now = now, .virtual_bucket = bucket});
  return error ? error->code + ": " + error->message : "accepted";
}

constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
constexpr char kExample[] =
    "/photos/"
    "puppy.jpg?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Signature=NpgCjnDzrM%2BWFzoENXmpNDUsSn8%3D&Expires="
    "1175139620";
constexpr Timestamp kExpires{1'175'139'620'000};

}  // namespace

TEST(SigV2, AcceptsTheGuidesQueryStringExampleUntilItExpires) {
  const auto request = get(kExample, "johnsmith.s3.amazonaws.com");
  EXPECT_EQ(verdict(request, kSecret, "johnsmith", kExpires), "accepted");
  EXPECT_EQ(verdict(request, kSecret, "johnsmith", kExpires.plus_seconds(1)),
            "AccessDenied: Request has expired");
  EXPECT_TRUE(verdict(request, kSecret, "another", kExpires).starts_with("SignatureDoesNotMatch"));
  EXPECT_TRUE(verdict(request, "guess", "johnsmith", kExpires).starts_with("SignatureDoesNotMatch"));
}

TEST(SigV2, RefusesIncompleteQueries) {
  EXPECT_EQ(verdict(get("/b/k?AWSAccessKeyId=A&Signature=s", "h"), kSecret, "", kExpires), "AccessDenied");
  EXPECT_EQ(verdict(get("/b/k?AWSAccessKeyId=A&Signature=s&Expires=soon", "h"), kSecret, "", kExpires),
            "AccessDenied");
}

TEST(SigV2, SignsSubresourcesAndAmzHeadersWhereverTheyStand) {
  http::Request request = get("/b/k?versionId=3&AWSAccessKeyId=A&x-amz-security-token=t&acl&other=1", "h");
  request.headers.add("X-Amz-Meta-A", "x");
  request.headers.add("Content-Type", "text/plain");
  EXPECT_EQ(string_to_sign(request, "9", ""),
            "GET\n\ntext/plain\n9\nx-amz-meta-a:x\nx-amz-security-token:t\n/b/k?acl&versionId=3");
}

}  // namespace landfall::aws::sigv2
