// A DnsServer on loopback, asked by dig and by hand.
#include "services/route53/dataplane/server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

#include "services/route53/dataplane/port_testing.h"

namespace landfall::route53 {
namespace {

using testing::HasSubstr;
using testing::Not;

sockaddr_in loopback(uint16_t port) {
  return {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

std::string run(const std::string& command) {
  std::string out;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[4096];
  while (size_t n = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
  pclose(pipe);
  return out;
}

class DnsServerTest : public testing::Test {
 protected:
  void SetUp() override {
    ZoneSnapshot zone{.id = "Z1", .name = "example.com."};
    auto add = [&](std::string name, std::string type, std::vector<std::string> values) {
      zone.record_sets.push_back(
          {.name = std::move(name), .type = std::move(type), .ttl = 60, .values = std::move(values)});
    };
    add("example.com.", "SOA", {"ns.example.com. h.example.com. 1 2 3 4 5"});
    add("example.com.", "NS", {"ns.example.com."});
    add("www.example.com.", "A", {"192.0.2.1"});
    std::vector<std::string> many;
    for (int i = 0; i < 60; ++i) many.push_back(fmt::format("\"{:03} {}\"", i, std::string(60, 'x')));
    add("big.example.com.", "TXT", many);
    tables_.put_zone(Zone::compile(zone).value());

    loop_ = EventLoop::create().value();
    port_ = free_dns_port({"127.0.0.1"});
    server_ = DnsServer::create(*loop_, authoritative_responder(tables_, "us-east-1"),
                                bind_dns_udp("127.0.0.1", port_).value(),
                                listen_dns_tcp("127.0.0.1", port_).value(),
                                {.tcp_idle_ms = 150, .max_tcp_connections = 3})
                  .value();
    thread_ = std::thread([this] { loop_->run(); });
  }

  void TearDown() override {
    loop_->stop();
    thread_.join();
    server_.reset();
  }

  std::string dig(const std::string& what) {
    return run(fmt::format("dig +tries=1 +time=2 @127.0.0.1 -p {} {} 2>&1", port_, what));
  }

  int connect_tcp() {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const timeval limit{.tv_sec = 3};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in name = loopback(port_);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
    return fd;
  }

  std::string framed_query(std::string_view name, dns::Type type = dns::Type::A) {
    uint8_t buffer[512];
    dns::MessageWriter writer(buffer, sizeof buffer);
    writer.begin_query(77, dns::Name::from_text(name).value(), type);
    const size_t size = writer.finish();
    std::string out = {static_cast<char>(size >> 8), static_cast<char>(size)};
    return out.append(reinterpret_cast<char*>(buffer), size);
  }

  Tables tables_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<DnsServer> server_;
  std::thread thread_;
  uint16_t port_ = 0;
};

TEST_F(DnsServerTest, IsUnderstoodByDigOverUdpAndTcp) {
  for (const char* transport : {"+notcp", "+tcp"}) {
    std::string out = dig(fmt::format("{} www.example.com A", transport));
    EXPECT_THAT(out, HasSubstr("status: NOERROR")) << transport;
    EXPECT_THAT(out, HasSubstr("flags: qr aa rd;"));
    EXPECT_THAT(out, HasSubstr("192.0.2.1"));
    EXPECT_THAT(out, Not(HasSubstr("WARNING: Message")));
  }
  EXPECT_THAT(dig("nothing.example.com A"), HasSubstr("status: NXDOMAIN"));
  EXPECT_THAT(dig("www.example.net A"), HasSubstr("status: REFUSED"));
  EXPECT_THAT(dig("+opcode=NOTIFY www.example.com A"), HasSubstr("status: NOTIMP"));
  EXPECT_THAT(dig("+edns=7 +noednsnegotiation www.example.com A"), HasSubstr("status: BADVERS"));
}

TEST_F(DnsServerTest, TruncatesOverUdpAndGivesAllOverTcp) {
  std::string cut = dig("+ignore +noedns +notcp big.example.com TXT");
  EXPECT_THAT(cut, HasSubstr("flags: qr aa tc rd;"));
  EXPECT_THAT(cut, HasSubstr("ANSWER: 0"));
  std::string whole = dig("+notcp big.example.com TXT");  // dig goes on to TCP by itself
  EXPECT_THAT(whole, HasSubstr("ANSWER: 60"));
  EXPECT_THAT(whole, HasSubstr("059 xxx"));
}

TEST_F(DnsServerTest, AnswersPipelinedQueriesHoweverTheyAreCut) {
  int fd = connect_tcp();
  const std::string two = framed_query("www.example.com") + framed_query("nothing.example.com");
  for (char c : two) ASSERT_EQ(send(fd, &c, 1, MSG_NOSIGNAL), 1);
  shutdown(fd, SHUT_WR);
  std::string in;
  char buffer[4096];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) in.append(buffer, static_cast<size_t>(n));
  close(fd);
  ASSERT_GT(in.size(), 2u);
  const size_t first = static_cast<size_t>(static_cast<uint8_t>(in[0])) << 8 | static_cast<uint8_t>(in[1]);
  auto message = [&](size_t at, size_t size) {
    return dns::parse_message({reinterpret_cast<const uint8_t*>(in.data()) + at, size});
  };
  auto a = message(2, first);
  auto b = message(2 + first + 2, in.size() - first - 4);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->rcode, dns::Rcode::no_error);
  EXPECT_EQ(b->rcode, dns::Rcode::name_error);
}

TEST_F(DnsServerTest, ClosesATcpClientThatSendsNothingWhole) {
  int fd = connect_tcp();
  ASSERT_EQ(send(fd, "\0\x20x", 3, MSG_NOSIGNAL), 3);
  char c;
  EXPECT_EQ(read(fd, &c, 1), 0);  // end of file, not the 3 s limit
  close(fd);
}

TEST_F(DnsServerTest, ClosesTheLongestIdleConnectionForANewOne) {
  int fds[4];
  for (int& fd : fds) fd = connect_tcp();
  const std::string query = framed_query("www.example.com");
  ASSERT_EQ(send(fds[3], query.data(), query.size(), MSG_NOSIGNAL), static_cast<ssize_t>(query.size()));
  char buffer[512];
  EXPECT_GT(read(fds[3], buffer, sizeof buffer), 0);
  EXPECT_LE(read(fds[0], buffer, sizeof buffer), 0);
  for (int fd : fds) close(fd);
}

// RFC 7766 section 6.2.1: answers that a client does not take stop its queries from being read.
TEST_F(DnsServerTest, ReadsNoMoreQueriesOfAClientThatTakesNoAnswers) {
  int fd = connect_tcp();
  const int small = 8 << 10;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  const std::string query = framed_query("big.example.com", dns::Type::TXT);  // 4 KB of answer for 33 octets
  std::string many;
  for (int i = 0; i < 600'000; ++i) many += query;  // more than the kernel's buffers hold
  size_t sent = 0;
  // The idle limit ends it; until then what was read is bounded by the answers, not by what was sent.
  for (ssize_t n;
       sent < many.size() && (n = send(fd, many.data() + sent, many.size() - sent, MSG_NOSIGNAL)) > 0;)
    sent += static_cast<size_t>(n);
  EXPECT_LT(sent, many.size());
  close(fd);
  loop_->stop();
  thread_.join();
  EXPECT_LT(server_->counters().tcp_queries, 5'000u);
  thread_ = std::thread([this] { loop_->run(); });
}

TEST_F(DnsServerTest, GoesOnOnceThereAreDescriptorsAgain) {
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const std::string query = framed_query("www.example.com");
  char buffer[512];
  int idle = connect_tcp();
  ASSERT_GT(send(idle, query.data(), query.size(), MSG_NOSIGNAL), 0);
  ASSERT_GT(recv(idle, buffer, sizeof buffer, 0), 12);
  const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(client) + 1;
  std::vector<int> held;
  setrlimit(RLIMIT_NOFILE, &none);
  for (int fd; (fd = dup(client)) >= 0;) held.push_back(fd);
  sockaddr_in name = loopback(port_);
  ASSERT_EQ(connect(client, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ASSERT_GT(send(client, query.data(), query.size(), MSG_NOSIGNAL), 0);
  // The idle one's limit, 150 ms, gives a descriptor back. A loop that spun would use the processor until
  // then.
  EXPECT_GT(recv(client, buffer, sizeof buffer, 0), 12);
  EXPECT_EQ(recv(idle, buffer, 1, 0), 0);
  setrlimit(RLIMIT_NOFILE, &before);
  clockid_t clock{};
  timespec used{};
  pthread_getcpuclockid(thread_.native_handle(), &clock);
  clock_gettime(clock, &used);
  EXPECT_LT(used.tv_sec * 1'000 + used.tv_nsec / 1'000'000, 75);
  for (int fd : held) close(fd);
  close(client);
  close(idle);
}

TEST_F(DnsServerTest, SaysNothingToGarbageAndResponsesAndGoesOn) {
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in name = loopback(port_);
  connect(fd, reinterpret_cast<sockaddr*>(&name), sizeof name);
  std::string response = framed_query("www.example.com").substr(2);
  response[2] |= static_cast<char>(0x80);
  send(fd, "", 0, 0);
  send(fd, "xxx", 3, 0);
  send(fd, response.data(), response.size(), 0);
  const std::string query = framed_query("www.example.com").substr(2);
  send(fd, query.data(), query.size(), 0);
  uint8_t buffer[512];
  const ssize_t n = recv(fd, buffer, sizeof buffer, 0);
  ASSERT_GT(n, 12);  // the first and only answer is the good query's
  EXPECT_EQ(dns::parse_message({buffer, static_cast<size_t>(n)})->records.size(), 1u);
  EXPECT_EQ(recv(fd, buffer, sizeof buffer, MSG_DONTWAIT), -1);
  close(fd);
}

}  // namespace
}  // namespace landfall::route53
