// The CDN as viewers, an origin and control see it, on a loopback address of its own.
#include "services/cloudfront/dataplane/edge_cdn.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include "base/encoding.h"
#include "codec/fields.h"
#include "delivery/spool.h"
#include "http/server.h"
#include "http/testing.h"
#include "services/cloudfront/key_testing.h"
#include "services/cloudfront/snapshot.h"
#include "services/cloudfront/viewer_metrics.h"

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
  // Ends the answer to /trickle.
  void end_trickle() {
    thread_.run([this] { std::exchange(trickling_, nullptr)->finish(); });
  }
  static std::string large_body() {
    std::string body;
    for (int i = 0; body.size() < 3'000'000; ++i) body += std::to_string(i) + ",";
    return body;
  }

 private:
  void answer(std::shared_ptr<http::Exchange> exchange) {
    ++requests;
    const http::Request& request = exchange->request();
    http::Response head;
    head.headers.add("Content-Type", "text/plain");
    if (request.path() == "/big") return exchange->respond(head, std::string(5000, 'x'));
    if (request.path() == "/absent") return exchange->respond({.status = 404}, "none");
    if (request.path() == "/404.html") return exchange->respond(head, "a friendly page");
    if (request.path() == "/large") return exchange->respond(head, large_body());
    if (request.path() == "/large-chunked") {
      exchange->start(head);
      exchange->write(large_body());
      return exchange->finish();
    }
    if (request.path() == "/trickle") {
      exchange->start(head);
      exchange->write("the beginning,");
      trickling_ = exchange;
      return;
    }
    if (request.path() == "/halting") {
      exchange->start(head);
      exchange->write("the beginning,");
      thread_.loop().after_ms(200, [exchange] { exchange->finish(); });
      return;
    }
    if (request.path() == "/session") head.headers.add("Set-Cookie", "session=of-the-first");
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
    for (const auto& header : request.headers)
      body.append(header.name).append(": ").append(header.value).append("\n");
    if (request.method == "POST")
      return exchange->read_whole_body(1000, [exchange, head, body](Result<std::string> sent) {
        exchange->respond(head, body + sent.value_or("?"));
      });
    exchange->respond(head, body);
  }

  http::testing::LoopThread thread_;
  std::unique_ptr<http::HttpServer> server_;
  std::shared_ptr<http::Exchange> trickling_;
};

class EdgeCdnTest : public ::testing::Test {
 protected:
  EdgeCdnTest() {
    const int pid = getpid();
    address_ = "127." + std::to_string(100 + pid % 100) + "." + std::to_string(pid / 100 % 250) + ".9";
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
    begin();
  }
  ~EdgeCdnTest() override { end(); }

