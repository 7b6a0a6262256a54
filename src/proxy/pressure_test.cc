// Clients and upstreams that do not keep up: what the engine takes on for them is bounded, and others are
// served.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <fstream>
#include <thread>

#include "proxy/testing_engine.h"

namespace landfall::proxy {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // shadow memory: how much is resident says nothing
#else
constexpr bool kSanitized = false;
#endif

using http::testing::RawClient;
using testing::Engine;

constexpr uint64_t kBodyBytes = 1ull << 30;
// The engine holds a block (kLargeBlockBytes), a pipe (kPipeBytes) or kPendingBytes of a stream; the rest of
// this is what the kernel's socket buffers grow to (tcp_rmem and tcp_wmem, up to 6 and 4 MiB, on both sides).
constexpr uint64_t kTakenOnBytes = 32ull << 20;
constexpr int kStalledMs = 300;  // no byte taken for so long: back-pressure has reached us

constexpr std::string_view kSite = "GET /site HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

// Sends until the other side takes no more, or `bytes` are sent. What was sent.
uint64_t send_until_stalled(int fd, uint64_t bytes) {
  const std::string block(256 * 1024, 'x');
  uint64_t sent = 0;
  pollfd ready{.fd = fd, .events = POLLOUT};
  while (sent < bytes && poll(&ready, 1, kStalledMs) == 1) {
    const ssize_t n =
        send(fd, block.data(), std::min<uint64_t>(block.size(), bytes - sent), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n <= 0) break;
    sent += static_cast<uint64_t>(n);
  }
  return sent;
}

size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  size_t total = 0, resident = 0;
  file >> total >> resident;
  return resident * 4096;
}

// An upstream with a body of 1 GiB, and how much of it was taken before it stalled.
struct LongAnswer {
  std::atomic<bool> stalled = false;
  std::atomic<uint64_t> sent = 0;
  http::testing::ScriptedServer::Script script(std::string head) {
    return [this, head](RawClient& connection) {
      connection.read_until("\r\n\r\n");
      connection.send(head);
      sent = send_until_stalled(connection.fd(), kBodyBytes);
      stalled = true;
      connection.read_all();
    };
  }
  void wait() const {
    while (!stalled) std::this_thread::yield();
  }
};

void expect_served(Engine& engine) { EXPECT_THAT(engine.ask(kSite), ::testing::StartsWith("HTTP/1.1 200 ")); }

const std::string kLongHead = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kBodyBytes) + "\r\n\r\n";

TEST(Pressure, ASlowReaderOfALongBodyHoldsTheUpstreamBackAndNobodyElse) {
  for (const std::string& head :
       {kLongHead, std::string("HTTP/1.1 200 OK\r\n\r\n")}) {  // spliced; copied and chunked
    LongAnswer upstream;
    Engine engine({upstream.script(head)});
    RawClient client(engine.port());
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    upstream.wait();
    EXPECT_LT(upstream.sent, kTakenOnBytes);
    expect_served(engine);
  }
}

std::string http2_frame(uint8_t type, uint8_t flags, uint8_t stream, std::string_view payload) {
  const auto size = static_cast<uint32_t>(payload.size());
  std::string out{static_cast<char>(size >> 16),
                  static_cast<char>(size >> 8),
                  static_cast<char>(size),
                  static_cast<char>(type),
                  static_cast<char>(flags),
                  0,
                  0,
                  0,
                  static_cast<char>(stream)};
  return out.append(payload);
}
constexpr std::string_view kPreface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
// :method GET, :scheme http, :path / from the static table; :authority a
constexpr std::string_view kGetBlock =
    "\x82\x86\x84\x41\x01"
    "a";
// The same of /site, which the engine answers itself.
constexpr std::string_view kGetSiteBlock =
    "\x82\x86\x44\x05/site\x41\x01"
    "a";

TEST(Pressure, AnHttp2ClientThatOpensNoWindowHoldsTheUpstreamBack) {
  LongAnswer upstream;
  Engine engine({upstream.script(kLongHead)});
  RawClient client = engine.connect_http2();
  client.send(std::string(kPreface) + http2_frame(4, 0, 0, "") + http2_frame(1, 5, 1, kGetBlock));
  upstream.wait();
  EXPECT_LT(upstream.sent, kTakenOnBytes);
  expect_served(engine);
}

