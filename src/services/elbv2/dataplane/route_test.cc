#include "services/elbv2/dataplane/route.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "services/elbv2/dataplane/pattern.h"
#include "services/elbv2/dataplane/tls_policy.h"

namespace landfall::elbv2::dataplane {
namespace {

TEST(Pattern, MatchesWildcards) {
  EXPECT_TRUE(matches_wildcard("*.example.com", "api.EXAMPLE.com", Case::ignored));
  EXPECT_FALSE(matches_wildcard("*.example.com", "example.com", Case::ignored));
  EXPECT_TRUE(matches_wildcard("/img/*/pics", "/img/a/b/pics", Case::sensitive));
  EXPECT_FALSE(matches_wildcard("/IMG/*", "/img/a", Case::sensitive));
  EXPECT_TRUE(matches_wildcard("a?c", "abc", Case::sensitive));
  EXPECT_FALSE(matches_wildcard("a?c", "ac", Case::sensitive));
  EXPECT_TRUE(matches_wildcard("*a*b", "xaxxab", Case::sensitive));
  EXPECT_TRUE(matches_wildcard("*", "", Case::sensitive));
  EXPECT_FALSE(matches_wildcard("", "a", Case::sensitive));
}

TEST(Pattern, KnowsWhichBlockAnAddressIsIn) {
  EXPECT_TRUE(in_cidr("10.0.0.0/8", "10.255.1.1"));
  EXPECT_FALSE(in_cidr("10.0.0.0/9", "10.255.1.1"));
  EXPECT_TRUE(in_cidr("0.0.0.0/0", "1.2.3.4"));
  EXPECT_TRUE(in_cidr("10.0.0.7/32", "10.0.0.7"));
  EXPECT_TRUE(in_cidr("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(in_cidr("2001:db8::/33", "2001:db8:8000::1"));
  EXPECT_FALSE(in_cidr("10.0.0.0/33", "10.0.0.1"));
  EXPECT_FALSE(in_cidr("::/0", "10.0.0.1"));
  EXPECT_FALSE(in_cidr("nonsense", "10.0.0.1"));
}

TEST(Pattern, MatchesHealthCheckCodes) {
  EXPECT_TRUE(matches_codes("200", 200));
  EXPECT_TRUE(matches_codes("200,301-302", 302));
  EXPECT_FALSE(matches_codes("200,301-302", 303));
  EXPECT_FALSE(matches_codes("", 200));
}

class RouteTest : public ::testing::Test {
 protected:
  void rule(int64_t priority, std::vector<ConditionSnapshot> conditions) {
    listener_.rules.insert(
        listener_.rules.begin(),
        Rule{{.arn = std::to_string(priority), .priority = priority, .conditions = std::move(conditions)},
             {}});
    std::ranges::sort(listener_.rules.begin(), listener_.rules.end() - 1, {},
                      [](const Rule& r) { return r.snapshot.priority; });
  }
  std::string routed(std::string_view text, std::string_view client = "10.1.2.3") {
    http1::RequestParser parser;
    EXPECT_EQ(parser.parse(text), http1::ParseStatus::complete);
    int evaluated = 0;
    const Rule& found = route({parser.head(), client}, listener_, evaluated);
    return found.snapshot.arn.empty() ? "default" : found.snapshot.arn;
  }
  ListenerConfig listener_{.rules = {Rule{}}};
};

TEST_F(RouteTest, TakesTheFirstRuleByPriorityWhoseConditionsAllHold) {
  rule(10, {{.field = "path-pattern", .values = {"/api/*"}}});
  rule(5, {{.field = "path-pattern", .values = {"/api/*"}},
           {.field = "host-header", .values = {"a.example", "*.b.example"}}});
  EXPECT_EQ(routed("GET /api/x HTTP/1.1\r\nHost: x.B.example:8080\r\n\r\n"), "5");
  EXPECT_EQ(routed("GET /api/x HTTP/1.1\r\nHost: c\r\n\r\n"), "10");
  EXPECT_EQ(routed("GET /?p=/api/x HTTP/1.1\r\nHost: c\r\n\r\n"), "default");
}

TEST_F(RouteTest, LooksAtMethodHeaderQueryAndSource) {
  rule(1, {{.field = "http-request-method", .values = {"PUT"}}});
  rule(2, {{.field = "http-header", .http_header_name = "User-Agent", .values = {"*chrome*"}}});
  rule(3, {{.field = "query-string", .query_pairs = {{"version", "v1"}, {"", "*example*"}}}});
  rule(4, {{.field = "source-ip", .values = {"192.168.0.0/16"}}});
  rule(5, {{.field = "unheard-of", .values = {"*"}}});
  EXPECT_EQ(routed("PUT / HTTP/1.1\r\nHost: a\r\n\r\n"), "1");
  EXPECT_EQ(routed("GET / HTTP/1.1\r\nHost: a\r\nuser-agent: My Chrome 1\r\n\r\n"), "2");
  EXPECT_EQ(routed("GET /?a=b&Version=V1 HTTP/1.1\r\nHost: a\r\n\r\n"), "3");
  EXPECT_EQ(routed("GET /?anything=anexampleword HTTP/1.1\r\nHost: a\r\n\r\n"), "3");
  EXPECT_EQ(routed("GET /?version=v2 HTTP/1.1\r\nHost: a\r\n\r\n"), "default");
  EXPECT_EQ(routed("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "192.168.7.7"), "4");
}

TEST(Redirect, FillsWhatItIsNotGivenFromTheRequest) {
  const RedirectContext context{
      .protocol = "http", .host = "example.com", .port = 80, .path = "/a/b", .query = "c=d"};
  EXPECT_EQ(redirect_location({.protocol = "HTTPS", .port = "443"}, context),
            "https://example.com:443/a/b?c=d");
  EXPECT_EQ(
      redirect_location({.host = "www.#{host}", .path = "/new/#{path}", .query = "x=1&#{query}"}, context),
      "http://www.example.com:80/new/a/b?x=1&c=d");
}

TEST(TlsPolicy, KnowsItsVersions) {
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-TLS13-1-2-2021-06").maximum, net::TlsVersion::tls_1_3);
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-TLS13-1-3-2021-06").minimum, net::TlsVersion::tls_1_3);
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-2016-08").maximum, net::TlsVersion::tls_1_2);
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-TLS13-1-2-Res-2021-06").tls12_ciphers.find("AES128-SHA256:"),
            std::string::npos);
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-TLS13-1-2-PQ-2025-09").tls12_ciphers,
            tls_policy("ELBSecurityPolicy-TLS13-1-2-2021-06").tls12_ciphers);
  EXPECT_EQ(tls_policy("ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04").tls12_ciphers.find(":AES128-"),
            std::string::npos);  // no key exchange by RSA
}

TEST(Certificates, AreChosenExactlyThenByWildcardThenByDefault) {
  ListenerConfig listener;
  listener.certificates = {{{.arn = "default", .names = {"other.example"}, .is_default = true}, nullptr},
                           {{.arn = "wild", .names = {"*.example.com"}}, nullptr},
                           {{.arn = "exact", .names = {"api.example.com"}}, nullptr}};
  EXPECT_EQ(listener.choose("api.example.com")->snapshot.arn, "exact");
  EXPECT_EQ(listener.choose("www.example.com")->snapshot.arn, "wild");
  EXPECT_EQ(listener.choose("a.b.example.com")->snapshot.arn, "default");
  EXPECT_EQ(listener.choose("")->snapshot.arn, "default");
}

}  // namespace
}  // namespace landfall::elbv2::dataplane
