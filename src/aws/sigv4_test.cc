// Vectors: AWS's published Signature Version 4 test suite (AKIDEXAMPLE) and the examples of the S3 API
// reference (AKIAIOSFODNN7EXAMPLE).
#include "aws/sigv4.h"

#include <gtest/gtest.h>

namespace landfall::aws::sigv4 {
namespace {

constexpr Timestamp kSuiteTime{1'440'938'160'000};  // 20150830T123600Z
const Secret kSuiteSecret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
constexpr Timestamp kS3Time{1'369'353'600'000};  // 20130524T000000Z
const Secret kS3Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

using Fields = std::vector<std::pair<std::string, std::string>>;

http::Request request(std::string method, std::string target, std::string authority,
                      const Fields& headers = {}) {
  http::Request r;
  r.method = std::move(method);
  r.target = std::move(target);
  r.authority = std::move(authority);
  for (const auto& [name, value] : headers) r.headers.add(name, value);
  return r;
}

struct SuiteCase {
  const char* name;
  const char* method;
  const char* target;
  Fields headers;
  const char* signed_headers;
  const char* body;
  const char* signature;
};

http::Request suite_request(const SuiteCase& c) {
  http::Request r = request(c.method, c.target, "example.amazonaws.com", c.headers);
  r.headers.add("X-Amz-Date", "20150830T123600Z");
  r.headers.add(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
          std::string(c.signed_headers) + ", Signature=" + c.signature);
  return r;
}

const std::vector<SuiteCase> kSuite = {
    {"get-vanilla",
     "GET",
     "/",
     {},
     "host;x-amz-date",
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-query-order-key-case",
     "GET",
     "/?Param2=value2&Param1=value1",
     {},
     "host;x-amz-date",
     "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-unreserved",
     "GET",
     "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     {},
     "host;x-amz-date",
     "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8",
     "GET",
     "/\u1234",
     {},
     "host;x-amz-date",
     "",
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-relative-relative",
     "GET",
     "/example1/example2/../..",
     {},
     "host;x-amz-date",
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slash-dot-slash",
     "GET",
     "/./",
     {},
     "host;x-amz-date",
     "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-slashes",
     "GET",
     "//example//",
     {},
     "host;x-amz-date",
     "",
     "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
    {"get-slash-pointless-dot",
     "GET",
     "/./example",
     {},
     "host;x-amz-date",
     "",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"},
    {"get-space",
     "GET",
     "/example space/",
     {},
     "host;x-amz-date",
     "",
     "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
    {"get-header-key-duplicate",
     "GET",
     "/",
     {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
     "host;my-header1;x-amz-date",
     "",
     "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-trim",
     "GET",
     "/",
     {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
     "host;my-header1;my-header2;x-amz-date",
     "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"post-vanilla",
     "POST",
     "/",
     {},
     "host;x-amz-date",
     "",
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-x-www-form-urlencoded",
     "POST",
     "/",
     {{"Content-Type", "application/x-www-form-urlencoded"}},
     "content-type;host;x-amz-date",
     "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
};

std::optional<AuthError> verify_suite(const http::Request& r, std::string_view body,
                                      Timestamp now = kSuiteTime,
                                      ErrorDialect dialect = ErrorDialect::query) {
  auto claim = parse_claim(r, dialect);
  if (!claim) return claim.error();
  const std::string hash = hex(sha256(body));
  constexpr std::string_view kRegions[] = {"us-east-1"};
  return verify(
      r, *claim, kSuiteSecret,
      {.dialect = dialect, .now = now, .regions = kRegions, .service = "service", .payload_hash = hash});
}

std::string code(const std::optional<AuthError>& error) { return error ? error->code : "accepted"; }

std::optional<AuthError> verify_s3(const http::Request& r, std::string_view payload_hash,
                                   Timestamp now = kS3Time) {
  auto claim = parse_claim(r, ErrorDialect::s3);
  if (!claim) return claim.error();
  constexpr std::string_view kRegions[] = {"us-east-1"};
  return verify(r, *claim, kS3Secret,
                {.dialect = ErrorDialect::s3,
                 .path_style = PathStyle::s3,
                 .now = now,
                 .regions = kRegions,
                 .service = "s3",
                 .payload_hash = payload_hash});
}

std::string s3_authorization(std::string_view signed_headers, std::string_view signature) {
  return "AWS4-HMAC-SHA256 "
         "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=" +
         std::string(signed_headers) + ",Signature=" + std::string(signature);
}

constexpr char kPresigned[] =
    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%"
    "2Fs3%2F"
    "aws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature="
    "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

}  // namespace

TEST(SigV4, AcceptsEveryCaseOfAwsTestSuite) {
  for (const SuiteCase& c : kSuite) {
    const http::Request r = suite_request(c);
    auto error = verify_suite(r, c.body);
    EXPECT_FALSE(error) << c.name << ": " << error->code << " " << error->message;
  }
}

TEST(SigV4, RefusesEverySuiteCaseWithOneBitChanged) {
  for (const SuiteCase& c : kSuite) {
    http::Request r = suite_request(c);
    EXPECT_EQ(code(verify_suite(r, std::string(c.body) + "x")), "SignatureDoesNotMatch") << c.name;
    r.method = "PUT";
    EXPECT_EQ(code(verify_suite(r, c.body)), "SignatureDoesNotMatch") << c.name;
  }
}

TEST(SigV4, AcceptsTheExamplesOfTheS3Reference) {
  const std::string empty(kEmptyPayloadHash);
  const std::string host = "examplebucket.s3.amazonaws.com";
  const Fields common = {{"x-amz-content-sha256", empty}, {"x-amz-date", "20130524T000000Z"}};

  auto get = request("GET", "/test.txt", host, common);
  get.headers.add("Range", "bytes=0-9");
  get.headers.add("Authorization",
                  s3_authorization("host;range;x-amz-content-sha256;x-amz-date",
                                   "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
  EXPECT_EQ(code(verify_s3(get, empty)), "accepted");

  const std::string body_hash = hex(sha256("Welcome to Amazon S3."));
  auto put = request("PUT", "/test%24file.text", host,
                     {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                      {"x-amz-date", "20130524T000000Z"},
                      {"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                      {"x-amz-content-sha256", body_hash}});
  put.headers.add("Authorization",
                  s3_authorization("date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                                   "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  EXPECT_EQ(code(verify_s3(put, body_hash)), "accepted");

  auto lifecycle = request("GET", "/?lifecycle", host, common);
  lifecycle.headers.add("Authorization",
                        s3_authorization("host;x-amz-content-sha256;x-amz-date",
                                         "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"));
  EXPECT_EQ(code(verify_s3(lifecycle, empty)), "accepted");

  auto list = request("GET", "/?max-keys=2&prefix=J", host, common);
  list.headers.add("Authorization",
                   s3_authorization("host;x-amz-content-sha256;x-amz-date",
                                    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
  EXPECT_EQ(code(verify_s3(list, empty)), "accepted");
}

TEST(SigV4, AcceptsThePresignedExampleUntilItExpiresAndNotBefore) {
  const auto r = request("GET", kPresigned, "examplebucket.s3.amazonaws.com");
  EXPECT_EQ(code(verify_s3(r, kUnsignedPayload, kS3Time)), "accepted");
  EXPECT_EQ(code(verify_s3(r, kUnsignedPayload, kS3Time.plus_seconds(86'400))), "accepted");
  auto late = verify_s3(r, kUnsignedPayload, kS3Time.plus_seconds(86'401));
  ASSERT_TRUE(late);
  EXPECT_EQ(late->code, "AccessDenied");
  EXPECT_EQ(late->message, "Request has expired");
  EXPECT_EQ(verify_s3(r, kUnsignedPayload, kS3Time.plus_seconds(-901))->message, "Request is not yet valid");
  auto other_key =
      request("GET", "/other" + std::string(kPresigned).substr(5), "examplebucket.s3.amazonaws.com");
  EXPECT_EQ(code(verify_s3(other_key, kUnsignedPayload)), "SignatureDoesNotMatch");
}

TEST(SigV4, ChecksTheExpiryParameterOfAPresignedRequest) {
  auto with_expires = [](const std::string& value) {
    std::string target = kPresigned;
    target.replace(target.find("86400"), 5, value);
    auto claim = parse_claim(request("GET", target, "examplebucket.s3.amazonaws.com"), ErrorDialect::s3);
    return claim ? "parsed" : claim.error().message;
  };
  EXPECT_EQ(with_expires("604800"), "parsed");
  EXPECT_TRUE(with_expires("604801").starts_with("X-Amz-Expires must be less than a week"));
  EXPECT_TRUE(with_expires("99999999999999999999999").starts_with("X-Amz-Expires must be less than a week"));
  EXPECT_EQ(with_expires("-1"), "X-Amz-Expires must be non-negative");
  EXPECT_EQ(with_expires("soon"), "X-Amz-Expires should be a number");
}

TEST(SigV4, RefusesARequestOutsideFifteenMinutes) {
  const http::Request r = suite_request(kSuite[0]);
  EXPECT_EQ(code(verify_suite(r, "", kSuiteTime.plus_seconds(900))), "accepted");
  EXPECT_EQ(code(verify_suite(r, "", kSuiteTime.plus_seconds(-900))), "accepted");
  auto late = verify_suite(r, "", kSuiteTime.plus_seconds(901));
  EXPECT_EQ(late->code, "SignatureDoesNotMatch");
  EXPECT_EQ(late->message,
            "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T125101Z - 15 "
            "min.)");
  EXPECT_TRUE(
      verify_suite(r, "", kSuiteTime.plus_seconds(-901))->message.starts_with("Signature not yet current"));
  EXPECT_EQ(verify_suite(r, "", kSuiteTime.plus_seconds(901), ErrorDialect::json)->code,
            "InvalidSignatureException");
  EXPECT_EQ(verify_suite(r, "", kSuiteTime.plus_seconds(901), ErrorDialect::s3)->code,
            "RequestTimeTooSkewed");
  EXPECT_EQ(verify_suite(r, "", kSuiteTime.plus_seconds(901), ErrorDialect::ec2)->code, "RequestExpired");
}

TEST(SigV4, RefusesACredentialScopeForAnotherRegionServiceOrDay) {
  auto scoped = [](const std::string& scope, ErrorDialect dialect) {
    http::Request r = suite_request(kSuite[0]);
    r.headers.set("Authorization", "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/" + scope +
                                       ", SignedHeaders=host;x-amz-date, Signature=" + kSuite[0].signature);
    return *verify_suite(r, "", kSuiteTime, dialect);
  };
  const std::string elsewhere = "20150830/eu-west-1/service/aws4_request";
  EXPECT_EQ(scoped(elsewhere, ErrorDialect::query).message,
            "Credential should be scoped to a valid region, not 'eu-west-1'. ");
  EXPECT_EQ(scoped(elsewhere, ErrorDialect::s3).message,
            "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-east-1'");
  EXPECT_EQ(scoped("20150830/us-east-1/iam/aws4_request", ErrorDialect::query).message,
            "Credential should be scoped to correct service: 'service'. ");
  EXPECT_TRUE(scoped("20150829/us-east-1/service/aws4_request", ErrorDialect::query)
                  .message.starts_with("Date in Credential scope does not match"));
  EXPECT_EQ(scoped("20150830/us-east-1/service/aws5_request", ErrorDialect::query).code,
            "IncompleteSignature");
  EXPECT_EQ(scoped("20150830/us-east-1/service", ErrorDialect::s3).code, "AuthorizationHeaderMalformed");
}

TEST(SigV4, RefusesUnsignedHostAndUnsignedAmzHeaders) {
  http::Request extra = suite_request(kSuite[0]);
  extra.headers.add("X-Amz-Target", "Something.Else");
  EXPECT_EQ(code(verify_suite(extra, "")), "SignatureDoesNotMatch");
  EXPECT_EQ(verify_suite(extra, "", kSuiteTime, ErrorDialect::s3)->details[0].second, "x-amz-target");
  http::Request no_host = suite_request(kSuite[0]);
  no_host.headers.set("Authorization",
                      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                      "SignedHeaders=x-amz-date, Signature=" +
                          std::string(64, 'a'));
  EXPECT_NE(verify_suite(no_host, "")->message.find("'Host'"), std::string::npos);
}

TEST(SigV4, NamesTheRefusalOfMalformedHeaders) {
  auto with = [](const char* authorization, ErrorDialect dialect) {
    http::Request r = request("GET", "/", "h", {{"X-Amz-Date", "20150830T123600Z"}});
    r.headers.add("Authorization", authorization);
    auto claim = parse_claim(r, dialect);
    return claim ? "parsed" : claim.error().code;
  };
  EXPECT_EQ(with("AWS4-HMAC-SHA256", ErrorDialect::query), "IncompleteSignature");
  EXPECT_EQ(with("AWS4-HMAC-SHA256 Credential=a/b, Signature=x", ErrorDialect::json),
            "IncompleteSignatureException");
  EXPECT_EQ(with("Basic dXNlcjpwdw==", ErrorDialect::s3), "InvalidRequest");
  EXPECT_EQ(with("AWS AKID:sig", ErrorDialect::s3), "InvalidRequest");
  EXPECT_EQ(with("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host;a, Signature=x",
                 ErrorDialect::s3),
            "AuthorizationHeaderMalformed");
  EXPECT_EQ(with("AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=a;host, Signature=x",
                 ErrorDialect::s3),
            "SignatureDoesNotMatch");
  auto unsigned_request = parse_claim(request("GET", "/?list-type=2", "h"), ErrorDialect::s3);
  ASSERT_TRUE(unsigned_request);
  EXPECT_EQ(unsigned_request->form, ClaimForm::none);
}

TEST(SigV4, GivesS3ClientsTheStringToSignAndCanonicalRequest) {
  auto r = request("GET", kPresigned, "other.s3.amazonaws.com");
  auto error = verify_s3(r, kUnsignedPayload);
  ASSERT_TRUE(error);
  ASSERT_EQ(error->details.size(), 4u);
  EXPECT_EQ(error->details[0],
            std::make_pair(std::string("AWSAccessKeyId"), std::string("AKIAIOSFODNN7EXAMPLE")));
  EXPECT_TRUE(error->details[1].second.starts_with("AWS4-HMAC-SHA256\n20130524T000000Z\n"));
  EXPECT_TRUE(error->details[3].second.starts_with("GET\n/test.txt\nX-Amz-Algorithm="));
}

TEST(SigV4, EscapesS3PathsOnceAndOthersTwice) {
  auto canonical = [](PathStyle style) {
    std::string out;
    append_canonical_request(out, request("GET", "/a%20b/%7E//c/../d+e?q=a+b&Q=%7e&empty", "h"),
                             {.path_style = style, .signed_headers = "host", .payload_hash = "P"});
    return out;
  };
  EXPECT_EQ(canonical(PathStyle::s3), "GET\n/a%20b/~//c/../d%2Be\nQ=~&empty=&q=a%20b\nhost:h\n\nhost\nP");
  EXPECT_EQ(canonical(PathStyle::standard),
            "GET\n/a%2520b/%257E/d%2Be\nQ=~&empty=&q=a%20b\nhost:h\n\nhost\nP");
}

TEST(SigV4, VerifiesWhatItSigns) {
  SigningKeyCache cache;
  for (int round = 0; round < 2; ++round) {
    http::Request r = request("PUT", "/key%20with/../dots", "bucket.s3.us-east-1.amazonaws.com",
                              {{"Content-Type", "text/plain"}, {"x-amz-meta-a", "  b   c "}});
    sign(r, {"AKIAIOSFODNN7EXAMPLE", kS3Secret, "token/+="},
         {.region = "us-east-1",
          .service = "s3",
          .path_style = PathStyle::s3,
          .now = kS3Time,
          .keys = &cache});
    EXPECT_EQ(code(verify_s3(r, kEmptyPayloadHash)), "accepted");
    EXPECT_EQ(parse_claim(r, ErrorDialect::s3)->security_token, "token/+=");
    r.headers.set("x-amz-meta-a", "b d");
    EXPECT_EQ(code(verify_s3(r, kEmptyPayloadHash)), "SignatureDoesNotMatch");
  }
  http::Request p = request("GET", "/k?versionId=3", "bucket.s3.us-east-1.amazonaws.com");
  presign(p, {"AKIAIOSFODNN7EXAMPLE", kS3Secret, "token/+="},
          {.region = "us-east-1", .service = "s3", .path_style = PathStyle::s3, .now = kS3Time}, 60);
  EXPECT_EQ(code(verify_s3(p, kUnsignedPayload, kS3Time.plus_seconds(60))), "accepted");
  EXPECT_EQ(parse_claim(p, ErrorDialect::s3)->security_token, "token/+=");
}

TEST(SigV4, ACachedKeyIsNeverUsedForAnotherSecret) {
  SigningKeyCache cache;
  for (int i = 0; i < 300; ++i) {
    const Secret secret("secret" + std::to_string(i % 100));
    const std::string day = std::to_string(20150830 + i % 3);
    const Scope scope{day, "us-east-1", "s3"};
    EXPECT_EQ(cache.get(secret, scope).mac("text"),
              hmac_sha256(as_bytes(derive_signing_key(secret, scope)), "text"));
  }
}

TEST(SigV4, ReadsHowTheBodyIsProtected) {
  auto kind = [](std::string value) {
    auto claim = payload_claim(request("PUT", "/", "h", {{"x-amz-content-sha256", std::move(value)}}),
                               ClaimForm::header);
    return claim ? static_cast<int>(claim->kind) : -1;
  };
  EXPECT_EQ(kind("UNSIGNED-PAYLOAD"), static_cast<int>(PayloadKind::unsigned_payload));
  EXPECT_EQ(kind(std::string(kEmptyPayloadHash)), static_cast<int>(PayloadKind::whole_hash));
  EXPECT_EQ(kind("STREAMING-UNSIGNED-PAYLOAD-TRAILER"),
            static_cast<int>(PayloadKind::streaming_unsigned_trailer));
  EXPECT_EQ(kind("nonsense"), -1);
  EXPECT_EQ(payload_claim(request("PUT", "/", "h"), ClaimForm::header).error().code, "InvalidRequest");
  EXPECT_TRUE(payload_claim(request("GET", "/", "h"), ClaimForm::presigned));
}

}  // namespace landfall::aws::sigv4
