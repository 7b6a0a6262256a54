#include "services/cloudfront/dataplane/response_policy.h"

#include <gtest/gtest.h>

namespace landfall::cloudfront {
namespace {

class ResponsePolicyTest : public ::testing::Test {
 protected:
  std::string value(const char* name) { return std::string(headers_.get(name).value_or("(none)")); }
  void apply() { apply_response_policy(headers_, behavior_, viewer_); }

  BehaviorSnapshot behavior_{
      .cors = CorsSnapshot{.override_origin = false,
                           .origins = {"https://*.example.com", "http://a.test:*", "plain.test"},
                           .methods = "GET, PUT",
                           .headers = "X-A",
                           .exposed = "X-B",
                           .max_age_seconds = 60}};
  http::Headers headers_;
  http::Request viewer_{.method = "GET"};
};

TEST_F(ResponsePolicyTest, cors_is_for_requests_with_an_origin_that_matches) {
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "(none)") << "not a CORS request";
  viewer_.headers.add("Origin", "https://evil.test");
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "(none)");
  viewer_.headers.set("Origin", "https://www.example.com");
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "https://www.example.com");
  EXPECT_EQ(value("vary"), "Origin");
  EXPECT_EQ(value("access-control-expose-headers"), "X-B");
  EXPECT_EQ(value("access-control-allow-methods"), "(none)") << "that is for preflights";
  EXPECT_EQ(value("access-control-allow-credentials"), "(none)");
}

TEST_F(ResponsePolicyTest, a_preflight_hears_what_may_be_asked) {
  viewer_.method = "OPTIONS";
  viewer_.headers.add("Origin", "http://a.test:8080");
  viewer_.headers.add("Access-Control-Request-Method", "PUT");
  behavior_.cors->credentials = true;
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "http://a.test:8080");
  EXPECT_EQ(value("access-control-allow-methods"), "GET, PUT");
  EXPECT_EQ(value("access-control-allow-headers"), "X-A");
  EXPECT_EQ(value("access-control-max-age"), "60");
  EXPECT_EQ(value("access-control-allow-credentials"), "true");
  EXPECT_EQ(value("access-control-expose-headers"), "(none)");
}

TEST_F(ResponsePolicyTest, without_override_any_cors_header_of_the_origins_keeps_the_policys_away) {
  viewer_.headers.add("Origin", "https://www.example.com");
  headers_.add("Access-Control-Max-Age", "5");
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "(none)");
  headers_.set("Access-Control-Allow-Origin", "*");
  behavior_.cors->override_origin = true;
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "https://www.example.com");
  EXPECT_EQ(value("access-control-max-age"), "5") << "not in the policy's answer to this request";
}

TEST_F(ResponsePolicyTest, everybody_gets_a_star) {
  behavior_.cors->origins = {"*"};
  viewer_.headers.add("Origin", "null");
  apply();
  EXPECT_EQ(value("access-control-allow-origin"), "*");
  EXPECT_EQ(value("vary"), "(none)");
}

TEST(OriginMatches, schemes_hosts_and_ports) {
  EXPECT_TRUE(origin_matches("https://*.example.com", "https://a.b.example.com"));
  EXPECT_FALSE(origin_matches("https://*.example.com", "https://example.com"));
  EXPECT_FALSE(origin_matches("https://*.example.com", "https://evil.com/.example.com.evil"));
  EXPECT_TRUE(origin_matches("http*://example.com", "https://example.com"));
  EXPECT_TRUE(origin_matches("example.com", "http://example.com"));
  EXPECT_FALSE(origin_matches("example.com", "http://notexample.com"));
  EXPECT_FALSE(origin_matches("http://example.com", "http://example.com:81"));
}

TEST_F(ResponsePolicyTest, what_is_removed_may_come_back_by_the_policy_itself) {
  behavior_.removed_headers = {"server", "x-powered-by"};
  behavior_.response_headers = {{"Server", "mine", false}};
  headers_.add("Server", "nginx");
  headers_.add("X-Powered-By", "php");
  headers_.add("X-Kept", "y");
  apply();
  EXPECT_EQ(value("server"), "mine");
  EXPECT_EQ(value("x-powered-by"), "(none)");
  EXPECT_EQ(value("x-kept"), "y");
}

TEST(ServerTiming, tells_hits_from_misses) {
  EXPECT_EQ(server_timing({.result = CacheResult::hit, .downstream_ms = 3, .pop = "P", .request_id = "r="}),
            "cdn-cache-hit,cdn-pop;desc=\"P\",cdn-rid;desc=\"r=\",cdn-hit-layer;desc=\"EDGE\",cdn-downstream-"
            "fbl;dur=3");
  EXPECT_EQ(
      server_timing(
          {.result = CacheResult::miss, .upstream_ms = 2, .downstream_ms = 3, .pop = "P", .request_id = "r"}),
      "cdn-upstream-layer;desc=\"EDGE\",cdn-upstream-fbl;dur=2,cdn-cache-miss,cdn-pop;desc=\"P\",cdn-rid;"
      "desc=\"r\",cdn-downstream-fbl;dur=3");
}

}  // namespace
}  // namespace landfall::cloudfront
