// The pure parts, by tables: cacheability, keys, invalidations, compression, the memory cache.
#include <gtest/gtest.h>

#include "codec/gzip.h"
#include "services/cloudfront/dataplane/answer.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/dataplane/cacheability.h"
#include "services/cloudfront/dataplane/compress.h"
#include "services/cloudfront/dataplane/object_cache.h"
#include "services/cloudfront/dataplane/site.h"

namespace landfall::cloudfront {
namespace {

const Timestamp kNow = *parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT");

http::Headers headers_of(std::initializer_list<std::pair<const char*, const char*>> list) {
  http::Headers headers;
  for (const auto& [name, value] : list) headers.add(name, value);
  return headers;
}

// "Managing how long content stays in the cache", AWS's table.
TEST(Cacheability, follows_the_table_of_minimum_default_and_maximum) {
  struct Row {
    const char* what;
    int status;
    http::Headers headers;
    int64_t min, normal, max;
    bool store;
    int64_t ttl;
  };
  const Row rows[] = {
      {"no header: default", 200, {}, 0, 600, 1000, true, 600},
      {"no header: minimum if larger", 200, {}, 700, 600, 1000, true, 700},
      {"max-age within", 200, headers_of({{"Cache-Control", "public, max-age=300"}}), 0, 600, 1000, true,
       300},
      {"max-age above maximum", 200, headers_of({{"Cache-Control", "max-age=5000"}}), 0, 600, 1000, true,
       1000},
      {"max-age below minimum", 200, headers_of({{"Cache-Control", "max-age=3"}}), 60, 600, 1000, true, 60},
      {"s-maxage before max-age", 200, headers_of({{"Cache-Control", "max-age=3, s-maxage=\"50\""}}), 0, 600,
       1000, true, 50},
      {"Expires", 200, headers_of({{"Expires", "Sun, 22 Nov 2026 10:01:40 GMT"}}), 0, 600, 1000, true, 100},
      {"Expires that is no date", 200, headers_of({{"Expires", "0"}, {"ETag", "\"a\""}}), 0, 600, 1000, true,
       0},
      {"max-age before Expires", 200, headers_of({{"Expires", "0"}, {"Cache-Control", "max-age=9"}}), 0, 600,
       1000, true, 9},
      {"its age is taken off", 200, headers_of({{"Cache-Control", "max-age=300"}, {"Age", "100"}}), 0, 600,
       1000, true, 200},
      {"no-store", 200, headers_of({{"Cache-Control", "no-store"}}), 0, 600, 1000, false, 0},
      {"private", 200, headers_of({{"Cache-Control", "private, max-age=60"}}), 0, 600, 1000, false, 0},
      {"no-cache", 200, headers_of({{"Cache-Control", "no-cache"}, {"ETag", "\"a\""}}), 0, 600, 1000, false,
       0},
      {"no-store under a minimum", 200, headers_of({{"Cache-Control", "no-store"}}), 60, 600, 1000, true, 60},
      {"stale at once without validator", 200, headers_of({{"Cache-Control", "max-age=0"}}), 0, 600, 1000,
       false, 0},
      {"stale at once with validator", 200, headers_of({{"Cache-Control", "max-age=0"}, {"ETag", "\"a\""}}),
       0, 600, 1000, true, 0},
      {"CachingDisabled", 200, headers_of({{"ETag", "\"a\""}}), 0, 0, 0, false, 0},
      {"Vary: *", 200, headers_of({{"Vary", "*"}}), 0, 600, 1000, false, 0},
      {"an error: ten seconds", 404, {}, 0, 600, 1000, true, 10},
      {"an error that says more", 503, headers_of({{"Cache-Control", "max-age=30"}}), 0, 600, 1000, true, 30},
      {"a part", 206, {}, 0, 600, 1000, false, 0},
      {"a redirect", 301, {}, 0, 600, 1000, true, 600},
      {"not authenticated", 401, {}, 0, 600, 1000, false, 0},
  };
  for (const Row& row : rows) {
    BehaviorSnapshot behavior;
    behavior.min_ttl = row.min;
    behavior.default_ttl = row.normal;
    behavior.max_ttl = row.max;
    const Cacheability verdict =
        cacheability({.status = row.status, .headers = row.headers}, behavior, 10, kNow);
    EXPECT_EQ(verdict.store, row.store) << row.what;
    EXPECT_EQ(verdict.ttl_seconds, row.ttl) << row.what;
  }
}

TEST(PathPattern, has_stars_and_question_marks) {
  EXPECT_TRUE(path_matches("*", "/anything"));
  EXPECT_TRUE(path_matches("images/*.jpg", "/images/a/b.jpg"));
  EXPECT_TRUE(path_matches("/images/*", "/images/"));
  EXPECT_TRUE(path_matches("*.gif", "/a/b.gif"));
  EXPECT_TRUE(path_matches("/a??.txt", "/abc.txt"));
  EXPECT_FALSE(path_matches("/a??.txt", "/ab.txt"));
  EXPECT_FALSE(path_matches("images/*", "/Images/a"));
  EXPECT_FALSE(path_matches("/api/*", "/apis"));
}

TEST(AcceptEncoding, is_reduced_to_what_the_behaviour_knows) {
  BehaviorSnapshot both{.key_gzip = true, .key_brotli = true}, gzip{.key_gzip = true};
  const auto normalized = [](const char* value, const BehaviorSnapshot& behavior) {
    return normalized_encodings(headers_of({{"Accept-Encoding", value}}), behavior);
  };
  EXPECT_EQ(normalized("gzip, deflate, br, zstd", both), "br,gzip");
  EXPECT_EQ(normalized("deflate, GZIP;q=0.5", both), "gzip");
  EXPECT_EQ(normalized("br;q=0, gzip", both), "gzip");
  EXPECT_EQ(normalized("br, gzip", gzip), "gzip");
  EXPECT_EQ(normalized("identity", both), "");
}

TEST(CacheKey, has_only_what_the_behaviour_chose) {
  BehaviorSnapshot behavior{.key_gzip = true};
  behavior.key_query = {"whitelist", {"page"}};
  behavior.key_headers = {"whitelist", {"accept-language"}};
  behavior.key_cookies = {"whitelist", {"theme"}};
  http::Request request{.method = "GET", .target = "/a?page=2&utm=x", .authority = "h"};
  const CacheKey base = cache_key("E1", behavior, "/a", request);
  EXPECT_EQ(base.target, "/a?page=2");
  const auto differs = [&](auto change) {
    http::Request other = request;
    change(other);
    return cache_key("E1", behavior, "/a", other).text != base.text;
  };
  EXPECT_FALSE(differs([](auto& r) { r.target = "/a?utm=y&page=2"; }));
  EXPECT_FALSE(differs([](auto& r) { r.headers.add("User-Agent", "x"); }));
  EXPECT_FALSE(differs([](auto& r) { r.headers.add("Cookie", "session=1"); }));
  EXPECT_FALSE(differs([](auto& r) { r.method = "HEAD"; }));
  EXPECT_TRUE(differs([](auto& r) { r.target = "/a?page=3"; }));
  EXPECT_TRUE(differs([](auto& r) { r.headers.add("Cookie", "a=1; theme=dark"); }));
  EXPECT_TRUE(differs([](auto& r) { r.headers.add("Accept-Language", "de"); }));
  EXPECT_TRUE(differs([](auto& r) { r.headers.add("Accept-Encoding", "gzip"); }));
  EXPECT_NE(cache_key("E2", behavior, "/a", request).text, base.text);
}

TEST(CacheKey, takes_no_value_for_the_name_of_the_next_header) {
  BehaviorSnapshot behavior;
  behavior.key_headers = {"whitelist", {"origin", "referer"}};
  const auto key_with = [&](const char* name, const char* value) {
    http::Request request{.method = "GET", .target = "/a", .authority = "h"};
    request.headers.add(name, value);
    return cache_key("E1", behavior, "/a", request).text;
  };
  EXPECT_NE(key_with("Origin", "referer"), key_with("Referer", "referer"));
}

// What the origin is not sent must not be in the key either: its answer is for those who did not send it.
TEST(CacheKey, has_nothing_that_connection_names) {
  BehaviorSnapshot behavior;
  behavior.key_headers = {"whitelist", {"x-tenant"}};
  const auto key_with = [&](const std::string& fields) {
    const std::string text = "GET /a HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
    http1::RequestParser parser;
    EXPECT_EQ(parser.parse(text), http1::ParseStatus::complete);
    CacheKey key;
    make_cache_key(key, "E1", behavior,
                   {.method = "GET", .authority = "h", .path = "/a", .query = "", .fields = parser.head()});
    return key.text;
  };
  EXPECT_EQ(key_with("X-Tenant: b\r\nConnection: x-tenant\r\n"), key_with(""));
  EXPECT_NE(key_with("X-Tenant: b\r\n"), key_with(""));
}

TEST(NormalizedPath, is_decoded_and_goes_up_as_rfc_3986_says) {
  EXPECT_EQ(normalized_path("/%70rivate/a%2Fb"), "/private/a/b");
  EXPECT_EQ(normalized_path("/a/b/c/./../../g"), "/a/g");  // RFC 3986 section 5.2.4
  EXPECT_EQ(normalized_path("/x/%2e%2e/private/a"), "/private/a");
  EXPECT_EQ(normalized_path("/../../private/."), "/private/");
  EXPECT_EQ(normalized_path("/private/.."), "/");
  EXPECT_EQ(normalized_path("/.."), "/");
  EXPECT_EQ(normalized_path("//a//..b/.c"), "//a//..b/.c");
  EXPECT_EQ(normalized_path("/a%zz"), "/a%zz");
  EXPECT_TRUE(is_normalized("/a//b..c"));
  for (const char* path : {"/%61", "/a/../b", "/./a", "/a/."}) EXPECT_FALSE(is_normalized(path)) << path;
}

TEST(Invalidation, names_a_path_or_all_below) {
  EXPECT_TRUE(invalidates("/a.css", "/a.css"));
  EXPECT_FALSE(invalidates("/a.css", "/a.css?v=2"));
  EXPECT_FALSE(invalidates("/a.css", "/A.css"));
  EXPECT_TRUE(invalidates("/a*", "/a.css?v=2"));
  EXPECT_TRUE(invalidates("/*", "/"));
  EXPECT_FALSE(invalidates("/img/*", "/images"));
  EXPECT_TRUE(invalidates("/a b", "/a%20b"));
}

TEST(Compression, chooses_documented_types_and_sizes) {
  const auto chosen = [](const char* type, size_t size, const char* encodings) {
    return std::string(
        chosen_encoding({.status = 200, .headers = headers_of({{"Content-Type", type}})}, size, encodings));
  };
  EXPECT_EQ(chosen("text/html; charset=utf-8", 1000, "br,gzip"), "br");
  EXPECT_EQ(chosen("application/json", 1000, "gzip"), "gzip");
  EXPECT_EQ(chosen("text/html", 999, "br,gzip"), "");
  EXPECT_EQ(chosen("text/html", 10'000'001, "br,gzip"), "");
  EXPECT_EQ(chosen("image/png", 5000, "br,gzip"), "");
  EXPECT_EQ(chosen("text/html", 5000, ""), "");
  EXPECT_EQ(
      chosen_encoding({.headers = headers_of({{"Content-Type", "text/html"}, {"Content-Encoding", "gzip"}})},
                      5000, "br"),
      "");
}

TEST(Compression, gzip_comes_back_and_the_etag_is_weak) {
  const std::string text(5000, 'x');
  const auto small = compress(text, "gzip");
  ASSERT_TRUE(small);
  EXPECT_LT(small->size(), 200u);
  EXPECT_EQ(codec::gunzip(*small, 10'000).value_or(""), text);
  EXPECT_LT(compress(text, "br").value_or(text).size(), 200u);
  http::Headers headers = headers_of({{"ETag", "\"abc\""}});
  mark_compressed(headers, "gzip");
  EXPECT_EQ(headers.get("etag"), "W/\"abc\"");
  EXPECT_EQ(headers.get("vary"), "Accept-Encoding");
}

ObjectPtr object(const std::string& key, const std::string& distribution, const std::string& target,
                 size_t bytes) {
  auto object = std::make_shared<CachedObject>();
  object->key = key;
  object->distribution_id = distribution;
  object->target = target;
  object->body.assign(bytes, 'b');
  return object;
}

TEST(ObjectCache, stays_within_its_limit_and_drops_what_was_used_least) {
  ObjectCache cache(16 * 20'000);
  for (int i = 0; i < 400; ++i) {
    cache.put(object("k" + std::to_string(i), "E1", "/" + std::to_string(i), 3'000));
    ASSERT_NE(cache.find("k" + std::to_string(i)), nullptr);
    if (i > 0) cache.find("k0");  // used all the time
  }
  EXPECT_LE(cache.bytes(), 16u * 20'000);
  EXPECT_NE(cache.find("k0"), nullptr);
  EXPECT_EQ(cache.find("k1"), nullptr);
  cache.put(object("huge", "E1", "/huge", 30'000));
  EXPECT_EQ(cache.find("huge"), nullptr);
}

TEST(ObjectCache, invalidates_one_distribution_by_target) {
  ObjectCache cache(1 << 20);
  cache.put(object("a", "E1", "/a", 10));
  cache.put(object("b", "E1", "/b", 10));
  cache.put(object("c", "E2", "/a", 10));
  EXPECT_EQ(cache.invalidate("E1", [](std::string_view target) { return target == "/a"; }), 1u);
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_NE(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("c"), nullptr);
}

TEST(Answer, serves_ranges_and_conditions_from_the_whole) {
  CachedObject whole;
  whole.head.headers = headers_of({{"ETag", "W/\"v1\""},
                                   {"Content-Type", "text/plain"},
                                   {"Last-Modified", "Sun, 22 Nov 2026 09:00:00 GMT"}});
  whole.body = "0123456789";
  const auto ask = [&](const char* name, const char* value) {
    return answer_with(whole, {.method = "GET", .target = "/", .headers = headers_of({{name, value}})});
  };
  const auto body = [&](const char* name, const char* value) {
    const Answer answer = ask(name, value);
    return whole.body.substr(answer.offset, answer.length);
  };
  EXPECT_EQ(body("Range", "bytes=2-4"), "234");
  EXPECT_EQ(ask("Range", "bytes=2-4").head.headers.get("content-range"), "bytes 2-4/10");
  EXPECT_EQ(body("Range", "bytes=-3"), "789");
  EXPECT_EQ(body("Range", "bytes=8-"), "89");
  EXPECT_EQ(ask("Range", "bytes=10-").head.status, 416);
  EXPECT_EQ(ask("Range", "bytes=0-1,3-4").head.status, 200);
  EXPECT_EQ(body("Range", "bytes=4-2"), "0123456789");
  EXPECT_EQ(ask("If-None-Match", "\"v0\", \"v1\"").head.status, 304);
  EXPECT_EQ(ask("If-None-Match", "\"v0\"").head.status, 200);
  EXPECT_EQ(ask("If-Modified-Since", "Sun, 22 Nov 2026 09:00:00 GMT").head.status, 304);
  EXPECT_EQ(ask("If-Modified-Since", "Sun, 22 Nov 2026 08:00:00 GMT").head.status, 200);
}

TEST(Sites, find_exact_names_before_wildcards) {
  const auto site = [](const std::string& id, std::vector<std::string> aliases) {
    DistributionSnapshot snapshot{.id = id,
                                  .domain = id + ".cloudfront.net",
                                  .aliases = std::move(aliases),
                                  .behaviors = {{.path_pattern = "*"}}};
    return *make_site(std::move(snapshot));
  };
  auto sites = changed(Sites{}, "e1", site("e1", {"*.example.com"}));
  sites = changed(*sites, "e2", site("e2", {"www.example.com"}));
  EXPECT_EQ(sites->find("www.example.com")->snapshot.id, "e2");
  EXPECT_EQ(sites->find("api.example.com")->snapshot.id, "e1");
  EXPECT_EQ(sites->find("e1.cloudfront.net")->snapshot.id, "e1");
  EXPECT_EQ(sites->find("example.com"), nullptr);
  EXPECT_EQ(changed(*sites, "e2", nullptr)->find("www.example.com")->snapshot.id, "e1");
  EXPECT_EQ(host_name("WWW.Example.com:8443"), "www.example.com");
}

}  // namespace
}  // namespace landfall::cloudfront
