// Connections whose requests came together: all are answered before the first answer is sent, and none is
// harmed by what becomes of another.
#include "runtime/turns.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "http/server.h"
#include "http/testing.h"

namespace landfall::http {
namespace {

using testing::RawClient;

class ServerTurnsTest : public ::testing::Test {
 protected:
  // Connected, accepted and idle.
  void connect(size_t clients) {
    auto listener = testing::listen_anywhere();
    ASSERT_TRUE(
        server_->serve(std::move(listener.fd), {.transport = Transport::plain, .tls = {}, .limits = {}},
                       [this](std::shared_ptr<Exchange> exchange) { handler_(std::move(exchange)); }));
    for (size_t i = 0; i < clients; ++i) clients_.push_back(std::make_unique<RawClient>(listener.port));
    turn();
  }
  void send_all(std::string_view request) {
    for (const auto& client : clients_) client->send(request);
  }
  void turn() {
    for (int i = 0; i < 5; ++i) loop_->run_once(0);
  }
  bool has_bytes(const RawClient& client) {
    char byte;
    return recv(client.fd(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
  }

  ManualClock clock_;
  std::unique_ptr<EventLoop> loop_ = EventLoop::create(clock_).value();
  std::unique_ptr<HttpServer> server_ = HttpServer::create(*loop_);
  std::vector<std::unique_ptr<RawClient>> clients_;
  std::function<void(std::shared_ptr<Exchange>)> handler_;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_F(ServerTurnsTest, AllAreAnsweredBeforeTheFirstAnswerIsSent) {
  size_t handled = 0;
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    size_t sent = 0;
    for (const auto& client : clients_) sent += has_bytes(*client);
    EXPECT_EQ(sent, handled / kTurns * kTurns);
    ++handled;
    exchange->respond({}, "ok");
  };
  connect(kTurns + 5);
  for (int round = 0; round < 3; ++round) {
    handled = 0;
    send_all(kGet);
    turn();
    EXPECT_EQ(handled, clients_.size());
    for (const auto& client : clients_) EXPECT_TRUE(client->read_until("\r\n\r\nok").ends_with("ok"));
  }
}

TEST_F(ServerTurnsTest, AnAnswerDoesNotWaitForTheSlowOnesOfOthers) {
  size_t handled = 0;
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    size_t sent = 0;
    for (const auto& client : clients_) sent += has_bytes(*client);
    EXPECT_EQ(sent, handled);
    ++handled;
    exchange->respond({}, "ok");
    clock_.advance_ms(1);
  };
  connect(4);
  send_all(kGet);
  turn();
  EXPECT_EQ(handled, 4U);
}

TEST_F(ServerTurnsTest, PipelinedRequestsAndHalvesOfThemKeepTheirOrder) {
  handler_ = [&](std::shared_ptr<Exchange> exchange) { exchange->respond({}, exchange->request().target); };
  connect(3);
  send_all("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\nGET /3 HTTP/1.1\r\nHo");
  turn();
  for (const auto& client : clients_) client->read_until("\r\n\r\n/2");
  send_all("st: a\r\n\r\n");
  turn();
  for (const auto& client : clients_) EXPECT_TRUE(client->read_until("\r\n\r\n/3").ends_with("/3"));
}

// A MiB each, at a loop that comes to them when all of it may have come.
TEST_F(ServerTurnsTest, BodiesComeInSideBySide) {
  constexpr size_t kBody = 1 << 20, kTurn = 256 * 1024, kRoom = 64 * 1024;
  std::vector<size_t> got;
  size_t ended = 0, last = 0, at_once = 0, most_at_once = 0;
  std::string room(kRoom, ' ');
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    const size_t mine = got.size();
    got.push_back(0);
    exchange->read_body({.on_data =
                             [&, mine](std::string_view data) {
                               at_once =
                                   std::exchange(last, mine) == mine ? at_once + data.size() : data.size();
                               most_at_once = std::max(most_at_once, at_once);
                               got[mine] += data.size();
                             },
                         .room = [&] { return std::span<char>(room); },
                         .on_end = [&] { ++ended; },
                         .on_error = [](Error) { ADD_FAILURE(); }});
  };
  connect(2);
  send_all("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kBody) + "\r\n\r\n");
  turn();
  ASSERT_EQ(got.size(), 2U);
  const std::string body(kBody, 'x');
  std::vector<size_t> sent(2, 0);
  for (int tries = 0; tries < 10'000 && ended < 2; ++tries) {
    for (size_t i = 0; i < 2; ++i) {
      const ssize_t n = ::send(clients_[i]->fd(), body.data(), kBody - sent[i], MSG_DONTWAIT);
      if (n > 0) sent[i] += static_cast<size_t>(n);
    }
    at_once = 0;
    loop_->run_once(0);
  }
  EXPECT_EQ(ended, 2U);
  EXPECT_EQ(got, std::vector<size_t>(2, kBody));
  EXPECT_LE(most_at_once, kTurn + kRoom);
}

TEST_F(ServerTurnsTest, AnAnswerThatIsAbortedByAnothersHandlerHarmsNobodyElse) {
  std::shared_ptr<Exchange> first;
  size_t handled = 0;
  handler_ = [&](std::shared_ptr<Exchange> exchange) {
    if (++handled == 1) {
      first = exchange;
      exchange->start({});
      exchange->write("half");
      return;
    }
    if (first) std::exchange(first, nullptr)->abort();
    exchange->respond({}, "ok");
  };
  connect(3);
  send_all(kGet);
  turn();
  size_t whole = 0;
  for (const auto& client : clients_)
    whole += has_bytes(*client) && client->read_until("\r\n\r\nok").ends_with("ok");
  EXPECT_EQ(whole, 2U);
}

TEST_F(ServerTurnsTest, ARequestThatComesAsItsConnectionGetsTooOldIsStillAnswered) {
  handler_ = [&](std::shared_ptr<Exchange> exchange) { exchange->respond({}, "ok"); };
  connect(1);
  send_all(kGet);
  turn();
  clients_[0]->read_until("\r\n\r\nok");
  clock_.advance_ms(ServerLimits{}.idle_timeout_ms + 5'000);
  send_all(kGet);
  turn();
  EXPECT_TRUE(clients_[0]->read_until("\r\n\r\nok").starts_with("HTTP/1.1 200"));
}

TEST_F(ServerTurnsTest, AServerThatGoesBeforeTheirTurnTakesThemAlong) {
  size_t handled = 0;
  handler_ = [&](std::shared_ptr<Exchange>) { ++handled; };
  connect(3);
  send_all(kGet);
  loop_->post([this] { server_.reset(); });  // runs after they have read
  turn();
  EXPECT_EQ(handled, 0U);
  for (const auto& client : clients_) EXPECT_EQ(client->read_all(), "");
}

TEST_F(ServerTurnsTest, AClientThatLeftWithItsRequestIsStillAnswered) {
  handler_ = [&](std::shared_ptr<Exchange> exchange) { exchange->respond({}, "ok"); };
  connect(2);
  send_all(kGet);
  clients_[0]->close_write();
  turn();
  for (const auto& client : clients_) EXPECT_TRUE(client->read_until("\r\n\r\nok").ends_with("ok"));
}

}  // namespace
}  // namespace landfall::http
