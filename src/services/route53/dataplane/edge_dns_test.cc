#include "services/route53/dataplane/edge_dns.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>

#include "codec/dns_rdata.h"
#include "codec/fields.h"
#include "services/route53/dataplane/port_testing.h"
#include "services/route53/dataplane/server.h"
#include "services/route53/snapshot.h"

namespace landfall::route53 {
namespace {

using testing::ElementsAre;

// The rcode, then the answers' values.
std::vector<std::string> ask(const std::string& address, uint16_t port, std::string_view name) {
  uint8_t buffer[1500];
  dns::MessageWriter writer(buffer, sizeof buffer);
  writer.begin_query(9, dns::Name::from_text(name).value(), dns::Type::A);
  UniqueFd fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const timeval limit{.tv_sec = 2};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in peer{.sin_family = AF_INET, .sin_port = htons(port)};
  inet_pton(AF_INET, address.c_str(), &peer.sin_addr);
  connect(fd.get(), reinterpret_cast<sockaddr*>(&peer), sizeof peer);
  send(fd.get(), buffer, writer.finish(), 0);
  const ssize_t n = recv(fd.get(), buffer, sizeof buffer, 0);
  if (n < 0) return {"no answer"};
  auto message = dns::parse_message({buffer, static_cast<size_t>(n)}).value();
  std::vector<std::string> out{std::string(dns::rcode_name(message.rcode))};
  for (const auto& r : message.records) {
    if (r.section == dns::Section::answer) out.push_back(dns::rdata_to_text(r.type, r.rdata));
  }
  return out;
}

class EdgeDnsTest : public testing::Test {
 protected:
  void SetUp() override {
    port_ = free_dns_port({"127.0.0.2", "127.0.0.3", "127.0.0.4", "127.0.0.5"});
    for (int i = 0; i < 2; ++i) loops_.push_back(EventLoop::create().value());
    edge_ = EdgeDns::create(
                {loops_[0].get(), loops_[1].get()},
                {.authoritative_address = "127.0.0.2", .endpoint_address = "127.0.0.3", .port = port_},
                [this](EventLoop&, const std::string& vpc, std::vector<VpcSocket> wanted, auto done) {
                  // The first time host has not made the VPC yet.
                  if (++asked_ == 1) return done(fail("no VPC " + vpc));
                  std::vector<UniqueFd> sockets;
                  for (size_t i = 0; i < wanted.size(); ++i) {
                    addresses_.push_back(wanted[i].address);
                    const std::string address = i < 2 ? "127.0.0.4" : "127.0.0.5";
                    sockets.push_back(wanted[i].kind == VpcSocket::Kind::udp
                                          ? bind_dns_udp(address, port_).value()
                                          : listen_dns_tcp(address, port_).value());
                  }
                  done(std::move(sockets));
                  served_ = true;
                  served_.notify_all();
                })
                .value();
    for (auto& loop : loops_) threads_.emplace_back([l = loop.get()] { l->run(); });
  }
  void TearDown() override {
    for (auto& loop : loops_) loop->stop();
    for (auto& thread : threads_) thread.join();
    edge_.reset();
  }
  void put_zone(const ZoneSnapshot& in) {
    ZoneSnapshot zone = in;
    zone.record_sets.push_back({.name = zone.name, .type = "SOA", .ttl = 1, .values = {"n. h. 1 2 3 4 5"}});
    const std::string text = to_json(zone);
    ASSERT_TRUE(edge_->apply(kZoneSnapshotKind, zone.id, &text));
    flush();
  }
  // What was posted before has run when this returns.
  void flush() {
    for (auto& loop : loops_) {
      std::atomic<bool> ran = false;
      loop->post([&] {
        ran = true;
        ran.notify_all();
      });
      ran.wait(false);
    }
  }

