// The engine end to end on loopback: real clients in front, scripted upstreams behind.
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "http/server.h"
#include "net/tls.h"
#include "net/vpc_sockets.h"
#include "proxy/testing.h"
#include "proxy/upstream.h"

namespace landfall::proxy {
namespace {

using http::testing::RawClient;
using http::testing::run_command;
using http::testing::ScriptedServer;
using testing::TestSite;

class ProxyTest : public ::testing::Test {
 protected:
  ProxyTest() {
    thread_.run([this] { worker_ = std::make_unique<Worker>(thread_.loop()); });
  }
  ~ProxyTest() override {
    thread_.run([this] {
      listener_.reset();
      site_->on_decide = nullptr;
      site_->on_another = nullptr;
      worker_->drain_clients();
      upstreams_.clear();
      worker_.reset();
      server_.reset();
    });
  }

  std::shared_ptr<Upstream> upstream(uint16_t port) {
    auto made = std::make_shared<Upstream>(
        *worker_, sockets_, UpstreamOptions{.address = net::SocketAddress::inet("127.0.0.1", port).value()});
    upstreams_.push_back(made);
    return made;
  }

  // A proxy that forwards everything to `to`.
  uint16_t proxy_to(uint16_t to, bool tls = false) {
    auto socket = http::testing::listen_anywhere();
    thread_.run([&] {
      site_->on_decide = [target = upstream(to)](Transaction& t) {
        t.decision().kind = DecisionKind::forward;
        t.decision().upstream = target;
      };
      ListenerOptions options{.site = site_};
      if (tls) {
        const auto certificate = http::testing::self_signed("test.example");
        auto context =
            net::make_server_tls({.chain_pem = certificate.chain_pem, .key_pem = certificate.key_pem})
                .value();
        options.tls = [context](std::string_view) { return context; };
      }
      listener_ = worker_->listen(std::move(socket.fd), std::move(options)).value();
    });
    return socket.port;
  }

  // A well-behaved upstream.
  uint16_t serve() {
    auto socket = http::testing::listen_anywhere();
    thread_.run([&] {
      server_ = http::HttpServer::create(thread_.loop());
      ASSERT_TRUE(server_->serve(std::move(socket.fd), {}, [](std::shared_ptr<http::Exchange> exchange) {
        const auto& request = exchange->request();
        if (request.path() == "/big") {
          exchange->start({});
          auto left = std::make_shared<int>(64);
          auto more = std::make_shared<std::function<void()>>();
          *more = [exchange, left, more] {
            while (*left > 0) {
              --*left;
              if (!exchange->write(std::string(65536, 'b')))
                return exchange->on_writable([more] { (std::function<void()>(*more))(); });
            }
            exchange->finish();
            *more = nullptr;  // it holds itself; the one that runs is a copy
          };
          auto begin = *more;
          return begin();
        }
        auto bytes = std::make_shared<size_t>(0);
        exchange->read_body({.on_data = [bytes](std::string_view data) { *bytes += data.size(); },
                             .on_end =
                                 [bytes, exchange] {
                                   const auto& r = exchange->request();
                                   exchange->respond(
                                       {}, r.method + " " + r.target + " " + std::to_string(*bytes) + " " +
                                               std::string(r.headers.get("X-Test-Client").value_or("-")) +
                                               "\n");
                                 },
                             .on_error = [](Error) {}});
      }));
    });
    return socket.port;
  }

  std::vector<testing::Finished> log() {
    std::vector<testing::Finished> copy;
    thread_.run([&] { copy = site_->log; });
    return copy;
  }

