// The CDN as viewers, an origin and control see it, on a loopback address of its own.
#include "services/cloudfront/dataplane/edge_cdn.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "codec/fields.h"
#include "http/server.h"
#include "http/testing.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {
namespace {

using http::testing::RawClient;
using http::testing::run_command;

class StubOrigin {
 public:
  StubOrigin() {
    auto socket = http::testing::listen_anywhere();
    port = socket.port;
    thread_.run([&] {
      server_ = http::HttpServer::create(thread_.loop());
      EXPECT_TRUE(server_->serve(std::move(socket.fd), {},
                                 [this](std::shared_ptr<http::Exchange> exchange) { answer(exchange); }));
    });
  }
  ~StubOrigin() {
    thread_.run([this] { server_.reset(); });
  }
  uint16_t port = 0;
  std::atomic<int> requests = 0, not_modified = 0;

 private:
  void answer(std::shared_ptr<http::Exchange> exchange) {
    ++requests;
    const http::Request& request = exchange->request();
    http::Response head;
    head.headers.add("Content-Type", "text/plain");
    if (request.path() == "/big") return exchange->respond(head, std::string(5000, 'x'));
    if (request.path() == "/absent") return exchange->respond({.status = 404}, "none");
    if (request.path() == "/404.html") return exchange->respond(head, "a friendly page");
    if (request.path() == "/private") head.headers.add("Cache-Control", "private");
    if (request.path() == "/stale") {
      head.headers.add("Cache-Control", "max-age=0");
      head.headers.add("ETag", "\"v1\"");
      if (request.headers.get("if-none-match") == "\"v1\"") {
        ++not_modified;
        return exchange->respond({.status = 304, .headers = head.headers}, "");
      }
    }
    if (request.path() == "/slow") {  // answered once `slow` others could have come
      thread_.loop().after_ms(200, [exchange, head] { exchange->respond(head, "slow"); });
      return;
    }
    std::string body = request.method + " " + request.target + "\n";
    for (const auto& header : request.headers) body += header.name + ": " + header.value + "\n";
    if (request.method == "POST")
      return exchange->read_whole_body(1000, [exchange, head, body](Result<std::string> sent) {
        exchange->respond(head, body + sent.value_or("?"));
      });
    exchange->respond(head, body);
  }

  http::testing::LoopThread thread_;
  std::unique_ptr<http::HttpServer> server_;
};

class EdgeCdnTest : public ::testing::Test {
 protected:
  EdgeCdnTest() {
    const int pid = getpid();
    address_ = "127." + std::to_string(100 + pid % 100) + "." + std::to_string(pid / 100 % 250) + ".9";
    // Two workers would take connections in turn; the cache is one.
    auto cdn = EdgeCdn::create({first_.get(), second_.get()},
                               {.address = address_, .http_port = 18080, .https_port = 18443});
    EXPECT_TRUE(cdn) << cdn.error().message;
    cdn_ = std::move(*cdn);
    certificate_ = http::testing::self_signed("www.example.test");
    snapshot_ = {.id = "E1",
                 .arn = "arn:aws:cloudfront::123456789012:distribution/E1",
                 .domain = "d1.cloudfront.net",
                 .aliases = {"www.example.test"},
                 .default_root_object = "index.html"};
    snapshot_.origins = {{.id = "app", .domain = "127.0.0.1", .path = "", .http_port = origin_.port}};
    snapshot_.behaviors = {{.path_pattern = "/secure/*",
                            .origin_id = "app",
                            .viewer_protocol_policy = "redirect-to-https",
                            .allowed_methods = {"GET", "HEAD"}},
                           {.path_pattern = "/api/*",
                            .origin_id = "app",
                            .allowed_methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"},
                            .default_ttl = 0,
                            .max_ttl = 0,
                            .forward_headers = {"all", {}},
                            .forward_cookies = {"all", {}},
                            .forward_query = {"all", {}}},
                           {.path_pattern = "*",
                            .origin_id = "app",
                            .allowed_methods = {"GET", "HEAD"},
                            .compress = true,
                            .key_gzip = true,
                            .default_ttl = 60,
                            .max_ttl = 600}};
    snapshot_.error_responses = {
        {.error_code = 404, .page_path = "/404.html", .response_code = 200, .caching_seconds = 10}};
    snapshot_.default_chain_pem = snapshot_.chain_pem = certificate_.chain_pem;
    snapshot_.default_key_pem = snapshot_.key_pem = certificate_.key_pem;
    apply();
    for (EventLoop* loop : {first_.get(), second_.get()}) threads_.emplace_back([loop] { loop->run(); });
  }
  ~EdgeCdnTest() override {
    first_->stop();
    second_->stop();
    for (std::thread& thread : threads_) thread.join();
    cdn_.reset();
  }