  uint16_t port_ = 0;
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
  std::unique_ptr<EdgeDns> edge_;
  std::atomic<int> asked_ = 0;
  std::atomic<bool> served_ = false;
  std::vector<std::string> addresses_;
};

TEST_F(EdgeDnsTest, ServesZonesToEveryoneAndPrivateOnesInTheirVpcOnly) {
  put_zone({.id = "Z1",
            .name = "example.com.",
            .record_sets = {{.name = "www.example.com.", .type = "A", .ttl = 1, .values = {"192.0.2.1"}}}});
  put_zone({.id = "Z2",
            .name = "corp.",
            .is_private = true,
            .vpc_ids = {"vpc-1"},
            .record_sets = {{.name = "db.corp.", .type = "A", .ttl = 1, .values = {"10.0.0.9"}}}});
  const std::string vpc = R"({"vpc_id":"vpc-1","vpc_cidrs":["10.0.0.0/16"],"instances":{}})";
  ASSERT_TRUE(edge_->apply(kVpcDocumentKind, "vpc-1", &vpc));
  served_.wait(false);
  flush();
  EXPECT_THAT(addresses_, ElementsAre("10.0.0.2", "10.0.0.2", "169.254.169.253", "169.254.169.253"));

  // Several times, so that both workers have their turn.
  for (int i = 0; i < 8; ++i) {
    EXPECT_THAT(ask("127.0.0.2", port_, "www.example.com"), ElementsAre("NOERROR", "192.0.2.1"));
    EXPECT_THAT(ask("127.0.0.3", port_, "www.example.com"), ElementsAre("NOERROR", "192.0.2.1"));
    EXPECT_THAT(ask("127.0.0.2", port_, "db.corp"), ElementsAre("REFUSED"));
    EXPECT_THAT(ask("127.0.0.3", port_, "db.corp"), ElementsAre("NXDOMAIN"));
    EXPECT_THAT(ask("127.0.0.3", port_, "sts.us-east-1.amazonaws.com"), ElementsAre("NOERROR", "127.0.0.3"));
  }
  for (const char* resolver : {"127.0.0.4", "127.0.0.5"}) {
    EXPECT_THAT(ask(resolver, port_, "db.corp"), ElementsAre("NOERROR", "10.0.0.9"));
    EXPECT_THAT(ask(resolver, port_, "www.example.com"), ElementsAre("NOERROR", "192.0.2.1"));
    EXPECT_THAT(ask(resolver, port_, "sts.us-east-1.amazonaws.com"),
                ElementsAre("NOERROR", "169.254.169.252"));
    EXPECT_THAT(ask(resolver, port_, "bucket.s3.us-east-1.amazonaws.com"),
                ElementsAre("NOERROR", "169.254.169.251"));
    EXPECT_THAT(ask(resolver, port_, "ip-10-0-7-8.ec2.internal"), ElementsAre("NOERROR", "10.0.7.8"));
  }
  // An interface endpoint: its name has its address, in this VPC.
  const std::string with_endpoint =
      R"({"vpc_id":"vpc-1","vpc_cidrs":["10.0.0.0/16"],"endpoints":[{"addresses":["10.0.3.4"],"names":["sts.us-east-1.amazonaws.com"]}]})";
  ASSERT_TRUE(edge_->apply(kVpcDocumentKind, "vpc-1", &with_endpoint));
  flush();
  EXPECT_THAT(ask("127.0.0.4", port_, "sts.us-east-1.amazonaws.com"), ElementsAre("NOERROR", "10.0.3.4"));
  EXPECT_THAT(ask("127.0.0.3", port_, "sts.us-east-1.amazonaws.com"), ElementsAre("NOERROR", "127.0.0.3"));
  ASSERT_TRUE(edge_->apply(kVpcDocumentKind, "vpc-1", &vpc));
  flush();
  EXPECT_THAT(ask("127.0.0.4", port_, "db.corp"), ElementsAre("NOERROR", "10.0.0.9"));
  const std::string without_dns = R"({"vpc_id":"vpc-1","vpc_cidrs":["10.0.0.0/16"],"dns_support":false})";
  ASSERT_TRUE(edge_->apply(kVpcDocumentKind, "vpc-1", &without_dns));
  flush();
  EXPECT_THAT(ask("127.0.0.4", port_, "db.corp"), ElementsAre("no answer"));
  EXPECT_THAT(ask("127.0.0.5", port_, "db.corp"), ElementsAre("no answer"));
  ASSERT_TRUE(edge_->apply(kZoneSnapshotKind, "Z1", nullptr));
  flush();
  EXPECT_THAT(ask("127.0.0.2", port_, "www.example.com"), ElementsAre("REFUSED"));
}

TEST_F(EdgeDnsTest, DoesNotShareAnAddressWithAnotherLandfall) {
  auto loop = EventLoop::create().value();
  auto second = EdgeDns::create(
      {loop.get()}, {.authoritative_address = "127.0.0.2", .endpoint_address = "127.0.0.6", .port = port_},
      {});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().error_number, EADDRINUSE);
}

TEST_F(EdgeDnsTest, KeepsServingWhenADocumentIsBroken) {
  put_zone({.id = "Z1",
            .name = "example.com.",
            .record_sets = {{.name = "www.example.com.", .type = "A", .ttl = 1, .values = {"192.0.2.1"}}}});
  const std::string broken =
      R"({"id":"Z1","name":"example.com.","record_sets":[{"name":"x.example.com.","type":"A","values":["?"]}]})";
  EXPECT_FALSE(edge_->apply(kZoneSnapshotKind, "Z1", &broken));
  EXPECT_FALSE(edge_->apply("Other", "x", &broken));
  const std::string no_network = R"({"vpc_id":"vpc-1","vpc_cidrs":["10.0.0.0"]})";
  EXPECT_FALSE(edge_->apply(kVpcDocumentKind, "vpc-1", &no_network));
  flush();
  EXPECT_THAT(ask("127.0.0.2", port_, "www.example.com"), ElementsAre("NOERROR", "192.0.2.1"));
}

}  // namespace
}  // namespace landfall::route53
