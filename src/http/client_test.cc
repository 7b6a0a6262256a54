#include "http/client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>

#include "http/server.h"
#include "http/testing.h"
#include "net/socket.h"

namespace landfall::http {
namespace {

using Outcome = std::expected<Fetched, ClientError>;

class HttpClientTest : public ::testing::Test {
 protected:
  HttpClientTest() {
    thread_.run([this] { client_ = Client::create(thread_.loop()); });
  }
  ~HttpClientTest() override {
    thread_.run([this] {
      client_.reset();
      server_.reset();
    });
  }

  void serve(UniqueFd listener, ListenOptions options = {}) {
    thread_.run([&] {
      server_ = HttpServer::create(thread_.loop());
      ASSERT_TRUE(
          server_->serve(std::move(listener), std::move(options), [](std::shared_ptr<Exchange> exchange) {
            const Request& request = exchange->request();
            if (request.path() == "/port") return exchange->respond({}, std::to_string(request.peer.port));
            if (request.path() == "/silent") return;
            if (request.path() == "/long") {
              exchange->start({});
              exchange->write(std::string(100'000, 'l'));
              return exchange->finish();
            }
            exchange->read_whole_body(1 << 24, [exchange](Result<std::string> body) {
              exchange->respond({.status = 201}, exchange->request().method + " " +
                                                     exchange->request().authority + " " +
                                                     std::to_string(body ? body->size() : 0));
            });
          }));
    });
  }

  Outcome fetch(const Endpoint& endpoint, std::string method, std::string target, std::string body = {},
                size_t limit = 1 << 20, ClientTimeouts timeouts = {}) {
    std::promise<Outcome> promise;
    thread_.loop().post([&] {
      ClientRequest request{.body = std::move(body), .timeouts = timeouts};
      request.head.method = std::move(method);
      request.head.target = std::move(target);
      request.head.authority = "api.example";
      client_->fetch(endpoint, std::move(request), limit,
                     [&](Outcome outcome) { promise.set_value(std::move(outcome)); });
    });
    return promise.get_future().get();
  }

  testing::LoopThread thread_;
  std::unique_ptr<Client> client_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpClientTest, FetchesOverTcpAndKeepsTheConnection) {
  auto listener = testing::listen_anywhere();
  const Endpoint endpoint = Endpoint::tcp("127.0.0.1", listener.port);
  serve(std::move(listener.fd));
  const auto answer = fetch(endpoint, "POST", "/x", "hello");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->head.status, 201);
  EXPECT_EQ(answer->body, "POST api.example 5");
  const std::string first = fetch(endpoint, "GET", "/port")->body;
  EXPECT_EQ(fetch(endpoint, "GET", "/port")->body, first);
  EXPECT_EQ(fetch(endpoint, "GET", "/long")->body.size(), 100'000u);
  EXPECT_EQ(fetch(endpoint, "GET", "/long", "", 1000).error().kind, ClientErrorKind::malformed);
}

TEST_F(HttpClientTest, FetchesOverAUnixSocket) {
  const std::string path = "/tmp/landfall-client-test-" + std::to_string(getpid()) + ".sock";
  serve(net::listen_unix(path, 0600).value());
  EXPECT_EQ(fetch(Endpoint::unix_socket(path), "GET", "/x")->body, "GET api.example 0");
  unlink(path.c_str());
}

TEST_F(HttpClientTest, VerifiesTheServersCertificate) {
  auto listener = testing::listen_anywhere();
  const uint16_t port = listener.port;
  const auto certificate = testing::self_signed("good.example");
  auto context =
      net::make_server_tls({.chain_pem = certificate.chain_pem, .key_pem = certificate.key_pem}).value();
  serve(std::move(listener.fd),
        {.transport = Transport::tls, .tls = [context](std::string_view) { return context; }});
  auto trusting = net::make_client_tls({.ca_pem = certificate.chain_pem}).value();
  const Endpoint tcp = Endpoint::tcp("127.0.0.1", port);
  EXPECT_EQ(fetch(Endpoint::tls_over(tcp, trusting, "good.example"), "GET", "/x")->body, "GET api.example 0");
  EXPECT_EQ(fetch(Endpoint::tls_over(tcp, trusting, "evil.example"), "GET", "/x").error().kind,
            ClientErrorKind::tls);
  auto system = net::make_client_tls({}).value();
  EXPECT_EQ(fetch(Endpoint::tls_over(tcp, system, "good.example"), "GET", "/x").error().kind,
            ClientErrorKind::tls);
}

TEST_F(HttpClientTest, TellsRefusedConnectionsAndTimeoutsApart) {
  auto listener = testing::listen_anywhere();
  const Endpoint endpoint = Endpoint::tcp("127.0.0.1", listener.port);
  serve(std::move(listener.fd));
  EXPECT_EQ(fetch(endpoint, "GET", "/silent", "", 1000, {.response_head_ms = 50}).error().kind,
            ClientErrorKind::timeout);
  auto gone = testing::listen_anywhere();
  gone.fd.reset();
  EXPECT_EQ(fetch(Endpoint::tcp("127.0.0.1", gone.port), "GET", "/").error().kind, ClientErrorKind::connect);
}

TEST_F(HttpClientTest, SendsNothingThatWouldBeReadAsAnotherRequest) {
  auto listener = testing::listen_anywhere();
  const Endpoint endpoint = Endpoint::tcp("127.0.0.1", listener.port);
  serve(std::move(listener.fd));
  for (const char* target : {"/a b", "/a HTTP/1.1\r\nX: y", "/a\nb", "/a\tb", "/a\x7f"})
    EXPECT_EQ(fetch(endpoint, "GET", target).error().kind, ClientErrorKind::unsendable) << target;
  for (const char* method : {"", "GET /x", "GET\r\n"})
    EXPECT_EQ(fetch(endpoint, method, "/").error().kind, ClientErrorKind::unsendable) << method;

  EXPECT_EQ(fetch(endpoint, "GET", "/a%20b?c=d%0d%0a")->head.status, 201);
  EXPECT_EQ(fetch(endpoint, "GET", "/caf\xc3\xa9")->head.status, 201)
      << "RFC 9110 has no place for it, origins do";
}

// A server that closes each kept connection when the second request comes on it.
TEST_F(HttpClientTest, SendsAnIdempotentRequestAgainWhenAKeptConnectionTurnsOutClosed) {
  auto listener = testing::listen_anywhere();
  const Endpoint endpoint = Endpoint::tcp("127.0.0.1", listener.port);
  std::thread server([&listener] {
    for (int i = 0; i < 3; ++i) {
      UniqueFd fd;
      while (!fd) fd = UniqueFd(accept4(listener.fd.get(), nullptr, nullptr, 0));
      char buffer[4096];
      EXPECT_GT(recv(fd.get(), buffer, sizeof buffer, 0), 0);
      const std::string_view answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
      send(fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
      EXPECT_GE(recv(fd.get(), buffer, sizeof buffer, 0),
                0);  // the second request, unanswered; the last ends with EOF
    }
  });
  EXPECT_EQ(fetch(endpoint, "GET", "/")->body, "ok");
  EXPECT_EQ(fetch(endpoint, "GET", "/")->body, "ok");  // retried on a second connection
  EXPECT_EQ(fetch(endpoint, "POST", "/", "x").error().kind,
            ClientErrorKind::closed);  // not safe to send again
  EXPECT_EQ(fetch(endpoint, "GET", "/")->body, "ok");
  thread_.run([this] { client_.reset(); });
  server.join();
  thread_.run([this] { client_ = Client::create(thread_.loop()); });
}

TEST_F(HttpClientTest, StreamsABodyOutWithBackPressure) {
  auto listener = testing::listen_anywhere();
  const Endpoint endpoint = Endpoint::tcp("127.0.0.1", listener.port);
  serve(std::move(listener.fd));
  std::promise<std::string> promise;
  std::shared_ptr<ClientCall> call;
  std::function<void()> more;
  int left = 100;
  thread_.loop().post([&] {
    ClientRequest request{.streams_body = true};
    request.head.method = "PUT";
    request.head.target = "/x";
    request.head.authority = "a";
    auto body = std::make_shared<std::string>();
    call = client_->start(endpoint, std::move(request),
                          {.on_data = [body](std::string_view data) { body->append(data); },
                           .on_end = [body, &promise] { promise.set_value(*body); },
                           .on_error = [&promise](ClientError error) { promise.set_value(error.message); }});
    more = [&] {
      while (left > 0) {
        --left;
        if (!call->write(std::string(65'536, 'b'))) return call->on_writable([&] { more(); });
      }
      call->finish();
    };
    more();
  });
  EXPECT_EQ(promise.get_future().get(), "PUT a 6553600");
}

}  // namespace
}  // namespace landfall::http