  void apply() {
    const std::string document = to_json(snapshot_);
    const auto applied = cdn_->apply(kDistributionSnapshotKind, "E1", &document);
    ASSERT_TRUE(applied) << applied.error().message;
  }
  void invalidate(std::vector<std::string> paths) {
    const std::string document =
        to_json(InvalidationSnapshot{.distribution_id = "E1", .id = "I1", .paths = std::move(paths)});
    ASSERT_TRUE(cdn_->apply(kInvalidationSnapshotKind, "E1/I1", &document));
  }
  // On a connection of its own, so that both workers get some.
  std::string get(const std::string& path, const std::string& headers = "", const std::string& method = "GET",
                  const std::string& body = "") {
    RawClient client(address_, 18080);
    client.send(method + " " + path + " HTTP/1.1\r\nHost: www.example.test\r\nConnection: close\r\n" +
                headers + "\r\n" + body);
    return client.read_all();
  }
  static bool has(const std::string& answer, std::string_view text) {
    return answer.find(text) != std::string::npos;
  }

  StubOrigin origin_;
  std::unique_ptr<EventLoop> first_ = *EventLoop::create(), second_ = *EventLoop::create();
  std::vector<std::thread> threads_;
  std::string address_;
  http::testing::TestCertificate certificate_;
  DistributionSnapshot snapshot_;
  std::unique_ptr<EdgeCdn> cdn_;
};

TEST_F(EdgeCdnTest, the_second_viewer_gets_the_object_from_the_cache) {
  const std::string first = get("/a.txt");
  EXPECT_TRUE(has(first, "X-Cache: Miss from cloudfront")) << first;
  EXPECT_TRUE(has(first, "User-Agent: Amazon CloudFront"));
  EXPECT_TRUE(has(first, "X-Amz-Cf-Id: "));
  for (int i = 0; i < 8; ++i) {
    const std::string next = get("/a.txt");
    EXPECT_TRUE(has(next, "X-Cache: Hit from cloudfront")) << next;
    EXPECT_TRUE(has(next, "\r\nAge: "));
  }
  EXPECT_EQ(origin_.requests, 1);
  EXPECT_TRUE(has(get("/a.txt", "Range: bytes=0-2\r\n"), "206 Partial Content"));
  const std::string head = get("/a.txt", "", "HEAD");
  EXPECT_TRUE(has(head, "X-Cache: Hit from cloudfront"));
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
  EXPECT_EQ(origin_.requests, 1);
}

TEST_F(EdgeCdnTest, an_invalidation_makes_the_next_request_a_miss) {
  get("/css/a.css");
  get("/css/b.css");
  invalidate({"/css/a.css"});
  EXPECT_TRUE(has(get("/css/a.css"), "Miss from cloudfront"));
  EXPECT_TRUE(has(get("/css/b.css"), "Hit from cloudfront"));
  invalidate({"/css/*"});
  EXPECT_TRUE(has(get("/css/b.css"), "Miss from cloudfront"));
  get("/");
  EXPECT_TRUE(has(get("/"), "Hit from cloudfront"));
  invalidate({"/"});
  const std::string root = get("/");
  EXPECT_TRUE(has(root, "Miss from cloudfront"));
  EXPECT_TRUE(has(root, "GET /index.html"));
}

TEST_F(EdgeCdnTest, a_stale_object_is_revalidated_by_its_etag) {
  get("/stale");
  const std::string second = get("/stale");
  EXPECT_TRUE(has(second, "X-Cache: RefreshHit from cloudfront")) << second;
  EXPECT_TRUE(has(second, "GET /stale"));
  EXPECT_EQ(origin_.not_modified, 1);
}

TEST_F(EdgeCdnTest, private_answers_are_nobody_elses) {
  get("/private");
  EXPECT_TRUE(has(get("/private"), "Miss from cloudfront"));
  EXPECT_EQ(origin_.requests, 2);
}

TEST_F(EdgeCdnTest, viewers_that_miss_together_cost_one_request) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<RawClient>(address_, 18080));
    clients.back()->send("GET /slow HTTP/1.1\r\nHost: www.example.test\r\nConnection: close\r\n\r\n");
  }
  for (auto& client : clients) EXPECT_TRUE(client->read_all().ends_with("slow"));
  EXPECT_EQ(origin_.requests, 1);
}

