#include "runtime/channel.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace landfall {
namespace {

// Runs the loop until `done`, at most five seconds.
template <class F>
bool run_until(EventLoop& loop, F done) {
  const int64_t limit = loop.clock().monotonic_ns() + 5'000'000'000;
  while (!done()) {
    if (loop.clock().monotonic_ns() > limit) return false;
    loop.run_once(50);
  }
  return true;
}

struct Pair {
  std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  std::unique_ptr<Channel> a, b;
  Pair() {
    auto ends = channel_socket_pair().value();
    a = Channel::create(*loop, std::move(ends.first)).value();
    b = Channel::create(*loop, std::move(ends.second)).value();
  }
};

std::string frame(std::string_view payload, uint32_t descriptors = 0) {
  std::string out;
  for (uint32_t value : {static_cast<uint32_t>(payload.size()), descriptors})
    for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(value >> shift);
  return out.append(payload);
}

class TempDir {
 public:
  TempDir() { path_ = mkdtemp(buffer_); }
  ~TempDir() { std::filesystem::remove_all(path_); }
  std::string operator/(const char* name) const { return path_ + "/" + name; }

 private:
  char buffer_[32] = "/tmp/lf-channel-XXXXXX";
  std::string path_;
};

}  // namespace

TEST(FrameReader, GivesMessagesWhateverPiecesTheBytesComeIn) {
  const std::string bytes = frame("{\"type\":\"a\"}") + frame("") + frame(std::string(70'000, 'x'));
  for (size_t piece : {1u, 7u, 8u, 9u, 4096u, 100'000u}) {
    FrameReader reader;
    std::vector<size_t> sizes;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      reader.feed(std::string_view(bytes).substr(at, piece), {});
      FrameReader::Message message;
      while (reader.next(&message).value()) sizes.push_back(message.json.size());
    }
    EXPECT_EQ(sizes, (std::vector<size_t>{12, 0, 70'000})) << "pieces of " << piece;
  }
}

TEST(FrameReader, RefusesFramesBeyondTheLimitBeforeTheirBytesCome) {
  FrameReader reader;
  reader.feed(std::string("\xff\xff\xff\xff\0\0\0\0", 8), {});
  FrameReader::Message message;
  EXPECT_FALSE(reader.next(&message).has_value());
}

TEST(FrameReader, RefusesAFrameThatClaimsDescriptorsItDoesNotBring) {
  FrameReader reader;
  reader.feed(frame("{}", 1), {});
  FrameReader::Message message;
  EXPECT_FALSE(reader.next(&message).has_value());
}

TEST(Channel, CarriesMessagesInOrderWithTheirOwnDescriptors) {
  Pair pair;
  std::vector<std::string> got;
  pair.b->on_message([&](std::string_view json, std::vector<UniqueFd> fds) {
    std::string entry(json);
    for (UniqueFd& fd : fds) {
      char byte = '?';
      EXPECT_EQ(read(fd.get(), &byte, 1), 1);
      entry += byte;
    }
    got.push_back(entry);
  });
  const auto readable = [](char byte) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    EXPECT_EQ(write(ends[1], &byte, 1), 1);
    close(ends[1]);
    return UniqueFd(ends[0]);
  };
  pair.a->send("none");
  std::vector<UniqueFd> two;
  two.push_back(readable('1'));
  two.push_back(readable('2'));
  pair.a->send("two:", std::move(two));
  std::vector<UniqueFd> one;
  one.push_back(readable('3'));
  pair.a->send("one:", std::move(one));
  pair.a->send("end");
  ASSERT_TRUE(run_until(*pair.loop, [&] { return got.size() == 4; }));
  EXPECT_EQ(got, (std::vector<std::string>{"none", "two:12", "one:3", "end"}));
}

TEST(Channel, CarriesTheGreatestNumberOfDescriptorsInOneMessage) {
  Pair pair;
  size_t got = 0;
  pair.b->on_message([&](std::string_view, std::vector<UniqueFd> fds) { got = fds.size(); });
  std::vector<UniqueFd> many;
  for (size_t i = 0; i < kMaxDescriptorsPerMessage; ++i) many.emplace_back(dup(0));
  pair.a->send("{}", std::move(many));
  ASSERT_TRUE(run_until(*pair.loop, [&] { return got > 0; }));
  EXPECT_EQ(got, kMaxDescriptorsPerMessage);
}

TEST(Channel, SaysCongestedAndThenDrainedWhenThePeerReadsSlowly) {
  Pair pair;
  size_t received = 0;
  bool drained = false;
  pair.a->on_drained([&] { drained = true; });
  const std::string big(8 << 20, 'x');
  EXPECT_EQ(pair.a->send(big), SendStatus::sent);
  EXPECT_EQ(pair.a->send(big), SendStatus::sent);
  EXPECT_EQ(pair.a->send(big), SendStatus::congested);
  pair.b->on_message([&](std::string_view json, std::vector<UniqueFd>) { received += json.size(); });
  ASSERT_TRUE(run_until(*pair.loop, [&] { return drained && received == 3 * big.size(); }));
  EXPECT_EQ(pair.a->send("{}"), SendStatus::sent);
}

TEST(Channel, CutsOffAPeerThatBreaksTheFramingAndSaysSoOnce) {
  auto loop = EventLoop::create().value();
  auto ends = channel_socket_pair().value();
  auto channel = Channel::create(*loop, std::move(ends.first)).value();
  int closed = 0;
  channel->on_close([&] { ++closed; });
  ASSERT_EQ(write(ends.second.get(), "GET / HTTP/1.1\r\n", 16), 16);
  ASSERT_TRUE(run_until(*loop, [&] { return closed > 0; }));
  EXPECT_FALSE(channel->is_open());
  EXPECT_EQ(channel->send("{}"), SendStatus::closed);
  loop->run_once(0);
  EXPECT_EQ(closed, 1);
}

TEST(Channel, MayBeDestroyedByItsOwnMessageCallback) {
  Pair pair;
  int calls = 0;
  pair.b->on_message([&](std::string_view, std::vector<UniqueFd>) {
    ++calls;
    pair.b.reset();
  });
  pair.a->send("1");
  pair.a->send("2");
  bool closed = false;
  pair.a->on_close([&] { closed = true; });
  ASSERT_TRUE(run_until(*pair.loop, [&] { return closed; }));
  EXPECT_EQ(calls, 1);
}

TEST(ChannelServer, TellsThePeersCredentialsAndRefusesOtherUids) {
  TempDir dir;
  auto loop = EventLoop::create().value();
  ChannelServer::Options options{.path = dir / "s", .mode = 0660};
  options.allowed_uids = {geteuid()};
  auto server = ChannelServer::listen(*loop, options).value();
  struct stat file;
  ASSERT_EQ(stat((dir / "s").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0660u);
  std::unique_ptr<Channel> peer;
  server->on_peer([&](std::unique_ptr<Channel> channel) { peer = std::move(channel); });
  ChannelClient client(*loop, {.path = dir / "s"});
  client.start();
  ASSERT_TRUE(run_until(*loop, [&] { return peer != nullptr; }));
  EXPECT_EQ(peer->peer().uid, geteuid());
  EXPECT_EQ(peer->peer().pid, getpid());

  ChannelServer::Options strict{.path = dir / "strict"};
  strict.allowed_uids = {geteuid() + 1};
  auto refusing = ChannelServer::listen(*loop, strict).value();
  bool reached = false, disconnected = false;
  refusing->on_peer([&](std::unique_ptr<Channel>) { reached = true; });
  ChannelClient refused(*loop, {.path = dir / "strict"});
  refused.on_disconnected([&] { disconnected = true; });
  refused.start();
  ASSERT_TRUE(run_until(*loop, [&] { return disconnected; }));
  EXPECT_FALSE(reached);
}

TEST(ChannelClient, ConnectsAgainWhenTheServerComesBack) {
  TempDir dir;
  auto loop = EventLoop::create().value();
  int connected = 0, disconnected = 0;
  ChannelClient client(*loop, {.path = dir / "s"});
  client.on_connected([&] { ++connected; });
  client.on_disconnected([&] { ++disconnected; });
  client.start();  // nobody listens yet
  loop->run_once(1);
  EXPECT_EQ(client.send("{}"), SendStatus::closed);
  for (int round = 1; round <= 2; ++round) {
    auto server = ChannelServer::listen(*loop, {.path = dir / "s"}).value();
    std::unique_ptr<Channel> peer;
    std::string got;
    server->on_peer([&](std::unique_ptr<Channel> channel) {
      peer = std::move(channel);
      peer->on_message([&](std::string_view json, std::vector<UniqueFd>) { got = json; });
    });
    ASSERT_TRUE(run_until(*loop, [&] { return connected == round; }));
    EXPECT_EQ(client.send("{}"), SendStatus::sent);
    ASSERT_TRUE(run_until(*loop, [&] { return got == "{}"; }));
    server.reset();
    peer.reset();
    ASSERT_TRUE(run_until(*loop, [&] { return disconnected == round; }));
  }
}

TEST(ChannelServer, RefusesAPathTooLongForASocket) {
  auto loop = EventLoop::create().value();
  EXPECT_FALSE(ChannelServer::listen(*loop, {.path = "/tmp/" + std::string(120, 'x')}).has_value());
}

}  // namespace landfall
