#include "http/server.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <future>

#include "http/testing.h"
#include "net/stream.h"
#include "net/tls.h"

namespace landfall::http {
namespace {

using testing::LoopThread;
using testing::RawClient;
using testing::run_command;

std::atomic<int> times_full = 0;  // that /files was told to wait

// Answers by path, so that each test reads as what a client sees.
void answer(std::shared_ptr<Exchange> exchange) {
  const std::string path(exchange->request().path());
  if (path == "/echo") {
    exchange->read_whole_body(1000, [exchange](Result<std::string> body) {
      if (body)
        exchange->respond({.status = 200}, *body);
      else
        exchange->respond({.status = 413}, body.error().message);
    });
  } else if (path == "/length") {  // streams the body in and tells how long it was
    auto bytes = std::make_shared<size_t>(0);
    exchange->read_body({.on_data = [bytes](std::string_view data) { *bytes += data.size(); },
                         .on_end = [bytes, exchange] { exchange->respond({}, std::to_string(*bytes)); },
                         .on_error = [](Error) {}});
  } else if (path == "/in-place") {  // the same, read to where it wants it, and tells what it was
    struct Places {
      std::string body, room;
    };
    auto places = std::make_shared<Places>();
    exchange->read_body({.on_data =
                             [places](std::string_view data) {
                               EXPECT_TRUE(places->body.empty() || data.data() == places->room.data());
                               places->body += data;
                             },
                         .room =
                             [places] {
                               places->room.assign(1000, '?');
                               return std::span<char>(places->room);
                             },
                         .on_end = [places, exchange] { exchange->respond({}, places->body); },
                         .on_error = [](Error) {}});
  } else if (path == "/stream") {  // 4 MiB, obeying back-pressure
    exchange->start({});
    auto left = std::make_shared<int>(64);
    auto more = std::make_shared<std::function<void()>>();
    *more = [exchange, left, more] {
      while (*left > 0) {
        --*left;
        if (!exchange->write(std::string(65536, 's'))) {
          exchange->on_writable([more] { (*more)(); });
          return;
        }
      }
      exchange->finish();
      *more = nullptr;
    };
    auto begin = *more;
    begin();
  } else if (path == "/file") {
    char name[] = "/tmp/landfall-test-XXXXXX";
    UniqueFd file(mkstemp(name));
    unlink(name);
    const std::string text(300'000, 'f');
    EXPECT_EQ(write(file.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    Response head;
    head.headers.add("Content-Length", "200000");
    exchange->start(head);
    exchange->send_file(std::make_shared<const UniqueFd>(std::move(file)), 100'000, 200'000);
    exchange->finish();
  } else if (path == "/files") {  // 32 MiB of one file, as fast as there is room
    char name[] = "/tmp/landfall-test-XXXXXX";
    auto file = std::make_shared<const UniqueFd>(mkstemp(name));
    unlink(name);
    EXPECT_EQ(ftruncate(file->get(), 1 << 20), 0);
    Response head;
    head.headers.add("Content-Length", std::to_string(32 << 20));
    exchange->start(head);
    auto left = std::make_shared<int>(32);
    auto more = std::make_shared<std::function<void()>>();
    *more = [exchange, file, left, more] {
      while (*left > 0) {
        --*left;
        if (!exchange->send_file(file, 0, 1 << 20)) {
          ++times_full;
          times_full.notify_all();
          exchange->on_writable([more] { (*more)(); });
          return;
        }
      }
      exchange->finish();
      *more = nullptr;
    };
    auto begin = *more;
    begin();
  } else if (path == "/cut") {
    exchange->start({});
    exchange->write("half");
    exchange->abort();
  } else if (path == "/fields") {  // those of the request, one a line
    std::string body;
    for (const Header& field : exchange->request().headers)
      body.append(field.name).append("=[").append(field.value).append("]\n");
    exchange->respond({}, body);
  } else if (path == "/answered") {  // fields that are not the application's among its own
    Response head;
    head.headers.add("X-A", "1");
    head.headers.add("Connection", "upgrade");
    head.headers.add("Date", "Mon, 23 Nov 2026 00:00:00 GMT");
    head.headers.add("X-B", "2");
    head.headers.add("Content-Length", "77");
    head.headers.add("X-C", "3");
    exchange->respond(head, "ok");
  } else if (path == "/inject") {
    Response head;
    head.headers.add("X-A", "b\r\nX-Evil: 1");
    exchange->respond(head, "ok");
  } else if (path == "/later") {
    // Holds the exchange until the client goes away or forever.
    exchange->on_close([] {});
  } else {
    Response head;
    head.headers.add("X-Peer", exchange->request().peer.address + " " + exchange->request().peer.server_name);
    exchange->respond(head, exchange->request().method + " " + exchange->request().target + "\n");
  }
}

class HttpServerTest : public ::testing::Test {
 protected:
  ~HttpServerTest() override {
    thread_.run([this] { server_.reset(); });
  }
  uint16_t serve(ListenOptions options) {
    auto listener = testing::listen_anywhere();
    thread_.run([&] {
      if (!server_) server_ = HttpServer::create(thread_.loop());
      ASSERT_TRUE(server_->serve(std::move(listener.fd), std::move(options), answer));
    });
    return listener.port;
  }
  uint16_t serve_plain() { return serve({}); }
  uint16_t serve_tls(Transport transport) {
    const auto certificate = testing::self_signed("test.example");
    auto context =
        net::make_server_tls({.chain_pem = certificate.chain_pem, .key_pem = certificate.key_pem}).value();
    return serve({.transport = transport, .tls = [context](std::string_view name) {
                    return name == "refused.example" ? nullptr : context;
                  }});
  }

  LoopThread thread_;
  std::unique_ptr<HttpServer> server_;
};

std::string get(uint16_t port, std::string_view bytes) {
  RawClient client(port);
  client.send(bytes);
  return client.read_all();
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrderOnOneConnection) {
  const uint16_t port = serve_plain();
  const std::string all =
      get(port,
          "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
          "GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const size_t first = all.find("GET /1"), second = all.find("abc"), third = all.find("GET /3");
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_NE(third, std::string::npos);
  EXPECT_NE(all.find("Connection: close"), std::string::npos);
}

TEST_F(HttpServerTest, SendsHundredContinueOnlyWhenTheBodyIsRead) {
  const uint16_t port = serve_plain();
  RawClient reads(port);
  reads.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(reads.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  reads.send("xyz");
  EXPECT_NE(reads.read_until("xyz").find("200 OK"), std::string::npos);
  reads.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(reads.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_NE(reads.read_until("\r\n\r\n").find("200 OK"), std::string::npos);
  const std::string refused =
      get(port, "POST /other HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(refused.find("100 Continue"), std::string::npos);
  EXPECT_NE(refused.find("Connection: close"), std::string::npos);
}

TEST_F(HttpServerTest, ReadsChunkedBodiesAndRefusesTooLongOnes) {
  const uint16_t port = serve_plain();
  EXPECT_NE(get(port,
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                .find("\r\n\r\nabcde"),
            std::string::npos);
  const std::string long_body(5000, 'x');
  EXPECT_NE(get(port, "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5000\r\n\r\n" +
                          long_body)
                .find("413"),
            std::string::npos);
}

TEST_F(HttpServerTest, ReadsABodyToWhereItsReaderWantsItAndNoFurther) {
  const uint16_t port = serve_plain();
  std::string body;
  for (int i = 0; body.size() < 50'000; ++i) body += std::to_string(i) + ' ';
  const std::string got =
      get(port, "POST /in-place HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body + "GET /in-place HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(got.find("\r\n\r\n" + body + "HTTP/1.1 200"), std::string::npos);
  EXPECT_TRUE(get(port,
                  "POST /in-place HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
                  "Connection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
                  .ends_with("\r\n\r\nabc"));
}

TEST_F(HttpServerTest, AnswersHostileInputWithItsStatusAndCloses) {
  const uint16_t port = serve_plain();
  EXPECT_TRUE(get(port, "GARBAGE\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_TRUE(get(port, "GET / HTTP/3.0\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 505"));
  EXPECT_TRUE(get(port, "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n").starts_with("HTTP/1.1 414"));
  EXPECT_TRUE(
      get(port, "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'a')).starts_with("HTTP/1.1 431"));
  EXPECT_TRUE(
      get(port, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n").starts_with("HTTP/1.1 501"));
  EXPECT_TRUE(get(port, "\x16\x03\x01").starts_with("HTTP/1.1 400"));
  EXPECT_NE(get(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").find("200 OK"),
            std::string::npos);
}

TEST_F(HttpServerTest, StreamsLongAnswersThroughBackPressure) {
  const uint16_t port = serve_plain();
  RawClient client(port);
  client.send("GET /stream HTTP/1.0\r\n\r\n");
  const std::string all = client.read_all();
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, 4u << 20);
  EXPECT_EQ(run_command("curl -sS http://127.0.0.1:" + std::to_string(port) + "/stream | wc -c").output,
            "4194304\n");
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  const uint16_t port = serve_plain();
  const std::string all = get(port, "HEAD /abc HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(all.find("Content-Length: 10\r\n"), std::string::npos) << all;
  EXPECT_TRUE(all.ends_with("\r\n\r\n"));
}

TEST_F(HttpServerTest, HandsOverFieldsWithoutTheSpaceAroundThem) {
  const uint16_t port = serve_plain();
  const std::string expected = "Host=[a]\nX-A=[1]\nX-B=[2]\nX-C=[]\nX-D=[4 5]\nConnection=[close]\n";
  const auto fields = [&](const std::string& lines) {
    const std::string all = get(port, "GET /fields HTTP/1.1\r\n" + lines + "Connection: close\r\n\r\n");
    return all.substr(all.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(fields("Host: a\r\nX-A: 1\r\nX-B: 2\r\nX-C: \r\nX-D: 4 5\r\n"), expected);
  for (const char* lines : {"Host:a\r\nX-A: 1\r\nX-B: 2\r\nX-C: \r\nX-D: 4 5\r\n",
                            "Host: a\r\nX-A:\t1\r\nX-B: 2\r\nX-C: \r\nX-D: 4 5\r\n",
                            "Host: a\r\nX-A: 1\r\nX-B: 2 \r\nX-C:\r\nX-D: 4 5\r\n",
                            "Host: a\r\nX-A: 1\r\nX-B:  2\r\nX-C: \r\nX-D: 4 5 \t\r\n"})
    EXPECT_EQ(fields(lines), expected) << lines;
}

TEST_F(HttpServerTest, SendsTheApplicationsFieldsAndItsOwnFraming) {
  const std::string all =
      get(serve_plain(), "GET /answered HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(all,
            "HTTP/1.1 200 OK\r\nX-A: 1\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\nX-B: 2\r\nX-C: 3\r\n"
            "Content-Length: 2\r\nConnection: close\r\n\r\nok");
}

TEST_F(HttpServerTest, ReplacesLineEndsInFieldValues) {
  const std::string all = get(serve_plain(), "GET /inject HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(all.find("X-A: b  X-Evil: 1\r\n"), std::string::npos) << all;
}

TEST_F(HttpServerTest, CutsAnAbortedAnswerVisibly) {
  const std::string all = get(serve_plain(), "GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(all.find("0\r\n\r\n"), std::string::npos);
}

TEST_F(HttpServerTest, TimesOutSlowHeadsAndIdleConnections) {
  ListenOptions options;
  options.limits.header_timeout_ms = 60;
  options.limits.idle_timeout_ms = 60;
  const uint16_t port = serve(std::move(options));
  EXPECT_TRUE(get(port, "GET / HTT").starts_with("HTTP/1.1 408"));
  EXPECT_EQ(get(port, ""), "");
  EXPECT_NE(get(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, DetectsTlsByTheFirstByte) {
  const uint16_t port = serve_tls(Transport::detect);
  const std::string at = "127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(run_command("curl -sS http://" + at + "/p").output, "GET /p\n");
  EXPECT_EQ(run_command("curl -sS --http1.1 -k https://" + at + "/t").output, "GET /t\n");
}

TEST_F(HttpServerTest, ChoosesTheCertificateByServerNameAndRefusesUnknownOnes) {
  const uint16_t port = serve_tls(Transport::tls);
  const std::string p = std::to_string(port);
  const auto named = run_command("curl -sSi --http1.1 -k --resolve test.example:" + p +
                                 ":127.0.0.1 https://test.example:" + p + "/");
  EXPECT_NE(named.output.find("X-Peer: 127.0.0.1 test.example"), std::string::npos) << named.output;
  EXPECT_NE(run_command("curl -sS -k --resolve refused.example:" + p +
                        ":127.0.0.1 https://refused.example:" + p + "/")
                .status,
            0);
}

TEST_F(HttpServerTest, ServesFilesPlainAndUnderTlsAndOverHttp2) {
  const std::string port = std::to_string(serve_tls(Transport::detect));
  for (const std::string how : {"http://", "--http1.1 https://", "--http2 https://"})
    EXPECT_EQ(run_command("curl -sSk " + how + "127.0.0.1:" + port + "/file | tr -d f | wc -c").output, "0\n")
        << how;
  for (const std::string how : {"http://", "--http1.1 https://", "--http2 https://"})
    EXPECT_EQ(run_command("curl -sSk " + how + "127.0.0.1:" + port + "/file | wc -c").output, "200000\n")
        << how;
}

TEST_F(HttpServerTest, TakesFilesNoFasterThanTheClientDoes) {
  const uint16_t port = serve_tls(Transport::detect);
  RawClient slow(port);
  slow.send("GET /files HTTP/1.0\r\n\r\n");
  times_full.wait(0);  // told before the client has read a byte
  const std::string all = slow.read_all();
  EXPECT_EQ(all.size() - all.find("\r\n\r\n") - 4, 32u << 20);
  for (const std::string how : {"--http1.1", "--http2"})
    EXPECT_EQ(
        run_command("curl -sSk " + how + " https://127.0.0.1:" + std::to_string(port) + "/files | wc -c")
            .output,
        "33554432\n")
        << how;
}

// The idle timeout is far: what ends it is that it takes too little in the window.
TEST_F(HttpServerTest, AReaderThatTakesTooLittleIsLetGoAndOneThatReadsIsNot) {
  ListenOptions options;
  options.limits.pace_window_ms = 500;
  options.limits.connections = 1;
  const uint16_t port = serve(options);
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int small = 4096;
  setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  ASSERT_EQ(connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  RawClient slow(std::move(socket));
  slow.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
  // While it holds the one connection there is no other. It cannot see that it is let go: what the kernel has
  // for it comes before the end.
  std::string other;
  do other = get(port, "GET /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  while (other.empty());
  EXPECT_GT(other.size(), 4u << 20);
  EXPECT_LT(slow.read_all().size(), 4u << 20);
}

TEST_F(HttpServerTest, SpeaksHttp2WithBodiesBothWays) {
  const std::string at = "https://127.0.0.1:" + std::to_string(serve_tls(Transport::tls));
  EXPECT_EQ(
      run_command("curl -sSk --http2 -o /dev/null -w '%{http_version} %{http_code}' " + at + "/").output,
      "2 200");
  EXPECT_EQ(run_command("curl -sSk --http2 " + at + "/stream | wc -c").output, "4194304\n");
  EXPECT_EQ(run_command("head -c 3000000 /dev/zero | curl -sSk --http2 -T - " + at + "/length").output,
            "3000000");
  EXPECT_EQ(run_command("head -c 3000000 /dev/zero | curl -sSk --http1.1 -T - " + at + "/length").output,
            "3000000");
  EXPECT_EQ(run_command("curl -sSk --http2 --head -o /dev/null -w '%{http_code}' " + at + "/").output, "200");
  EXPECT_NE(run_command("curl -sSk --http2 " + at + "/cut").status, 0);
  const auto load = run_command("h2load -n 2000 -c 4 -m 16 " + at + "/ | grep 'status codes'");
  EXPECT_NE(load.output.find("2000 2xx"), std::string::npos) << load.output;
}

// Two records come in one piece, a third while the first is worked on: its edge has been told of by then, and
// whoever believed that the socket is empty would wait for it for ever.
TEST(TlsStream, ARecordOutOfTheBufferDoesNotSayThatTheSocketIsEmpty) {
  const auto certificate = testing::self_signed("test.example");
  const auto context =
      net::make_server_tls({.chain_pem = certificate.chain_pem, .key_pem = certificate.key_pem}).value();
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
  net::Stream server{UniqueFd(ends[0])}, client{UniqueFd(ends[1])};
  ASSERT_TRUE(server.accept_tls(context));
  ASSERT_TRUE(client.connect_tls(net::make_client_tls({.verify = net::VerifyPeer::no}).value(), ""));
  while (!server.handshaken() || !client.handshaken()) {
    ASSERT_NE(client.handshake(), net::IoStatus::error);
    ASSERT_NE(server.handshake(), net::IoStatus::error);
  }
  char buffer[100];
  const auto read = [&] { return std::string(buffer, server.read(buffer, sizeof buffer).bytes); };
  client.write("A", 1);
  client.write("B", 1);
  EXPECT_EQ(read(), "A");
  EXPECT_FALSE(server.drained());
  client.write("C", 1);
  EXPECT_EQ(read(), "B");
  EXPECT_FALSE(server.drained());
  EXPECT_EQ(read(), "C");
  EXPECT_TRUE(server.drained());
}

TEST_F(HttpServerTest, DrainsAfterTheLastAnswer) {
  const uint16_t port = serve_plain();
  RawClient idle(port), busy(port);
  busy.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
  busy.read_until("\r\n\r\n");
  std::promise<void> drained;
  thread_.run([&] { server_->drain([&] { drained.set_value(); }); });
  EXPECT_EQ(idle.read_all(), "");
  busy.send("end");
  EXPECT_NE(busy.read_all().find("Connection: close"), std::string::npos);
  EXPECT_EQ(drained.get_future().wait_for(std::chrono::seconds(5)), std::future_status::ready);
}

}  // namespace
}  // namespace landfall::http
