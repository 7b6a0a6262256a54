// Answers that a site shares from memory or a file, and decisions that it makes later.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "net/tls.h"
#include "proxy/testing.h"

namespace landfall::proxy {
namespace {

using http::testing::RawClient;
using testing::TestSite;

class ServeTest : public ::testing::Test {
 protected:
  ServeTest() {
    auto socket = http::testing::listen_anywhere();
    port_ = socket.port;
    thread_.run([&] {
      worker_ = std::make_unique<Worker>(thread_.loop());
      listener_ = worker_->listen(std::move(socket.fd), {.site = site_}).value();
    });
  }
  ~ServeTest() override {
    thread_.run([this] {
      listener_.reset();
      site_->on_decide = nullptr;
      held_.clear();
      worker_.reset();
    });
  }
  std::string ask(const std::string& head) {
    RawClient client(port_);
    client.send(head);
    return client.read_all();
  }
  static constexpr char kAsk[] = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  http::testing::LoopThread thread_;
  std::shared_ptr<TestSite> site_ = std::make_shared<TestSite>();
  std::unique_ptr<Worker> worker_;
  std::shared_ptr<Listener> listener_;
  std::vector<std::shared_ptr<Later>> held_;
  uint16_t port_ = 0;
};

// Requests sent ahead by a client that reads as fast as it is answered: another's comes between them.
TEST_F(ServeTest, requests_sent_ahead_let_others_have_their_turn) {
  constexpr int kAhead = 800;
  const auto body = std::make_shared<const std::string>(64 * 1024, 'b');
  RawClient eager(port_), other(port_);
  int answered = 0, before_other = -1;
  thread_.run([&] {
    site_->on_decide = [&, body](Transaction& t) {
      if (t.head().origin_form() == "/other") {
        before_other = answered;
      } else if (answered++ == 0) {
        other.send("GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      }
      t.decision().kind = DecisionKind::serve;
      t.decision().status = 200;
      t.decision().content = Content::of(*body);
      t.decision().keep_alive = body;
    };
  });
  std::string requests;
  for (int i = 1; i < kAhead; ++i) requests += "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  eager.send(requests + kAsk);
  EXPECT_GT(eager.read_all().size(), kAhead * body->size());
  EXPECT_GT(other.read_all().size(), body->size());
  thread_.run([&] { EXPECT_LE(before_other * body->size(), 3 * kTurnBytes) << "of " << answered; });
}

TEST_F(ServeTest, shared_bytes_of_any_size_arrive_whole) {
  for (size_t size : {size_t{0}, size_t{100}, size_t{10'000}, size_t{20'000'000}}) {
    const auto body = std::make_shared<const std::string>(size, 'b');
    thread_.run([&] {
      site_->on_decide = [body](Transaction& t) {
        t.decision().kind = DecisionKind::serve;
        t.decision().status = 200;
        t.decision().head_lines = "X-Shared: yes\r\n";
        t.decision().content = Content::of(*body);
        t.decision().keep_alive = body;
      };
    });
    const std::string answer = ask(kAsk);
    EXPECT_TRUE(
        answer.starts_with("HTTP/1.1 200 OK\r\nX-Shared: yes\r\nContent-Length: " + std::to_string(size)));
    EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, size);
    const std::string head = ask("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  }
}

TEST_F(ServeTest, a_part_of_a_file_is_sent) {
  const auto file = std::make_shared<const UniqueFd>(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  ASSERT_TRUE(*file);
  const std::string text = "0123456789" + std::string(3'000'000, 'f') + "end";
  ASSERT_EQ(::write(file->get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  thread_.run([&] {
    site_->on_decide = [file, size = text.size()](Transaction& t) {
      t.decision().kind = DecisionKind::serve;
      t.decision().status = 200;
      t.decision().content = {.file = file, .offset = 10, .length = size - 10};
    };
  });
  EXPECT_TRUE(ask(kAsk).ends_with("\r\n\r\n" + text.substr(10)));
  thread_.run([&] {
    site_->on_decide = [file, size = text.size()](Transaction& t) {
      t.decision().kind = DecisionKind::serve;
      t.decision().status = 200;
      t.decision().content = {.file = file, .length = size + 1};  // longer than it is
    };
  });
  RawClient client(port_);
  client.send(kAsk);
  std::string got(8 * 1024 * 1024, '\0');
  size_t at = 0;
  ssize_t n;
  while ((n = ::read(client.fd(), got.data() + at, got.size() - at)) > 0) at += static_cast<size_t>(n);
  EXPECT_LT(n, 0) << "cut by a reset, so that it is not taken for the whole";
}

TEST_F(ServeTest, a_decision_may_come_later_or_find_the_client_gone) {
  thread_.run([&] {
    site_->on_decide = [this](Transaction& t) {
      t.decision().kind = DecisionKind::later;
      held_.push_back(t.later());
      thread_.loop().post([this] {
        Later& later = *held_.front();
        later.transaction()->decision().kind = DecisionKind::respond;
        later.transaction()->decision().status = 202;
        later.decided();
      });
    };
  });
  EXPECT_TRUE(ask(kAsk).starts_with("HTTP/1.1 202"));
  thread_.run([&] {
    EXPECT_EQ(held_.front()->transaction(), nullptr);
    held_.clear();
    site_->on_decide = [this](Transaction& t) {
      t.decision().kind = DecisionKind::later;
      held_.push_back(t.later());
    };
  });
  RawClient client(port_);
  client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const auto gone = [this] {
    bool is = false;
    thread_.run([&] { is = !held_.empty() && held_.front()->transaction() == nullptr; });
    return is;
  };
  const auto asked = [this] {
    bool is = false;
    thread_.run([&] { is = !held_.empty(); });
    return is;
  };
  while (!asked()) std::this_thread::yield();
  client.close();
  while (!gone()) std::this_thread::yield();
  thread_.run([this] { held_.front()->decided(); });  // harmless
}

TEST_F(ServeTest, collects_a_body_in_whatever_coding_and_refuses_one_that_is_too_long) {
  thread_.run([&] {
    site_->on_decide = [](Transaction& t) {
      t.decision().kind = DecisionKind::later;
      t.collect_body(10, [later = t.later()](Result<std::string> body) {
        later->transaction()->decision().kind = DecisionKind::respond;
        later->transaction()->decision().status = body ? 200 : 413;
        later->transaction()->decision().body = body.value_or("too long");
        later->decided();
      });
    };
  });
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n";
  EXPECT_TRUE(ask(head + "Content-Length: 5\r\n\r\nhello").ends_with("\r\n\r\nhello"));
  EXPECT_TRUE(ask(head + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")
                  .ends_with("\r\n\r\nhello"));
  EXPECT_TRUE(ask(head + "Content-Length: 11\r\n\r\nhello world").starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(ask(head + "Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n0\r\n\r\n")
                  .starts_with("HTTP/1.1 413"));
  EXPECT_TRUE(ask(head + "Transfer-Encoding: chunked\r\n\r\nz\r\n").starts_with("HTTP/1.1 400"));
  {
    MemoryBudget::Share all(whole_messages());
    ASSERT_TRUE(all.grow(kWholeMessagesBytes + MemoryBudget::Share::kFreeBytes));
    EXPECT_TRUE(ask(head + "Content-Length: 5\r\n\r\nhello").ends_with("\r\n\r\nhello")) << "it is short";
  }
  RawClient waits(port_);
  waits.send(head + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_TRUE(waits.read_until("\r\n\r\n").starts_with("HTTP/1.1 100"));
  waits.send("ok");
  EXPECT_TRUE(waits.read_all().ends_with("\r\n\r\nok"));
}

TEST_F(ServeTest, refuses_a_long_body_while_others_take_all_the_memory_there_is_for_them) {
  std::atomic<int> error_number = 0;
  thread_.run([&] {
    site_->on_decide = [&](Transaction& t) {
      t.decision().kind = DecisionKind::later;
      t.collect_body(1'000'000, [&, later = t.later()](Result<std::string> body) {
        error_number = body ? 0 : body.error().error_number;
        later->transaction()->decision().kind = DecisionKind::respond;
        later->transaction()->decision().status = body ? 200 : 503;
        later->decided();
      });
    };
  });
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n" +
      std::string(100'000, 'x');
  {
    MemoryBudget::Share all(whole_messages());
    ASSERT_TRUE(all.grow(kWholeMessagesBytes + MemoryBudget::Share::kFreeBytes));
    EXPECT_TRUE(ask(request).starts_with("HTTP/1.1 503"));
    EXPECT_EQ(error_number, ENOMEM);
  }
  EXPECT_TRUE(ask(request).starts_with("HTTP/1.1 200"));
  EXPECT_EQ(whole_messages().used(), 0u);
}

}  // namespace
}  // namespace landfall::proxy
