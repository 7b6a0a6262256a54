// The shapes are those of AWS's example:
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
#include "services/cloudfront/dataplane/function_event.h"

#include <gtest/gtest.h>

#include "services/cloudfront/dataplane/answer.h"

namespace landfall::cloudfront {
namespace {

class FunctionEventTest : public ::testing::Test {
 protected:
  FunctionEventTest() {
    viewer_ = {.method = "GET",
               .target = "/media/index.mpd?ID=42&TTL=&NoValue&querymv=val1&querymv=val2%2Cval3",
               .authority = "video.example.com"};
    viewer_.headers.add("Host", "video.example.com");
    viewer_.headers.add("Accept", "text/html");
    viewer_.headers.add("accept", "application/xhtml+xml");
    viewer_.headers.add("Connection", "keep-alive, X-Hop");
    viewer_.headers.add("X-Hop", "1");
    viewer_.headers.add("Cookie", "id=CookieIdValue; loggedIn=false; id=2");
    viewer_.peer.address = "192.0.2.1";
  }
  std::string request_after(const std::string& result) {
    const auto verdict = request_verdict(result, viewer_);
    if (!verdict) return "error: " + verdict.error().message;
    const auto* request = std::get_if<http::Request>(&*verdict);
    if (request == nullptr) return "a response";
    std::string out = request->target;
    for (const auto& header : request->headers)
      out.append("|").append(header.name).append("=").append(header.value);
    return out;
  }
  static bool fails(const std::string& text) { return text.starts_with("error: "); }

  http::Request viewer_;
};

TEST_F(FunctionEventTest, a_request_is_shown_as_aws_shows_it) {
  EXPECT_EQ(
      viewer_request_event({"d1.cloudfront.net", "E1", "r"}, viewer_),
      R"({"version":"1.0","context":{"distributionDomainName":"d1.cloudfront.net","distributionId":"E1","eventType":"viewer-request","requestId":"r"},)"
      R"("viewer":{"ip":"192.0.2.1"},"request":{"method":"GET","uri":"/media/index.mpd",)"
      R"("querystring":{"ID":{"value":"42"},"TTL":{"value":""},"NoValue":{"value":""},"querymv":{"value":"val1","multiValue":[{"value":"val1"},{"value":"val2%2Cval3"}]}},)"
      R"("headers":{"host":{"value":"video.example.com"},"accept":{"value":"text/html","multiValue":[{"value":"text/html"},{"value":"application/xhtml+xml"}]}},)"
      R"("cookies":{"id":{"value":"CookieIdValue","multiValue":[{"value":"CookieIdValue"},{"value":"2"}]},"loggedIn":{"value":"false"}}}})");
}

TEST_F(FunctionEventTest, a_response_has_its_cookies_apart) {
  http::Response response{.status = 200};
  response.headers.add("Server", "s");
  response.headers.add("Set-Cookie", "ID=id1234; Expires=Wed, 05 Apr 2021 07:28:00 GMT");
  response.headers.add("set-cookie", "ID=id5678");
  const std::string event = viewer_response_event({}, viewer_, response);
  EXPECT_NE(
      event.find(
          R"("response":{"statusCode":200,"statusDescription":"OK","headers":{"server":{"value":"s"}},)"
          R"("cookies":{"ID":{"value":"id1234","attributes":"Expires=Wed, 05 Apr 2021 07:28:00 GMT",)"
          R"("multiValue":[{"value":"id1234","attributes":"Expires=Wed, 05 Apr 2021 07:28:00 GMT"},{"value":"id5678"}]}}})"),
      std::string::npos)
      << event;
}

TEST_F(FunctionEventTest, an_unchanged_query_string_stays_as_it_was_written) {
  const std::string event = viewer_request_event({}, viewer_);
  const std::string request =
      event.substr(event.find("\"request\":") + 10, event.size() - event.find("\"request\":") - 11);
  EXPECT_EQ(request_after(request),
            viewer_.target +
                "|accept=text/html|accept=application/"
                "xhtml+xml|host=video.example.com|Cookie=id=CookieIdValue; id=2; loggedIn=false");
}

TEST_F(FunctionEventTest, what_cannot_stand_in_a_request_line_is_escaped) {
  EXPECT_EQ(request_after(R"({"method":"GET","uri":"/a b?c#é%20","querystring":{"x&y":{"value":"1 2"}}})")
                .substr(0, 39),
            "/a%20b%3Fc%23%C3%A9%20?x%26y=1%202|host");
}

TEST_F(FunctionEventTest, a_function_cannot_break_the_rules) {
  const auto with_header = [&](const std::string& header) {
    return request_after(R"({"method":"GET","uri":"/","headers":{)" + header + "}}");
  };
  EXPECT_FALSE(fails(with_header(R"("x-a":{"value":"b"},"host":{"value":"video.example.com"})")));
  EXPECT_TRUE(fails(with_header(R"("host":{"value":"evil.example.com"})")));
  EXPECT_TRUE(fails(with_header(R"("via":{"value":"x"})")));
  EXPECT_TRUE(fails(with_header(R"("transfer-encoding":{"value":"chunked"})")));
  EXPECT_TRUE(fails(with_header(R"("connection":{"value":"close"})")));
  EXPECT_TRUE(fails(with_header(R"("x-amz-cf-id":{"value":"x"})")));
  EXPECT_TRUE(fails(with_header(R"("x-a":{"value":"b\r\nx-c: d"})")));
  EXPECT_TRUE(fails(with_header(R"("x a":{"value":"b"})")));
  EXPECT_TRUE(fails(with_header(R"("x-a":{"value":1})")));
  EXPECT_TRUE(fails(with_header(R"("x-a":"b")")));
  EXPECT_TRUE(fails(request_after(R"({"method":"POST","uri":"/"})")));
  EXPECT_TRUE(fails(request_after(R"({"method":"GET","uri":"a"})")));
  EXPECT_TRUE(fails(request_after(R"({"method":"GET","uri":"/\n"})")));
  EXPECT_TRUE(fails(request_after(R"({"method":"GET","uri":"/","cookies":{"a":{"value":"b; c=d"}}})")));
  EXPECT_TRUE(fails(request_after(R"({"statusCode":99})")));
  EXPECT_TRUE(fails(request_after(R"({"statusCode":"200"})")));
  EXPECT_TRUE(fails(request_after(R"({"statusCode":200,"body":{"encoding":"base64","data":"%"}})")));
  EXPECT_TRUE(fails(request_after("[]")));
  EXPECT_TRUE(fails(request_after("undefined")));
}

TEST_F(FunctionEventTest, a_response_keeps_what_is_read_only_and_gets_its_cookies_back) {
  http::Response before{.status = 200};
  before.headers.add("Via", "1.1 x");
  before.headers.add("Set-Cookie", "a=1; Path=/");
  const auto after = response_verdict(
      R"({"statusCode":404,"headers":{"via":{"value":"1.1 x"},"x-a":{"value":"b"}},"cookies":{"a":{"value":"1","attributes":"Path=/"}}})",
      before);
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->status, 404);
  EXPECT_FALSE(after->body);
  EXPECT_EQ(lines_of(after->headers), "x-a: b\r\nvia: 1.1 x\r\nSet-Cookie: a=1; Path=/\r\n");
  EXPECT_FALSE(response_verdict(R"({"statusCode":200,"headers":{"via":{"value":"other"}}})", before));
}

}  // namespace
}  // namespace landfall::cloudfront