  void begin() {
    first_ = *EventLoop::create();
    second_ = *EventLoop::create();
    // Two workers would take connections in turn; the cache is one.
    auto cdn = EdgeCdn::create(
        {first_.get(), second_.get()},
        {.address = address_,
         .http_port = 18080,
         .https_port = 18443,
         .cache_directory = cache_directory_,
         .log_spool =
             log_directory_.empty() ? nullptr : delivery::Spool::open({.directory = log_directory_}).value(),
         .report =
             [this](std::string, std::string, const std::string& document) {
               auto metrics = from_json<DistributionMetrics>(document);
               if (metrics) counts_.merge(metrics->counts);
               if (counts_.requests >= awaited_requests_ && awaited_requests_ > 0) {
                 awaited_requests_ = 0;
                 counted_.set_value();
               }
             },
         .metrics_period_ms = 20});
    ASSERT_TRUE(cdn) << cdn.error().message;
    cdn_ = std::move(*cdn);
    apply();
    for (EventLoop* loop : {first_.get(), second_.get()}) threads_.emplace_back([loop] { loop->run(); });
  }
  void end() {
    first_->stop();
    second_->stop();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
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
  std::unique_ptr<EventLoop> first_, second_;
  std::vector<std::thread> threads_;
  std::string address_, cache_directory_, log_directory_;
  ViewerCounts counts_;
  std::atomic<int64_t> awaited_requests_ = 0;
  std::promise<void> counted_;
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
  std::string second = get("/stale");
  while (has(second, "X-Cache: Hit")) second = get("/stale");  // it shared the first one's flight
  EXPECT_TRUE(has(second, "X-Cache: RefreshHit from cloudfront")) << second;
  EXPECT_TRUE(has(second, "GET /stale"));
  EXPECT_EQ(origin_.not_modified, 1);
}

TEST_F(EdgeCdnTest, private_answers_are_nobody_elses) {
  get("/private");
  EXPECT_TRUE(has(get("/private"), "Miss from cloudfront"));
  EXPECT_EQ(origin_.requests, 2);
}

TEST_F(EdgeCdnTest, nobody_gets_a_cookie_where_cookies_do_not_matter) {
  EXPECT_FALSE(has(get("/session"), "Set-Cookie"));
  EXPECT_FALSE(has(get("/session"), "Set-Cookie"));
  snapshot_.behaviors.back().key_cookies = {"whitelist", {"session"}};
  apply();
  EXPECT_TRUE(has(get("/session", "Cookie: session=1\r\n"), "Set-Cookie: session=of-the-first"));
}

TEST_F(EdgeCdnTest, what_connection_names_neither_reaches_the_origin_nor_is_kept_as_if_it_had) {
  snapshot_.behaviors.back().key_headers = {"whitelist", {"x-tenant"}};
  apply();
  const std::string poisoned = get("/t.txt", "X-Tenant: b\r\nConnection: x-tenant\r\n");
  EXPECT_FALSE(has(poisoned, "X-Tenant: b")) << poisoned;
  const std::string next = get("/t.txt", "X-Tenant: b\r\n");
  EXPECT_TRUE(has(next, "X-Cache: Miss")) << next;
  EXPECT_TRUE(has(next, "X-Tenant: b"));
}

// What is not in the key must not be in the answer (web cache poisoning): the origin here echoes what it
// gets.
TEST_F(EdgeCdnTest, what_is_not_in_the_key_does_not_reach_the_origin) {
  const std::string answer = get("/u.txt?evil=1",
                                 "X-Forwarded-Host: evil\r\nX-Host: evil\r\nX-Original-URL: /evil\r\n"
                                 "X-HTTP-Method-Override: evil\r\nForwarded: host=evil\r\nCookie: evil=1\r\n"
                                 "User-Agent: evil\r\nOrigin: evil\r\nAccept-Encoding: evil\r\nTE: evil\r\n"
                                 "X-Forwarded-Proto: evil\r\nAuthorization: evil\r\nIf-None-Match: evil\r\n");
  EXPECT_TRUE(has(answer, "GET /u.txt\n")) << answer;
  EXPECT_FALSE(has(answer, "evil")) << answer;
}

TEST_F(EdgeCdnTest, a_port_that_a_viewer_adds_to_its_host_is_in_nobody_elses_answer) {
  snapshot_.behaviors.back().forward_headers = {"whitelist", {"host"}};
  apply();
  RawClient client(address_, 18080);
  client.send("GET /h.txt HTTP/1.1\r\nHost: WWW.example.test:1234\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(has(client.read_all(), "\nHost: www.example.test\n"));
  snapshot_.behaviors.back().key_headers = {"whitelist", {"host"}};
  apply();
  RawClient other(address_, 18080);
  other.send("GET /h.txt HTTP/1.1\r\nHost: www.example.test:1234\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(has(other.read_all(), "\nHost: www.example.test:1234\n"));
  EXPECT_FALSE(has(get("/h.txt"), "1234"));
}

TEST_F(EdgeCdnTest, whoever_asks_first_and_for_how_much_the_next_gets_the_whole) {
  get("/first-head.txt", "", "HEAD");
  EXPECT_TRUE(has(get("/first-head.txt"), "GET /first-head.txt\n"));
  get("/first-part.txt", "Range: bytes=3-5\r\n");
  EXPECT_TRUE(has(get("/first-part.txt"), "\r\n\r\nGET /first-part.txt\n"));
  get("/first-condition.txt", "If-None-Match: *\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n");
  EXPECT_TRUE(has(get("/first-condition.txt"), "\r\n\r\nGET /first-condition.txt\n"));
  snapshot_.behaviors.back().key_query = {"all", {}};
  apply();
  get("/first-order.txt?a=1&b=2");
  EXPECT_TRUE(has(get("/first-order.txt?b=2&a=1"), "GET /first-order.txt?b=2&a=1\n"));
  const std::string small = get("/big", "Accept-Encoding: gzip\r\n");
  EXPECT_TRUE(has(small, "Content-Encoding: gzip"));
  EXPECT_TRUE(has(get("/big", "Range: bytes=0-3\r\n"), "\r\n\r\nxxxx"));
  EXPECT_FALSE(has(get("/big", "Accept-Encoding: gzip;q=0\r\n"), "Content-Encoding"));
}

TEST_F(EdgeCdnTest, an_invalidation_that_comes_while_an_object_is_fetched_keeps_it_out) {
  auto fetched = std::async(std::launch::async, [&] { return get("/slow"); });
  while (origin_.requests == 0) std::this_thread::yield();
  invalidate({"/*"});
  EXPECT_TRUE(fetched.get().ends_with("slow"));
  EXPECT_TRUE(has(get("/slow"), "X-Cache: Miss"));
  EXPECT_EQ(origin_.requests, 2);
}

TEST_F(EdgeCdnTest, an_answer_that_its_origin_cuts_is_cut_here_and_kept_by_nobody) {
  for (const std::string head : {"Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"}) {
    const std::string cut = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n" + head + "\r\n5\r\nhello\r\n";
    const std::string whole = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nwhole";
    http::testing::ScriptedServer origin({[&](RawClient& connection) {
                                            connection.read_until("\r\n\r\n");
                                            connection.send(cut);
                                          },
                                          [&](RawClient& connection) {
                                            connection.read_until("\r\n\r\n");
                                            connection.send(whole);
                                          }});
    snapshot_.origins[0].http_port = origin.port();
    snapshot_.behaviors.back().compress = false;
    apply();
    const std::string path = head.starts_with("C") ? "/cut-length" : "/cut-chunks";
    const std::string first = get(path);
    EXPECT_FALSE(first.ends_with("0\r\n\r\n")) << first;
    EXPECT_FALSE(has(first, "Content-Length: 5\r\n") || has(first, "Content-Length: 12\r\n")) << first;
    const std::string second = get(path);
    EXPECT_TRUE(has(second, "X-Cache: Miss")) << second;
    EXPECT_TRUE(second.ends_with("whole")) << second;
  }
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

TEST_F(EdgeCdnTest, the_first_viewer_gets_an_answer_as_it_comes_and_those_who_wait_share_it) {
  RawClient first(address_, 18080), second(address_, 18080);
  const std::string ask = "GET /trickle HTTP/1.1\r\nHost: www.example.test\r\nConnection: close\r\n\r\n";
  first.send(ask);
  EXPECT_TRUE(has(first.read_until("the beginning,"), "X-Cache: Miss")) << "before its end has come";
  second.send(ask);
  origin_.end_trickle();
  first.read_all();
  EXPECT_TRUE(has(second.read_all(), "the beginning,"));
  EXPECT_EQ(origin_.requests, 1);
  EXPECT_TRUE(has(get("/trickle"), "Hit from cloudfront"));
}

TEST_F(EdgeCdnTest, a_request_for_a_part_on_a_miss_gets_that_part) {
  const std::string part = get("/large", "Range: bytes=1000000-1000009\r\n");
  EXPECT_TRUE(has(part, "206 Partial Content")) << part;
  EXPECT_TRUE(part.ends_with("\r\n\r\n" + StubOrigin::large_body().substr(1'000'000, 10))) << part;
  EXPECT_TRUE(has(get("/large", "Range: bytes=-5\r\n"), "Hit from cloudfront"));
  EXPECT_EQ(origin_.requests, 1);
}

TEST_F(EdgeCdnTest, a_viewers_body_in_chunks_reaches_the_origin_whole) {
  const std::string answer =
      get("/api/x", "Transfer-Encoding: chunked\r\n", "POST", "5\r\nhello\r\n0\r\n\r\n");
  EXPECT_TRUE(answer.ends_with("hello")) << answer;
}

TEST_F(EdgeCdnTest, counts_requests_and_errors_by_distribution) {
  auto counted = counted_.get_future();
  awaited_requests_ = 3;
  get("/a");
  get("/a");
  get("/a", "", "DELETE");
  counted.wait();
  EXPECT_EQ(counts_.requests, 3);
  EXPECT_EQ(counts_.errors_4xx, 1);
  EXPECT_EQ(counts_.errors_5xx, 0);
  EXPECT_GT(counts_.bytes_downloaded, 500);
}

constexpr char kMembersQuery[] =
    "x=1&Expires=2000000000&Signature=TgJYO6VRMIrS3GQePG2aiJ4MGGSyrbUBsny1R3T5XaNWQMqJZk4dEkelIgX"
    "z8Z7WYkTDeOqvhswTteNQLNXigk9f61-LTdbxrSTCZ-Kua~4v42xVKigLK99ra~G4~A47EX-CIog~IztUKZTirBsSwGX"
    "F447iFT4XbbykpAbzZInlitwFrJ7~lhf4NbJS~g3JcdB9idlbjV7kKuKCdIfxT6kJSAh1fSfpJzILMVpRfUQWivLySea"
    "-hmv-1qKAeAO8tLNF5M1cGsfa6z2ITZoO2cyAbwurIkqpOyi9Slppw3QkujSYHLkTRMArA3f1d~2elxwFiYGV-rTWTLU"
    "TkHRUkQ__&Key-Pair-Id=KRSA";
constexpr char kMembersPolicy[] =
    "Policy=eyJTdGF0ZW1lbnQiOlt7IlJlc291cmNlIjoiaHR0cCo6Ly93d3cuZXhhbXBsZS50ZXN0L21lbWJlcnMvKiIsI"
    "kNvbmRpdGlvbiI6eyJEYXRlTGVzc1RoYW4iOnsiQVdTOkVwb2NoVGltZSI6MjAwMDAwMDAwMH19fV19&Signature=Hi"
    "ZLb5gVrZwxzKVR4v0v095DHhxNXWELxpFB~AL6ZfMsFV49iRcmbQ5-HH9TYd3O1A2csInP90VCYPE1DoL-8mCHFf7ZJQ"
    "~b38iFuYBDi~AoZOI5mXUn42FNErmvXvGrLze1yvZyS3Gd2x5fNnJUSHuLoJPZTag6Q37ldT2hvCBwfhkYO63gtwr6Ry"
    "BrtjKN9lV6bs1kLK-Yt~07mD2DWqDmQfnCjBrCxY6X3zcBpvWD1XefAVGjRTJx6KYX-RhcxsH2QSnbuWaND2rCzCFvOr"
    "pLs~csU~U1vEQQfegh4jI1O2JMCxBx5wqgVhKBeASfVKj9wJUyW9qa5W~GkRaBFQ__&Key-Pair-Id=KRSA";

TEST_F(EdgeCdnTest, a_behaviour_with_key_groups_serves_only_who_has_a_signature) {
  snapshot_.public_keys = {{.id = "KRSA", .pem = testing::kRsaPublicKey}};
  BehaviorSnapshot members = snapshot_.behaviors.back();
  members.path_pattern = "/members/*";
  members.restricted = true;
  members.signer_key_ids = {"KRSA"};
  members.key_query = {"all", {}};
  snapshot_.behaviors.insert(snapshot_.behaviors.begin(), members);
  apply();
  const std::string refused = get("/members/a.txt?x=1");
  EXPECT_TRUE(has(refused, "403 Forbidden")) << refused;
  EXPECT_TRUE(has(refused, "Content-Type: text/xml"));
  EXPECT_TRUE(has(refused, "X-Cache: Error from cloudfront"));
  EXPECT_TRUE(has(refused, "<Code>MissingKey</Code>"));
  EXPECT_EQ(origin_.requests, 0);
  const std::string served = get(std::string("/members/a.txt?") + kMembersQuery);
  EXPECT_TRUE(has(served, "200 OK")) << served;
  EXPECT_TRUE(has(served, "GET /members/a.txt?x=1\n")) << "the signing parameters stay here: " << served;
  EXPECT_TRUE(has(get("/members/a.txt?x=1"), "403 Forbidden")) << "what is in the cache is guarded too";
  EXPECT_TRUE(has(get(std::string("/members/b.txt?") + kMembersQuery), "<Code>AccessDenied</Code>"));
  std::string cookies = std::string("Cookie: CloudFront-") + kMembersPolicy;
  for (size_t at; (at = cookies.find('&')) != std::string::npos;) cookies.replace(at, 1, "; CloudFront-");
  EXPECT_TRUE(has(get("/members/a.txt?x=1", cookies + "\r\n"), "X-Cache: Hit from cloudfront"));
  EXPECT_TRUE(has(get("/open.txt"), "200 OK"));
  // Neither another spelling of the path gets past, nor one that its origin may read in another way.
  const int asked = origin_.requests;
  for (const char* path :
       {"/%6dembers/b.txt", "/members%2Fb.txt", "/open/../members/b.txt", "/open/%2e%2e/members/b.txt",
        "/./members/b.txt", "/members/../open.txt", "/members/%2e%2e/open.txt"})
    EXPECT_TRUE(has(get(path), "<Code>MissingKey</Code>")) << path;
  EXPECT_EQ(origin_.requests, asked);
}

TEST_F(EdgeCdnTest, a_response_headers_policy_answers_by_who_asks_from_one_cached_object) {
  snapshot_.behaviors.back().cors = CorsSnapshot{.origins = {"https://a.test"}, .exposed = "X-B"};
  snapshot_.behaviors.back().removed_headers = {"Content-Type"};
  snapshot_.behaviors.back().timing_percent = 50;
  apply();
  const std::string plain = get("/a.txt");
  EXPECT_TRUE(has(plain, "Miss from cloudfront"));
  EXPECT_FALSE(has(plain, "Access-Control-Allow-Origin")) << plain;
  EXPECT_FALSE(has(plain, "\r\nContent-Type: ")) << plain;
  const std::string cors = get("/a.txt", "Origin: https://a.test\r\nPragma: server-timing\r\n");
  EXPECT_TRUE(has(cors, "Hit from cloudfront"));
  EXPECT_TRUE(has(cors, "Access-Control-Allow-Origin: https://a.test"));
  EXPECT_TRUE(has(cors, "Server-Timing: cdn-cache-hit,cdn-pop;desc=\"IAD50-C1\",cdn-rid;desc=\"")) << cors;
  EXPECT_FALSE(has(get("/a.txt", "Origin: https://b.test\r\n"), "Access-Control"));
}

TEST_F(EdgeCdnTest, functions_change_requests_and_answers_and_may_answer_themselves) {
  const auto function = [&](const char* arn, const std::string& code) {
    snapshot_.functions.push_back({.arn = arn, .version = arn + code, .code_base64 = to_base64(code)});
  };
  function("request",
           "async function handler({request, context, viewer}) {"
           "  if (request.uri === '/old') return {statusCode: 302, headers: {location: {value: '/new'}},"
           "    cookies: {seen: {value: '1', attributes: 'Path=/'}}, body: 'moved'};"
           "  if (request.uri === '/throw') throw new Error('no');"
           "  if (request.uri === '/loop') for (;;);"
           "  if (request.uri === '/host') request.headers.host.value = 'evil.test';"
           "  request.uri = request.uri.replace(/^\\/v1/, '/v2');"
           "  request.querystring.added = {value: viewer.ip.split('.')[0]};"
           "  delete request.querystring.dropped;"
           "  request.headers['x-by'] = {value: context.distributionId + context.eventType};"
           "  request.cookies.b = {value: '2'};"
           "  return request; }");
  function(
      "response",
      "function handler(event) { const r = event.response; r.headers['x-saw'] = {value: event.request.uri};"
      "  if (event.request.uri === '/teapot') { r.statusCode = 418; r.body = {encoding: 'base64', data: "
      "'aGk='}; }"
      "  return r; }");
  for (BehaviorSnapshot& behavior : snapshot_.behaviors) {
    behavior.request_function = "request";
    behavior.response_function = "response";
    behavior.key_query = {"all", {}};
    behavior.forward_headers = {"all", {}};
    behavior.forward_cookies = {"all", {}};
  }
  apply();
  const std::string changed = get("/v1/a?x=1&dropped=2", "Cookie: a=1\r\n");
  EXPECT_TRUE(has(changed, "GET /v2/a?x=1&added=127\n")) << changed;
  EXPECT_TRUE(has(changed, "x-by: E1viewer-request")) << changed;
  EXPECT_TRUE(has(changed, "Cookie: a=1; b=2")) << changed;
  EXPECT_TRUE(has(changed, "x-saw: /v2/a\r\n")) << changed;
  EXPECT_TRUE(has(changed, "X-Cache: Miss from cloudfront"));
  const std::string again = get("/v2/a?x=1", "Cookie: a=1\r\n");
  EXPECT_TRUE(has(again, "X-Cache: Hit from cloudfront")) << "the function's request is the key: " << again;
  EXPECT_TRUE(has(again, "x-saw: /v2/a\r\n"));
  EXPECT_EQ(origin_.requests, 1);
  const std::string moved = get("/old");
  EXPECT_TRUE(has(moved, "302 Found")) << moved;
  EXPECT_TRUE(has(moved, "location: /new\r\n"));
  EXPECT_TRUE(has(moved, "Set-Cookie: seen=1; Path=/\r\n"));
  EXPECT_TRUE(has(moved, "X-Cache: FunctionGeneratedResponse from cloudfront"));
  EXPECT_FALSE(has(moved, "x-saw"));
  EXPECT_TRUE(moved.ends_with("\r\n\r\nmoved"));
  for (const char* path : {"/throw", "/host"}) {
    const std::string failed = get(path);
    EXPECT_TRUE(has(failed, "503 Service Unavailable")) << failed;
    EXPECT_TRUE(has(failed, "X-Cache: FunctionExecutionError from cloudfront")) << failed;
  }
  EXPECT_TRUE(has(get("/loop"), "X-Cache: FunctionThrottledError from cloudfront"));
  EXPECT_EQ(origin_.requests, 1);
  const std::string teapot = get("/teapot");
  EXPECT_TRUE(has(teapot, "HTTP/1.1 418")) << teapot;
  EXPECT_TRUE(teapot.ends_with("\r\n\r\nhi")) << teapot;
  EXPECT_TRUE(has(get("/large"), "x-saw: /large\r\n"));
  EXPECT_TRUE(get("/large?streamed").ends_with(StubOrigin::large_body()))
      << "which came while the function ran";
  get("/large-chunked");
  EXPECT_TRUE(get("/large-chunked").ends_with(StubOrigin::large_body()));
  EXPECT_TRUE(get("/api/x", "Content-Length: 5\r\n", "POST", "hello").ends_with("hello"));
}

TEST_F(EdgeCdnTest, an_origin_group_asks_its_second_origin_what_the_first_cannot_answer) {
  StubOrigin second;
  snapshot_.origins.push_back(
      {.id = "second", .domain = "127.0.0.1", .path = "/second", .http_port = second.port});
  snapshot_.origin_groups = {{.id = "both", .status_codes = {404, 503}, .first = "app", .second = "second"}};
  for (BehaviorSnapshot& behavior : snapshot_.behaviors) behavior.origin_id = "both";
  snapshot_.error_responses.clear();
  apply();
  EXPECT_TRUE(has(get("/a.txt"), "GET /a.txt\n"));
  EXPECT_EQ(second.requests, 0);
  const std::string failed_over = get("/absent");
  EXPECT_TRUE(has(failed_over, "200 OK")) << failed_over;
  EXPECT_TRUE(has(failed_over, "GET /second/absent\n"));
  EXPECT_TRUE(has(get("/absent"), "Hit from cloudfront"));
  EXPECT_TRUE(has(get("/api/absent", "Content-Length: 0\r\n", "POST"), "POST /api/absent\n"))
      << "no failover";
  snapshot_.origins[0].http_port = 1;
  apply();
  EXPECT_TRUE(has(get("/unreachable"), "GET /second/unreachable\n"));
  EXPECT_TRUE(has(get("/api/x", "Content-Length: 0\r\n", "POST"), "502 Bad Gateway"));
  snapshot_.origin_groups[0].status_codes = {500};
  apply();
  EXPECT_TRUE(has(get("/unreachable2"), "502 Bad Gateway")) << "503 is not among the codes";
}

class EdgeCdnLogTest : public EdgeCdnTest {
 protected:
  EdgeCdnLogTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "landfall-edge-cdn-log-XXXXXX";
    end();
    log_directory_ = mkdtemp(pattern.data());
    snapshot_.logging = {.bucket = "logs", .account = "123456789012"};
    begin();
  }
  ~EdgeCdnLogTest() override {
    end();
    std::filesystem::remove_all(std::exchange(log_directory_, ""));
    snapshot_.logging = {};
    begin();
  }

  // The fields of the entry that there is, once all connections have ended.
  std::vector<std::string> entry() {
    std::promise<void> drained;
    cdn_->drain([&] { drained.set_value(); });
    drained.get_future().wait();
    std::vector<std::string> fields;
    for (const auto& file : std::filesystem::directory_iterator(log_directory_)) {
      std::ifstream in(file.path());
      std::string line;  // first its destination
      std::getline(in, line);
      std::getline(in, line);
      std::istringstream text(line);
      for (std::string field; std::getline(text, field, '\t');) fields.push_back(field);
    }
    return fields;
  }
};

TEST_F(EdgeCdnLogTest, the_first_byte_is_told_from_the_last) {
  EXPECT_TRUE(has(get("/halting"), "the beginning,"));
  const auto fields = entry();
  ASSERT_EQ(fields.size(), 33u);
  EXPECT_EQ(fields[8], "200");
  EXPECT_EQ(fields[28], "Miss");
  EXPECT_LT(std::stod(fields[27]), std::stod(fields[18]));
}

TEST_F(EdgeCdnLogTest, a_viewer_that_goes_before_it_is_answered_is_logged) {
  {
    RawClient viewer(address_, 18080);
    viewer.send("GET /slow HTTP/1.1\r\nHost: www.example.test\r\n\r\n");
    while (origin_.requests == 0) std::this_thread::yield();
  }
  const auto fields = entry();
  ASSERT_EQ(fields.size(), 33u);
  EXPECT_EQ(fields[8], "000");
  EXPECT_EQ(fields[13] + fields[28], "ErrorClientCommError");
}

TEST_F(EdgeCdnLogTest, a_viewer_that_goes_within_its_answer_is_logged) {
  {
    RawClient viewer(address_, 18080);
    viewer.send("GET /trickle HTTP/1.1\r\nHost: www.example.test\r\n\r\n");
    viewer.read_until("the beginning,");
  }
  const auto fields = entry();
  origin_.end_trickle();
  ASSERT_EQ(fields.size(), 33u);
  EXPECT_EQ(fields[8], "200");
  EXPECT_EQ(fields[13] + fields[28], "ErrorClientCommError");
  EXPECT_EQ(fields[22], "Miss");
}

class EdgeCdnDiskTest : public EdgeCdnTest {
 protected:
  EdgeCdnDiskTest() {
    std::string pattern = std::filesystem::temp_directory_path() / "landfall-edge-cdn-XXXXXX";
    cache_directory_ = mkdtemp(pattern.data());
    restart();
  }
  ~EdgeCdnDiskTest() override {
    end();
    std::filesystem::remove_all(std::exchange(cache_directory_, ""));
    begin();
  }
  void restart() {
    end();
    begin();
  }
};

TEST_F(EdgeCdnDiskTest, a_restart_keeps_what_was_cached_and_what_was_invalidated) {
  get("/a.txt");
  get("/b.txt");
  restart();
  const std::string hit = get("/a.txt");
  EXPECT_TRUE(has(hit, "Hit from cloudfront")) << hit;
  EXPECT_TRUE(has(hit, "\r\nAge: "));
  EXPECT_EQ(origin_.requests, 2);
  invalidate({"/a.txt"});
  restart();
  EXPECT_TRUE(has(get("/a.txt"), "Miss from cloudfront"));
  EXPECT_TRUE(has(get("/b.txt"), "Hit from cloudfront"));
}

TEST_F(EdgeCdnDiskTest, large_objects_are_served_from_their_file_whole_in_part_and_over_tls) {
  const std::string body = StubOrigin::large_body();
  for (const std::string path : {"/large", "/large-chunked"}) {
    const std::string first = get(path);
    EXPECT_TRUE(has(first, "Miss from cloudfront"));
    if (path == "/large") {
      EXPECT_TRUE(first.ends_with(body));
    }
    for (int i = 0; i < 2; ++i) {
      const std::string hit = get(path);
      EXPECT_TRUE(has(hit.substr(0, 1000), "Hit from cloudfront")) << hit.substr(0, 1000);
      EXPECT_TRUE(hit.ends_with("\r\n\r\n" + body));
      EXPECT_TRUE(
          get(path, "Range: bytes=2000000-2000009\r\n").ends_with("\r\n\r\n" + body.substr(2'000'000, 10)));
      const std::string file = cache_directory_ + "/got";
      for (const char* version : {"--http1.1", "--http2"}) {
        run_command("curl -sS -k " + std::string(version) + " -o " + file + " --connect-to ::" + address_ +
                    ":18443 https://www.example.test" + path);
        std::string got(std::filesystem::file_size(file), '\0');
        FILE* in = fopen(file.c_str(), "rb");
        EXPECT_EQ(fread(got.data(), 1, got.size(), in), got.size());
        fclose(in);
        EXPECT_EQ(got == body, true) << version << path;
      }
      std::filesystem::remove(file);
      if (i == 0) restart();
    }
  }
  EXPECT_EQ(origin_.requests, 2);
}

TEST_F(EdgeCdnDiskTest, a_viewer_that_does_not_read_holds_nobody_up) {
  RawClient slow(address_, 18080);
  slow.send("GET /large HTTP/1.1\r\nHost: www.example.test\r\n\r\n");
  const std::string body = StubOrigin::large_body();
  EXPECT_TRUE(get("/large").ends_with(body));
  EXPECT_TRUE(slow.read_until(body.substr(body.size() - 100)).ends_with(body))
      << "and gets its own in the end";
  EXPECT_EQ(origin_.requests, 1);
}

}  // namespace
}  // namespace landfall::cloudfront