TEST_F(EdgeCdnTest, compresses_for_those_who_can) {
  const std::string small = get("/big", "Accept-Encoding: gzip, br\r\n");
  EXPECT_TRUE(has(small, "Content-Encoding: gzip"));
  EXPECT_LT(small.size(), 1500u);
  EXPECT_TRUE(get("/big").ends_with(std::string(5000, 'x')));
}

TEST_F(EdgeCdnTest, a_custom_error_response_replaces_the_origins) {
  const std::string answer = get("/absent");
  EXPECT_TRUE(has(answer, "HTTP/1.1 200 OK")) << answer;
  EXPECT_TRUE(answer.ends_with("a friendly page"));
  EXPECT_TRUE(has(answer, "X-Cache: Error from cloudfront"));
  const int asked = origin_.requests;
  get("/absent");
  EXPECT_EQ(origin_.requests, asked);
}

TEST_F(EdgeCdnTest, a_behaviour_without_caching_passes_everything) {
  const std::string answer =
      get("/api/x?a=1", "Content-Length: 5\r\nCookie: s=1\r\nX-Own: y\r\n", "POST", "hello");
  EXPECT_TRUE(has(answer, "POST /api/x?a=1")) << answer;
  EXPECT_TRUE(has(answer, "Cookie: s=1"));
  EXPECT_TRUE(has(answer, "X-Own: y"));
  EXPECT_TRUE(has(answer, "X-Forwarded-For: "));
  EXPECT_TRUE(answer.ends_with("hello"));
}

TEST_F(EdgeCdnTest, refuses_what_it_is_not_configured_for) {
  EXPECT_TRUE(has(get("/a", "", "DELETE"), "403 Forbidden"));
  const std::string redirect = get("/secure/a?b=c");
  EXPECT_TRUE(has(redirect, "301 Moved Permanently"));
  EXPECT_TRUE(has(redirect, "Location: https://www.example.test/secure/a?b=c"));
  RawClient stranger(address_, 18080);
  stranger.send("GET / HTTP/1.1\r\nHost: other.test\r\nConnection: close\r\n\r\n");
  const std::string answer = stranger.read_all();
  EXPECT_TRUE(has(answer, "403 Forbidden"));
  EXPECT_TRUE(has(answer, "The request could not be satisfied"));
  snapshot_.enabled = false;
  apply();
  EXPECT_TRUE(has(get("/a"), "403 Forbidden"));
}

TEST_F(EdgeCdnTest, an_origin_that_is_away_is_a_502_that_is_remembered) {
  snapshot_.origins[0].http_port = 1;
  snapshot_.error_responses.clear();
  apply();
  EXPECT_TRUE(has(get("/gone"), "502 Bad Gateway"));
  EXPECT_TRUE(has(get("/gone"), "X-Cache: Error from cloudfront"));
}

TEST_F(EdgeCdnTest, serves_http_2_over_tls_with_the_aliases_certificate) {
  const auto result = run_command(
      "curl -sS -k --http2 -o /dev/null -w '%{http_code} %{http_version}' --connect-to ::" + address_ +
      ":18443 https://www.example.test/secure/a");
  EXPECT_EQ(result.output, "200 2");
  const auto fronted = run_command(
      "curl -sS -k -o /dev/null -w '%{http_code}' -H 'Host: d2.cloudfront.net' --connect-to ::" + address_ +
      ":18443 https://www.example.test/a");
  EXPECT_EQ(fronted.output, "403");
}

}  // namespace
}  // namespace landfall::cloudfront