  http::testing::LoopThread thread_;
  net::PlainSockets sockets_;
  std::shared_ptr<TestSite> site_ = std::make_shared<TestSite>();
  std::unique_ptr<Worker> worker_;
  std::shared_ptr<Listener> listener_;
  std::vector<std::shared_ptr<Upstream>> upstreams_;
  std::unique_ptr<http::HttpServer> server_;
};

std::string ask(uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.read_all();
}

ScriptedServer::Script answers(std::string answer) {
  return [answer](RawClient& connection) {
    connection.read_until("\r\n\r\n");
    connection.send(answer);
  };
}

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr std::string_view kGetClose = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

TEST_F(ProxyTest, ForwardsPipelinedRequestsOverOneKeptConnection) {
  std::string seen;
  ScriptedServer server({[&seen](RawClient& connection) {
    for (int i = 0; i < 2; ++i) {
      seen += connection.read_until("\r\n\r\n");
      connection.send(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Up: 1\r\nConnection: X-Hop\r\nX-Hop: h\r\n\r\nok");
    }
  }});
  const uint16_t port = proxy_to(server.port());
  const std::string all =
      ask(port,
          "GET /1 HTTP/1.1\r\nHost: a.example\r\nConnection: X-Secret\r\nX-Secret: s\r\nAccept: */*\r\n\r\n"
          "GET /2 HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(all.find("HTTP/1.1 200 OK\r\nX-Up: 1\r\nX-Test-Answer: yes\r\nContent-Length: 2\r\n\r\nok"), 0u)
      << all;
  EXPECT_EQ(all.find("X-Hop"), std::string::npos);
  EXPECT_EQ(
      seen.find("GET /1 HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nX-Test-Client: 127.0.0.1\r\n\r\n"), 0u)
      << seen;
  EXPECT_EQ(server.connections(), 1);
  ASSERT_EQ(log().size(), 2u);
  EXPECT_EQ(log()[0].outcome, Outcome::answered);
}

TEST_F(ProxyTest, PassesChunkedAnswersAndChunksThoseThatEndWithTheConnection) {
  ScriptedServer server(
      {answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
       answers("HTTP/1.0 200 OK\r\n\r\nuntil the end"),
       answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")});
  const uint16_t port = proxy_to(server.port());
  EXPECT_TRUE(ask(port, kGetClose).ends_with("Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
  EXPECT_TRUE(ask(port, kGetClose).ends_with("\r\n\r\nd\r\nuntil the end\r\n0\r\n\r\n"));
  EXPECT_TRUE(ask(port, "GET / HTTP/1.0\r\n\r\n").ends_with("Connection: close\r\n\r\nabc"));
}

TEST_F(ProxyTest, AnswersBrokenUpstreamsWith502) {
  ScriptedServer server(
      {answers("SSH-2.0\r\n\r\n"), answers(""),
       answers("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
       answers("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n")});
  const uint16_t port = proxy_to(server.port());
  for (int i = 0; i < 4; ++i) {
    const std::string answer = ask(port, kGetClose);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 502 Bad Gateway\r\nServer: test\r\n")) << i << answer;
    EXPECT_TRUE(answer.ends_with("error 502\n"));
  }
  EXPECT_EQ(log()[0].outcome, Outcome::upstream_malformed);
  EXPECT_EQ(log()[1].outcome, Outcome::upstream_closed);
}

TEST_F(ProxyTest, CutsAnswersThatTheUpstreamCuts) {
  ScriptedServer server({answers("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")});
  RawClient client(proxy_to(server.port()));
  client.send(kGet);
  const std::string all = client.read_all();
  EXPECT_EQ(all.find("502"), std::string::npos);
  EXPECT_EQ(log()[0].outcome, Outcome::upstream_closed);
  EXPECT_EQ(log()[0].status, 200);
}

TEST_F(ProxyTest, TriesAnotherUpstreamWhenOneCannotBeReached) {
  ScriptedServer server({answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")});
  auto gone = http::testing::listen_anywhere();
  gone.fd.reset();
  const uint16_t port = proxy_to(gone.port);
  EXPECT_TRUE(ask(port, kGetClose).starts_with("HTTP/1.1 502"));
  thread_.run([&] { site_->on_another = [next = upstream(server.port())](Transaction&) { return next; }; });
  EXPECT_TRUE(ask(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
                  .ends_with("ok"));
  EXPECT_EQ(log()[0].outcome, Outcome::connect_failed);
}

// A listener whose queue is full drops what comes: to the client it looks like an instance that died without
// a word.
TEST_F(ProxyTest, GoesToAnotherUpstreamWhenOneDoesNotAnswerToConnecting) {
  ScriptedServer server({answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")});
  auto mute = http::testing::listen_anywhere();
  listen(mute.fd.get(), 0);
  RawClient first(mute.port);  // fills the queue
  const uint16_t port = proxy_to(mute.port);
  thread_.run([&] { site_->on_another = [next = upstream(server.port())](Transaction&) { return next; }; });
  EXPECT_TRUE(ask(port, kGetClose).ends_with("ok"));
}

TEST_F(ProxyTest, RepeatsAnIdempotentRequestThatMetAClosedConnection) {
  const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  ScriptedServer server({[&](RawClient& connection) {  // closes when the second request comes
                           connection.read_until("\r\n\r\n");
                           connection.send(ok);
                           connection.read_until("\r\n\r\n");
                         },
                         [&](RawClient& connection) {
                           connection.read_until("\r\n\r\n");
                           connection.send(ok);
                           connection.read_until("\r\n\r\n");
                         },
                         answers(ok)});
  const uint16_t port = proxy_to(server.port());
  EXPECT_TRUE(ask(port, kGetClose).ends_with("ok"));
  EXPECT_TRUE(ask(port, kGetClose).ends_with("ok"));
  EXPECT_TRUE(ask(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                  .starts_with("HTTP/1.1 502"));
}

TEST_F(ProxyTest, AnswersHostileRequestsWithTheirStatus) {
  const uint16_t port = proxy_to(serve());
  EXPECT_TRUE(ask(port, "GARBAGE\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(
      ask(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
          .starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(ask(port, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                  .starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(ask(port, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n")
                  .starts_with("HTTP/1.1 414"));
  EXPECT_TRUE(ask(port, kGetClose).starts_with("HTTP/1.1 200"));
}

TEST_F(ProxyTest, KeepsItsTimeouts) {
  thread_.run(
      [&] { site_->times = {.connect_ms = 100, .idle_ms = 100, .keep_alive_ms = 100, .head_ms = 100}; });
  ScriptedServer server({[](RawClient& connection) { connection.read_all(); }});  // never answers
  const uint16_t port = proxy_to(server.port());
  EXPECT_TRUE(ask(port, kGet).starts_with("HTTP/1.1 504"));
  EXPECT_TRUE(ask(port, "GET / HT").starts_with("HTTP/1.1 408"));
  EXPECT_TRUE(
      ask(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").starts_with("HTTP/1.1 408"));
  EXPECT_EQ(ask(port, ""), "");
}

TEST_F(ProxyTest, TunnelsWebSocketsBothWays) {
  std::string seen;
  ScriptedServer server({[&seen](RawClient& connection) {
    seen = connection.read_until("\r\n\r\n");
    connection.send(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello");
    connection.send("[" + connection.read_until("!") + "]");
    EXPECT_EQ(connection.read_all(), "");
  }});
  RawClient client(proxy_to(server.port()));
  client.send("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
  EXPECT_TRUE(client.read_until("hello").starts_with("HTTP/1.1 101"));
  client.send("ping!");
  EXPECT_EQ(client.read_until("]"), "[ping!]");
  client.close();
  EXPECT_NE(seen.find("Connection: Upgrade\r\nUpgrade: websocket\r\n"), std::string::npos) << seen;
}

TEST_F(ProxyTest, StreamsBodiesBothWaysInEachProtocol) {
  const uint16_t up = serve();
  const std::string plain = "http://127.0.0.1:" + std::to_string(proxy_to(up));
  EXPECT_EQ(run_command("curl -sS " + plain + "/big | wc -c").output, "4194304\n");
  EXPECT_EQ(run_command("head -c 5000000 /dev/zero | curl -sS -T - " + plain + "/up").output,
            "PUT /up 5000000 127.0.0.1\n");
  EXPECT_EQ(run_command("head -c 5000000 /dev/zero | curl -sS --data-binary @- " + plain + "/up").output,
            "POST /up 5000000 127.0.0.1\n");
  EXPECT_EQ(run_command("curl -sS --head -o /dev/null -w '%{http_code}' " + plain + "/x").output, "200");
}

// Between two plain sockets: through a pipe.
TEST_F(ProxyTest, PassesLongBodiesOnByteForByteAndGoesOnWithTheConnection) {
  std::string body(7'000'001, '\0');
  for (size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i * i % 23);
  body += "THE END";
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  ScriptedServer server({[&](RawClient& connection) {
    for (int i = 0; i < 2; ++i) {
      connection.read_until("\r\n\r\n");
      connection.send(head + body);
    }
  }});
  RawClient client(proxy_to(server.port()));
  client.send(std::string(kGet) + std::string(kGetClose));
  for (int i = 0; i < 2; ++i) {
    client.read_until("\r\n\r\n");
    std::string got = client.read_until("THE END");
    ASSERT_TRUE(got == body) << got.size();
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(log()[0].outcome, Outcome::answered);
  EXPECT_GT(log()[0].bytes_sent, body.size());
}

TEST_F(ProxyTest, CutsLongBodiesThatTheUpstreamCuts) {
  ScriptedServer server(
      {answers("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n" + std::string(3'000'000, 'x'))});
  RawClient client(proxy_to(server.port()));
  client.send(kGet);
  EXPECT_LE(client.read_all().size(), 3'000'200u);
  while (log().empty()) std::this_thread::yield();
  EXPECT_EQ(log()[0].outcome, Outcome::upstream_closed);
  EXPECT_EQ(log()[0].status, 200);
}

TEST_F(ProxyTest, SpeaksHttp2AndTlsToClients) {
  const uint16_t up = serve();
  const std::string tls = "https://127.0.0.1:" + std::to_string(proxy_to(up, true));
  for (const std::string version : {"--http1.1", "--http2"}) {
    const std::string curl = "curl -sSk " + version + " ";
    EXPECT_EQ(run_command(curl + tls + "/a?b").output, "GET /a?b 0 127.0.0.1\n");
    EXPECT_EQ(run_command(curl + tls + "/big | wc -c").output, "4194304\n");
    EXPECT_EQ(run_command("head -c 3000000 /dev/zero | " + curl + "-T - " + tls + "/up").output,
              "PUT /up 3000000 127.0.0.1\n");
    EXPECT_EQ(run_command("head -c 3000000 /dev/zero | " + curl + "--data-binary @- " + tls + "/up").output,
              "POST /up 3000000 127.0.0.1\n");
  }
  EXPECT_EQ(run_command("curl -sSk --http2 -o /dev/null -w '%{http_version}' " + tls + "/").output, "2");
  const auto load = run_command("h2load -n 3000 -c 4 -m 20 " + tls + "/ | grep -E 'status codes'");
  EXPECT_NE(load.output.find("3000 2xx"), std::string::npos) << load.output;
}

TEST_F(ProxyTest, TellsWhenTheClientGoesAway) {
  ScriptedServer server({[](RawClient& connection) { connection.read_all(); }});
  const uint16_t port = proxy_to(server.port());
  RawClient client(port);
  client.send(kGet);
  while (server.connections() == 0) std::this_thread::yield();
  client.close();
  while (log().empty()) std::this_thread::yield();
  EXPECT_EQ(log()[0].outcome, Outcome::client_gone);
  EXPECT_EQ(log()[0].status, 0);
}

}  // namespace
}  // namespace landfall::proxy