// A body of 1 GiB of the site's own for each request but one for /site, and how much of all was taken.
struct EndlessBodies {
  class Source final : public ContentSource {
   public:
    explicit Source(std::atomic<uint64_t>& taken) : taken_(taken) {}
    std::string_view view() override { return block_; }
    void consume(size_t bytes) override { taken_ += bytes; }
    State state() const override { return State::more; }

   private:
    std::atomic<uint64_t>& taken_;
    const std::string block_ = std::string(100'000, 'x');
  };
  std::atomic<uint64_t> taken = 0;
  Engine engine{"\r\n\r\n", ""};
  EndlessBodies() {
    engine.site().on_decide = [this](Transaction& t) {
      t.decision().status = 200;
      if (t.head().origin_form() == "/site") return;
      t.decision().kind = DecisionKind::serve;
      t.decision().content = {.source = std::make_shared<Source>(taken), .length = kBodyBytes};
    };
  }
};

struct SeenFrame {
  uint8_t type = 0, flags = 0, stream = 0;
  size_t bytes = 0;
};
SeenFrame read_frame(RawClient& client) {
  const auto exactly = [&client](size_t size) {
    std::string out(size, '\0');
    for (size_t at = 0; at < size;) {
      const ssize_t n = recv(client.fd(), out.data() + at, size - at, 0);
      if (n <= 0) return std::string(size, '\xff');
      at += static_cast<size_t>(n);
    }
    return out;
  };
  const std::string head = exactly(9);
  const auto at = [&head](size_t i) { return static_cast<uint8_t>(head[i]); };
  const size_t size = static_cast<size_t>(at(0)) << 16 | static_cast<size_t>(at(1)) << 8 | at(2);
  if (size < 0xffffff) exactly(size);
  return {at(3), at(4), at(8), size};
}

std::string initial_window(std::string_view four_bytes) {
  return http2_frame(4, 0, 0, std::string("\0\4", 2).append(four_bytes));
}
constexpr uint8_t kLastStream = 119;

std::string window_update(uint8_t stream, uint16_t bytes) {
  const std::string increment{'\0', '\0', static_cast<char>(bytes >> 8), static_cast<char>(bytes)};
  return http2_frame(8, 0, stream, increment);
}

// Never idle, and the connection neither.
TEST(Pressure, AnHttp2StreamThatIsOpenedAByteAtATimeIsLetGoAndItsNeighbourIsNot) {
  EndlessBodies bodies;
  bodies.engine.site().times.pace_window_ms = 1'000;
  RawClient client = bodies.engine.connect_http2();
  client.send(std::string(kPreface) + initial_window(std::string_view("\0\0\0\1", 4)) +
              http2_frame(1, 5, 1, kGetBlock) + http2_frame(1, 5, 3, kGetBlock) + window_update(3, 1'000));
  int bytes_of_first = 1;
  const auto read = [&] {
    const SeenFrame frame = read_frame(client);
    if (frame.type != 0) return frame;
    const auto bytes = static_cast<uint16_t>(frame.bytes);
    client.send(window_update(0, bytes));
    if (frame.stream == 3) client.send(window_update(3, bytes));
    // 120 in the window are the least, for there are two streams.
    if (bytes_of_first < 100) {
      client.send(window_update(1, 1));
      ++bytes_of_first;
    }
    return frame;
  };
  SeenFrame frame;
  do frame = read();
  while (frame.type != 3 && frame.type != 7 && frame.type != 0xff);
  EXPECT_EQ(frame.type, 3) << "RST_STREAM";
  EXPECT_EQ(frame.stream, 1);
  do frame = read();
  while (frame.type != 0 && frame.type != 0xff);
  EXPECT_EQ(frame.stream, 3) << "the neighbour is served on";
}

TEST(Pressure, AnHttp1ClientThatTakesTooLittleIsLetGoAndOneThatReadsIsNot) {
  EndlessBodies bodies;
  bodies.engine.site().times.pace_window_ms = 1'000;
  RawClient slow(bodies.engine.port()), steady(bodies.engine.port());
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  steady.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  std::string block(4096, '\0');  // its body outlasts the window
  while (bodies.engine.open_connections() < 2) std::this_thread::yield();
  do ASSERT_GT(recv(steady.fd(), block.data(), block.size(), 0), 0);
  while (bodies.engine.open_connections() == 2);
  EXPECT_EQ(bodies.engine.open_connections(), 1u);
  EXPECT_GT(recv(steady.fd(), block.data(), block.size(), 0), 0);
}

TEST(Pressure, Http2StreamsThatTheClientKeepsShutCostNoneOfTheirBodies) {
  EndlessBodies bodies;
  RawClient client = bodies.engine.connect_http2();
  std::string requests = std::string(kPreface) + initial_window(std::string(4, '\0'));
  for (uint8_t stream = 1; stream <= kLastStream; stream += 2)
    requests += http2_frame(1, 5, stream, kGetBlock);
  client.send(requests);
  for (int answered = 0; answered < 60;) answered += read_frame(client).type == 1;
  EXPECT_EQ(bodies.taken, 0u);
  client.send(http2_frame(8, 0, kLastStream, std::string("\0\0\0\x0a", 4)));
  SeenFrame data;
  while (data.type != 0 || data.stream == 0) data = read_frame(client);
  EXPECT_EQ(data.stream, kLastStream);
  EXPECT_EQ(data.bytes, 10u);
  EXPECT_EQ(bodies.taken, 10u);
  expect_served(bodies.engine);
}

TEST(Pressure, Http2StreamsOfAClientThatDoesNotReadCostALittleEach) {
  EndlessBodies bodies;
  RawClient client = bodies.engine.connect_http2();
  std::string requests = std::string(kPreface) + initial_window("\x7f\xff\xff\xff") +
                         http2_frame(8, 0, 0, std::string("\x7f\0\0\0", 4));
  for (uint8_t stream = 1; stream <= kLastStream; stream += 2)
    requests += http2_frame(1, 5, stream, kGetBlock);
  client.send(requests);
  for (uint64_t before = 1; before != bodies.taken || before == 0;) {  // until it is taken no more
    before = bodies.taken;
    for (int i = 0; i < 20; ++i) expect_served(bodies.engine);
  }
  EXPECT_LT(bodies.taken, 2u << 20);
}

// Streams that are over serve for later ones of the connection (kSpareStreams): nothing may stay with them.
TEST(Pressure, AnHttp2StreamHasNothingOfThoseBeforeIt) {
  EndlessBodies bodies;
  bodies.engine.site().on_decide = [decide = bodies.engine.site().on_decide](Transaction& t) {
    decide(t);
    static const std::string kShort(5'000, 's');
    if (t.decision().kind == DecisionKind::serve) {
      t.decision().response_fields = "X-Long: yes\r\n";
      return;
    }
    t.decision().kind = DecisionKind::serve;
    t.decision().content = Content::of(kShort);
  };
  RawClient client = bodies.engine.connect_http2();
  client.send(std::string(kPreface) + http2_frame(4, 0, 0, "") +
              http2_frame(8, 0, 0, std::string("\x7f\0\0\0", 4)));
  for (uint8_t stream = 1; stream < 120; stream += 4) {
    // A long answer that is cut by the client while a part of its request is unread.
    client.send(http2_frame(1, 4, stream, kGetBlock) + http2_frame(0, 0, stream, std::string(3'000, 'x')));
    for (size_t read = 0; read < 20'000;) {
      const SeenFrame frame = read_frame(client);
      if (frame.type == 0 && frame.stream == stream) read += frame.bytes;
    }
    client.send(http2_frame(3, 0, stream, std::string("\0\0\0\x08", 4)));
    const auto next = static_cast<uint8_t>(stream + 2);
    client.send(http2_frame(1, 5, next, kGetSiteBlock));
    size_t read = 0;
    for (SeenFrame frame; frame.stream != next || (frame.flags & 1) == 0;) {
      frame = read_frame(client);
      if (frame.type == 0 && frame.stream == next) read += frame.bytes;
    }
    EXPECT_EQ(read, 5'000u);
  }
  const auto log = bodies.engine.log();
  ASSERT_EQ(log.size(), 60u);
  for (size_t i = 0; i < log.size(); i += 2) {
    EXPECT_EQ(log[i].outcome, Outcome::client_gone);
    EXPECT_EQ(log[i + 1].outcome, Outcome::answered_by_site);
    EXPECT_EQ(log[i + 1].bytes_sent, log[1].bytes_sent);
    EXPECT_EQ(log[i + 1].bytes_received, log[1].bytes_received);
  }
}

// A long answer that could always have more must not keep a short one of the same connection waiting.
TEST(Pressure, AShortHttp2AnswerComesBetweenLongOnes) {
  EndlessBodies bodies;
  bodies.engine.site().on_decide = [decide = bodies.engine.site().on_decide](Transaction& t) {
    decide(t);
    static const std::string kShort(5'000, 's');
    if (t.decision().kind != DecisionKind::serve) {
      t.decision().kind = DecisionKind::serve;
      t.decision().content = Content::of(kShort);
    }
  };
  RawClient client = bodies.engine.connect_http2();
  std::string requests = std::string(kPreface) + initial_window("\x7f\xff\xff\xff") +
                         http2_frame(8, 0, 0, std::string("\x7f\0\0\0", 4));
  for (uint8_t stream = 1; stream < 41; stream += 2) requests += http2_frame(1, 5, stream, kGetBlock);
  client.send(requests);
  uint64_t read = 0;
  while (read < (2u << 20)) read += read_frame(client).bytes;  // they are well under way
  client.send(http2_frame(1, 5, 41, kGetSiteBlock));
  SeenFrame frame;
  while (read < (64u << 20) && (frame.stream != 41 || (frame.flags & 1) == 0)) {
    frame = read_frame(client);
    read += frame.bytes;
  }
  EXPECT_EQ(frame.stream, 41);
  EXPECT_LT(read, 16u << 20);
}

TEST(Pressure, AnUpstreamThatDoesNotReadHoldsTheClientBack) {
  std::atomic<bool> over = false;
  Engine engine({[&over](RawClient& connection) {
    connection.read_until("\r\n\r\n");
    while (!over) std::this_thread::yield();
  }});
  RawClient client(engine.port());
  client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(kBodyBytes) + "\r\n\r\n");
  EXPECT_LT(send_until_stalled(client.fd(), kBodyBytes), kTakenOnBytes);
  expect_served(engine);
  over = true;
}

// The window that the engine gives is all that a client may send ahead (SessionLimits::stream_window_bytes).
TEST(Pressure, AnUpstreamThatDoesNotReadKeepsTheWindowOfAnHttp2StreamShut) {
  std::atomic<bool> over = false;
  Engine engine({[&over](RawClient& connection) {
    connection.read_until("\r\n\r\n");
    while (!over) std::this_thread::yield();
  }});
  RawClient client = engine.connect_http2();
  client.send(std::string(kPreface) + http2_frame(4, 0, 0, "") + http2_frame(1, 4, 1, kGetBlock));
  // The engine opens the window again only for what the upstream's socket took.
  uint64_t window = 65'535, sent = 0;
  std::string seen;
  pollfd ready{.fd = client.fd(), .events = POLLIN};
  bool first = true;
  while (sent < kBodyBytes) {
    while (window >= 16'384 && sent < kBodyBytes) {
      client.send(http2_frame(0, 0, 1, std::string(16'384, 'x')));
      sent += 16'384;
      window -= 16'384;
    }
    if (poll(&ready, 1, kStalledMs) != 1) break;
    char block[65536];
    const ssize_t n = recv(client.fd(), block, sizeof block, 0);
    if (n <= 0) break;
    seen.append(block, static_cast<size_t>(n));
    while (seen.size() >= 9) {
      const auto at = [&seen](size_t i) { return static_cast<uint32_t>(static_cast<uint8_t>(seen[i])); };
      const size_t size = at(0) << 16 | at(1) << 8 | at(2);
      if (seen.size() < 9 + size) break;
      if (at(3) == 8 && at(8) == 1) window += at(9) << 24 | at(10) << 16 | at(11) << 8 | at(12);
      if (at(3) == 4 && first) window = 256 * 1024, first = false;
      seen.erase(0, 9 + size);
    }
  }
  EXPECT_LT(sent, kTakenOnBytes);
  expect_served(engine);
  over = true;
}

TEST(Pressure, AClientThatSendsAByteAtATimeIsServedAndSoAreOthers) {
  std::string received;
  Engine engine({[&received](RawClient& connection) {
    received = connection.read_until("!");
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
  }});
  RawClient client(engine.port());
  const std::string request =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: "
      "close\r\n\r\n3\r\nab!\r\n0\r\n\r\n";
  for (size_t i = 0; i < request.size(); ++i) {
    client.send(request.substr(i, 1));
    if (i % 20 == 0) expect_served(engine);
  }
  EXPECT_THAT(client.read_all(), ::testing::EndsWith("ok"));
  EXPECT_THAT(received, ::testing::EndsWith("3\r\nab!"));
}

// A head that never ends costs a connection and one block until site.timeouts().head_ms has passed.
TEST(Pressure, ConnectionsThatOnlyBeginCostLittleAndOthersAreServed) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const size_t count = std::min<size_t>(2'000, files.rlim_cur / 3);
  constexpr size_t kPerSilentConnection = 8 * 1024, kPerHalfHead = kPerSilentConnection + kSmallBlockBytes;
  Engine engine("\r\n\r\n", "");
  std::vector<RawClient> clients;
  clients.reserve(count);
  const size_t before = resident_bytes();
  for (size_t i = 0; i < count; ++i) clients.emplace_back(engine.port());
  while (engine.open_connections() < count) std::this_thread::yield();
  if (!kSanitized) {
    EXPECT_LT(resident_bytes(), before + count * kPerSilentConnection);
  }
  for (RawClient& client : clients) client.send("GET / HTTP/1.1\r\nHost: a\r\nX: ");
  expect_served(engine);
  if (!kSanitized) {
    EXPECT_LT(resident_bytes(), before + count * kPerHalfHead);
  }
  clients.clear();
  while (engine.open_connections() > 0) std::this_thread::yield();
}

TEST(Pressure, HeadsThatNeverEndAreLetGo) {
  Engine engine("\r\n\r\n", "");
  engine.site().times.head_ms = 100;
  RawClient client(engine.port());
  client.send("GET / HTTP/1.1\r\nX: ");
  EXPECT_THAT(client.read_all(), ::testing::StartsWith("HTTP/1.1 408 "));
}

std::string go_away(std::string_view last_stream) {
  return http2_frame(7, 0, 0, std::string(last_stream) + std::string(4, '\0'));
}

// RFC 9113 section 6.8: what was begun is finished, and what was on its way when the client heard of the end.
TEST(Pressure, DrainingFinishesTheHttp2StreamsThatAreOpenOrOnTheirWayAndClosesTheConnection) {
  std::atomic<bool> asked = false, drained = false;
  Engine engine({[&](RawClient& connection) {
    connection.read_until("\r\n\r\n");
    asked = true;
    while (!drained) std::this_thread::yield();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    connection.read_all();
  }});
  RawClient client = engine.connect_http2();
  client.send(std::string(kPreface) + http2_frame(4, 0, 0, "") + http2_frame(1, 5, 1, kGetBlock));
  while (!asked) std::this_thread::yield();
  engine.drain();
  const std::string first = client.read_until("go away!");
  EXPECT_THAT(first, ::testing::HasSubstr(go_away("\x7f\xff\xff\xff")));
  client.send(http2_frame(1, 5, 3, kGetSiteBlock));  // before it has read that
  client.send(http2_frame(6, 1, 0, "go away!"));
  const std::string last = go_away(std::string("\0\0\0\3", 4));
  client.read_until(last);
  client.send(http2_frame(1, 5, 5, kGetSiteBlock));  // it should know better
  drained = true;
  EXPECT_THAT(client.read_all(), ::testing::HasSubstr("hello"));
  EXPECT_EQ(engine.log().size(), 2u);
}

TEST(Pressure, DrainingWaitsForAClientThatNeverAnswersOnlySoLong) {
  Engine engine("\r\n\r\n", "");
  RawClient client = engine.connect_http2();
  client.send(std::string(kPreface) + http2_frame(4, 0, 0, ""));
  client.read_until(http2_frame(4, 1, 0, ""));  // our SETTINGS are acknowledged: the connection stands
  engine.drain();
  EXPECT_THAT(client.read_all(), ::testing::HasSubstr(go_away(std::string(4, '\0'))));
}

}  // namespace
}  // namespace landfall::proxy
