// Runs against the kernel, in namespaces of its own: needs root.
#include "host/network/networks.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

#include "host/network/netns.h"
#include "host/network/security_groups.h"

namespace landfall::host {
namespace {

// An allowed connection takes a fraction of a millisecond, on a machine that is not busy; a dropped one never
// ends.
constexpr int kPatienceMs = 5000;
constexpr int kRefusedMs = 200;

class NetworksTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() != 0) GTEST_SKIP() << "NEEDS ROOT: the networks were NOT tested";
    directory_ = mkdtemp(buffer_);
    ASSERT_EQ(mount(directory_.c_str(), directory_.c_str(), nullptr, MS_BIND, nullptr), 0);
    ASSERT_EQ(mount(nullptr, directory_.c_str(), nullptr, MS_PRIVATE, nullptr), 0);
    networks_ = std::make_unique<Networks>(directory_);
  }
  void TearDown() override {
    if (!networks_) return;
    networks_->remove_all();
    EXPECT_TRUE(std::filesystem::is_empty(directory_));
    umount2(directory_.c_str(), MNT_DETACH);
    std::filesystem::remove_all(directory_);
  }

  void add_vpc(const std::string& id, const std::string& cidr = "10.0.0.0/16",
               const std::string& subnet = "10.0.1.0/24") {
    desired_.networks[id] = {
        .vpc_id = id, .cidrs = {cidr}, .subnets = {{.subnet_id = "subnet-" + id, .cidr = subnet}}};
  }
  void add_interface(const std::string& id, const std::string& vpc, const std::string& ip,
                     std::vector<std::string> groups, const std::string& attachment = "workload") {
    desired_.interfaces[id] = {.interface_id = id,
                               .vpc_id = vpc,
                               .subnet_id = "subnet-" + vpc,
                               .private_ip = ip,
                               .security_group_ids = std::move(groups),
                               .attachment = attachment};
  }
  void add_group(const std::string& id, const std::string& vpc, std::vector<SecurityGroupRule> ingress) {
    desired_.groups[id] = {.group_id = id,
                           .vpc_id = vpc,
                           .ingress = std::move(ingress),
                           .egress = {{.protocol = "-1", .cidrs = {"0.0.0.0/0"}}}};
  }
  // "subnet-vpc-1" with eni-a and eni-b, and "subnet-far"; a group that lets all in.
  Network& add_vpc_of_two_subnets() {
    add_vpc("vpc-1");
    Network& vpc = desired_.networks["vpc-1"];
    vpc.subnets.push_back({.subnet_id = "subnet-far", .cidr = "10.0.2.0/24"});
    add_group("sg-1", "vpc-1", {{.protocol = "-1", .cidrs = {"0.0.0.0/0"}}});
    add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
    add_interface("eni-b", "vpc-1", "10.0.1.11", {"sg-1"});
    return vpc;
  }
  void converge() {
    networks_->converge(
        desired_,
        [&](const NetworkStatus& s) {
          statuses_[s.id] = s.state + (s.message.empty() ? "" : ": " + s.message);
        },
        [&](const InterfaceStatus& s) {
          statuses_[s.id] = s.state + (s.message.empty() ? "" : ": " + s.message);
        });
  }

  UniqueFd socket_in(const std::string& id, int type, const std::string& bind_to = "0.0.0.0", int port = 0) {
    UniqueFd netns = open_netns(directory_ + "/" + id).value();
    NetnsScope scope = NetnsScope::enter(netns.get()).value();
    UniqueFd fd(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    setsockopt(fd.get(), IPPROTO_IP, 19 /* IP_TRANSPARENT */, &on, sizeof on);  // to send from any address
    sockaddr_in name = address(bind_to, port);
    EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name), 0) << bind_to;
    return fd;
  }
  UniqueFd listener_in(const std::string& id, int port) {
    UniqueFd fd = socket_in(id, SOCK_STREAM, "0.0.0.0", port);
    EXPECT_EQ(listen(fd.get(), 8), 0);
    return fd;
  }
  static sockaddr_in address(const std::string& ip, int port) {
    sockaddr_in name{};
    name.sin_family = AF_INET;
    name.sin_port = htons(static_cast<uint16_t>(port));
    inet_pton(AF_INET, ip.c_str(), &name.sin_addr);
    return name;
  }
  static bool connects(const UniqueFd& fd, const std::string& ip, int port, int timeout_ms = kPatienceMs) {
    sockaddr_in name = address(ip, port);
    if (connect(fd.get(), reinterpret_cast<sockaddr*>(&name), sizeof name) == 0) return true;
    if (errno != EINPROGRESS) return false;
    pollfd waiting{fd.get(), POLLOUT, 0};
    if (poll(&waiting, 1, timeout_ms) != 1) return false;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    return error == 0;
  }
  bool is_cut_off(const std::string& from, const std::string& ip, int port) {
    return !connects(socket_in(from, SOCK_STREAM), ip, port, kRefusedMs);
  }
  bool reaches(const std::string& from, const std::string& ip, int port) {
    return connects(socket_in(from, SOCK_STREAM), ip, port);
  }

  char buffer_[32] = "/tmp/lf-networks-XXXXXX";
  std::string directory_;
  std::unique_ptr<Networks> networks_;
  DesiredNetworks desired_;
  std::map<std::string, std::string> statuses_;
};

SecurityGroupRule tcp(int port, std::vector<std::string> cidrs, std::vector<std::string> groups = {}) {
  return {.protocol = "tcp",
          .from_port = port,
          .to_port = port,
          .cidrs = std::move(cidrs),
          .group_ids = std::move(groups)};
}

}  // namespace

TEST_F(NetworksTest, InterfacesOfOneSubnetReachEachOtherOnlyAsTheirGroupsAllow) {
  add_vpc("vpc-1");
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-web"});
  add_interface("eni-b", "vpc-1", "10.0.1.11", {"sg-db"});
  add_interface("eni-c", "vpc-1", "10.0.1.12", {"sg-other"});
  add_group("sg-web", "vpc-1", {});
  add_group("sg-other", "vpc-1", {});
  add_group("sg-db", "vpc-1", {tcp(5432, {}, {"sg-web"}), tcp(7000, {"10.0.1.12/32"})});
  converge();
  EXPECT_EQ(statuses_["vpc-1"], "available");
  EXPECT_EQ(statuses_["eni-a"], "in-use");
  UniqueFd database = listener_in("eni-b", 5432), other = listener_in("eni-b", 7000);
  EXPECT_TRUE(reaches("eni-a", "10.0.1.11", 5432)) << "by the group reference";
  EXPECT_TRUE(is_cut_off("eni-c", "10.0.1.11", 5432));
  EXPECT_TRUE(reaches("eni-c", "10.0.1.11", 7000)) << "by the address";
  EXPECT_TRUE(is_cut_off("eni-a", "10.0.1.11", 7000));

  // A reference follows the members.
  desired_.interfaces["eni-c"].security_group_ids = {"sg-other", "sg-web"};
  desired_.interfaces["eni-a"].security_group_ids = {"sg-other"};
  converge();
  EXPECT_TRUE(reaches("eni-c", "10.0.1.11", 5432));
  EXPECT_TRUE(is_cut_off("eni-a", "10.0.1.11", 5432));

  // Both sides must agree: without egress nothing leaves.
  desired_.groups["sg-web"].egress.clear();
  desired_.groups["sg-other"].egress.clear();
  converge();
  EXPECT_TRUE(is_cut_off("eni-c", "10.0.1.11", 5432));
}

TEST_F(NetworksTest, ASpoofedSourceIsDropped) {
  add_vpc("vpc-1");
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
  add_interface("eni-b", "vpc-1", "10.0.1.11", {"sg-1"});
  add_interface("eni-c", "vpc-1", "10.0.1.12", {"sg-1"});
  add_group("sg-1", "vpc-1", {{.protocol = "udp", .from_port = 0, .to_port = 65535, .cidrs = {"0.0.0.0/0"}}});
  converge();
  UniqueFd receiver = socket_in("eni-b", SOCK_DGRAM, "0.0.0.0", 9000);
  UniqueFd honest = socket_in("eni-a", SOCK_DGRAM, "10.0.1.10", 1);
  UniqueFd spoofed = socket_in("eni-a", SOCK_DGRAM, "10.0.1.12", 2);
  sockaddr_in to = address("10.0.1.11", 9000);
  ASSERT_EQ(sendto(spoofed.get(), "s", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 1);
  ASSERT_EQ(sendto(honest.get(), "h", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 1);
  pollfd waiting{receiver.get(), POLLIN, 0};
  ASSERT_EQ(poll(&waiting, 1, 1000), 1);
  char bytes[8];
  ASSERT_EQ(recv(receiver.get(), bytes, sizeof bytes, 0), 1);
  EXPECT_EQ(bytes[0], 'h');
  EXPECT_EQ(poll(&waiting, 1, 100), 0) << "the spoofed datagram came too";
}

TEST_F(NetworksTest, TwoVpcsWithTheSameAddressesDoNotSeeEachOther) {
  for (const std::string vpc : {"vpc-1", "vpc-2"}) {
    add_vpc(vpc);
    add_group("sg-" + vpc, vpc, {{.cidrs = {"0.0.0.0/0"}}});
    add_interface("eni-a-" + vpc, vpc, "10.0.1.10", {"sg-" + vpc});
    add_interface("eni-b-" + vpc, vpc, "10.0.1.11", {"sg-" + vpc});
  }
  add_interface("eni-only-2", "vpc-2", "10.0.1.12", {"sg-vpc-2"});
  converge();
  UniqueFd in_1 = listener_in("eni-b-vpc-1", 80);
  UniqueFd only_2 = listener_in("eni-only-2", 80);
  EXPECT_TRUE(reaches("eni-a-vpc-1", "10.0.1.11", 80));
  EXPECT_TRUE(is_cut_off("eni-a-vpc-2", "10.0.1.11", 80)) << "it would be the other VPC's";
  EXPECT_TRUE(reaches("eni-a-vpc-2", "10.0.1.12", 80));
  EXPECT_TRUE(is_cut_off("eni-a-vpc-1", "10.0.1.12", 80));
}

TEST_F(NetworksTest, NothingReachesTheMachineOrItsNetworks) {
  add_vpc("vpc-1");
  add_group("sg-1", "vpc-1", {{.cidrs = {"0.0.0.0/0"}}});
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
  converge();
  UniqueFd on_machine(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in any = address("0.0.0.0", 0);
  ASSERT_EQ(bind(on_machine.get(), reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
  ASSERT_EQ(listen(on_machine.get(), 8), 0);
  socklen_t size = sizeof any;
  getsockname(on_machine.get(), reinterpret_cast<sockaddr*>(&any), &size);
  const int port = ntohs(any.sin_port);
  for (const char* ip : {"127.0.0.1", "127.77.0.1", "10.0.1.1", "169.254.169.254", "1.1.1.1"})
    EXPECT_TRUE(is_cut_off("eni-a", ip, port)) << ip;
}

TEST_F(NetworksTest, EdgesSocketsMeetTheGroupsOfTheirInterfaceAndServicesAreExempt) {
  add_vpc("vpc-1");
  add_interface("eni-node", "vpc-1", "10.0.1.20", {"sg-lb"}, "edge");
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-app"});
  add_group("sg-lb", "vpc-1", {tcp(443, {"10.0.0.0/16"})});
  add_group("sg-app", "vpc-1", {tcp(8080, {}, {"sg-lb"})});
  desired_.groups["sg-app"].egress = {tcp(443, {"0.0.0.0/0"})};
  converge();
  UniqueFd app = listener_in("eni-a", 8080), closed = listener_in("eni-a", 8081);
  const auto client = [&] {
    return std::move(
        networks_
            ->open_sockets({.vpc_id = "vpc-1",
                            .requests = {{.purpose = "tcp_client", .address = "10.0.1.20", .count = 1}}})
            .value()[0]);
  };
  EXPECT_TRUE(connects(client(), "10.0.1.10", 8080));
  EXPECT_FALSE(connects(client(), "10.0.1.10", 8081, kRefusedMs));

  const auto sockets = networks_->open_sockets(
      {.vpc_id = "vpc-1",
       .requests = {{.purpose = "tcp_listener", .address = "169.254.169.254", .port = 80, .count = 2},
                    {.purpose = "tcp_listener", .address = "10.0.1.20", .port = 443},
                    {.purpose = "tcp_listener", .address = "10.0.1.20", .port = 444},
                    {.purpose = "udp_bound", .address = "10.0.0.2", .port = 53}}});
  ASSERT_TRUE(sockets.has_value()) << sockets.error().message;
  EXPECT_EQ(sockets->size(), 5u);
  EXPECT_TRUE(reaches("eni-a", "169.254.169.254", 80))
      << "the metadata service, whatever the egress rules say";
  EXPECT_TRUE(reaches("eni-a", "10.0.1.20", 443));
  EXPECT_TRUE(is_cut_off("eni-a", "10.0.1.20", 444));

  EXPECT_FALSE(networks_->open_sockets(
      {.vpc_id = "vpc-1", .requests = {{.purpose = "tcp_client", .address = "10.0.1.10"}}}));
  EXPECT_FALSE(networks_->open_sockets(
      {.vpc_id = "vpc-1", .requests = {{.purpose = "tcp_client", .address = "10.0.1.20", .count = 129}}}));
  EXPECT_FALSE(networks_->open_sockets(
      {.vpc_id = "vpc-9", .requests = {{.purpose = "tcp_client", .address = "10.0.1.20"}}}));
}

TEST_F(NetworksTest, ANetworkAclJudgesEachPacketAtTheSubnetsBorder) {
  Network& vpc = add_vpc_of_two_subnets();
  add_interface("eni-far", "vpc-1", "10.0.2.10", {"sg-1"});
  desired_.interfaces["eni-far"].subnet_id = "subnet-far";
  add_interface("eni-node", "vpc-1", "10.0.2.20", {"sg-1"}, "edge");
  desired_.interfaces["eni-node"].subnet_id = "subnet-far";
  converge();
  UniqueFd server = listener_in("eni-a", 80), near = listener_in("eni-b", 80);
  const auto from_node = [&](int patience) {
    const auto opened = networks_->open_sockets(
        {.vpc_id = "vpc-1", .requests = {{.purpose = "tcp_client", .address = "10.0.2.20"}}});
    return connects(opened.value()[0], "10.0.1.10", 80, patience);
  };
  const auto service = networks_->open_sockets(
      {.vpc_id = "vpc-1",
       .requests = {{.purpose = "tcp_listener", .address = "169.254.169.254", .port = 80}}});
  ASSERT_TRUE(service.has_value());
  UniqueFd lasting = socket_in("eni-far", SOCK_STREAM);
  ASSERT_TRUE(connects(lasting, "10.0.1.10", 80));
  UniqueFd accepted(accept(server.get(), nullptr, nullptr));

  // Nothing allowed: the border is closed both ways, the subnet itself and the services are not.
  vpc.network_acls = {{.network_acl_id = "acl-1", .ingress = {}, .egress = {}}};
  vpc.subnets[0].network_acl_id = "acl-1";
  converge();
  ASSERT_EQ(statuses_["vpc-1"], "available");
  EXPECT_TRUE(is_cut_off("eni-far", "10.0.1.10", 80));
  EXPECT_FALSE(from_node(kRefusedMs)) << "a load balancer's node is an interface of its subnet";
  EXPECT_TRUE(reaches("eni-b", "10.0.1.10", 80)) << "within the subnet";
  EXPECT_TRUE(reaches("eni-a", "169.254.169.254", 80));
  ASSERT_EQ(write(lasting.get(), "x", 1), 1);
  pollfd waiting{accepted.get(), POLLIN, 0};
  EXPECT_EQ(poll(&waiting, 1, kRefusedMs), 0) << "it judges connections that are open, too";

  // The way in alone is not enough: the reply has none.
  NetworkAcl& acl = vpc.network_acls[0];
  acl.ingress = {{.action = "allow", .protocol = "6", .from_port = 80, .to_port = 80, .cidr = "10.0.2.0/24"}};
  converge();
  EXPECT_TRUE(is_cut_off("eni-far", "10.0.1.10", 80));
  acl.egress = {
      {.action = "allow", .protocol = "6", .from_port = 1024, .to_port = 65535, .cidr = "10.0.0.0/8"}};
  converge();
  EXPECT_TRUE(reaches("eni-far", "10.0.1.10", 80));
  EXPECT_TRUE(from_node(kPatienceMs));
  EXPECT_EQ(poll(&waiting, 1, kPatienceMs), 1) << "what was sent is sent again";

  // An earlier entry wins; so does the other subnet's ACL.
  acl.ingress.insert(acl.ingress.begin(), {.action = "deny", .cidr = "10.0.2.10/32"});
  converge();
  EXPECT_TRUE(is_cut_off("eni-far", "10.0.1.10", 80));
  EXPECT_TRUE(from_node(kPatienceMs));
  acl.ingress.erase(acl.ingress.begin());
  vpc.network_acls.push_back(
      {.network_acl_id = "acl-2", .ingress = {{.action = "allow", .cidr = "0.0.0.0/0"}}});
  vpc.subnets[1].network_acl_id = "acl-2";
  converge();
  EXPECT_TRUE(is_cut_off("eni-far", "10.0.1.10", 80));

  // And back to none, without a trace.
  vpc.network_acls.clear();
  for (Subnet& subnet : vpc.subnets) subnet.network_acl_id.clear();
  converge();
  ASSERT_EQ(statuses_["vpc-1"], "available");
  EXPECT_TRUE(reaches("eni-far", "10.0.1.10", 80));
}

TEST_F(NetworksTest, ASourceThatIsNotTheInterfacesOwnIsJudgedByTheInterfacesSubnet) {
  Network& vpc = add_vpc_of_two_subnets();
  add_interface("eni-nat", "vpc-1", "10.0.2.10", {"sg-1"});
  desired_.interfaces["eni-nat"].subnet_id = "subnet-far";
  desired_.interfaces["eni-nat"].source_dest_check = false;
  converge();
  UniqueFd receiver = socket_in("eni-b", SOCK_DGRAM, "0.0.0.0", 9000);
  pollfd waiting{receiver.get(), POLLIN, 0};
  char bytes[8];
  const auto arrives = [&](int patience) {
    UniqueFd as_a = socket_in("eni-nat", SOCK_DGRAM, "10.0.1.10", 2);
    sockaddr_in to = address("10.0.1.11", 9000);
    EXPECT_EQ(sendto(as_a.get(), "s", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 1);
    return poll(&waiting, 1, patience) == 1 && recv(receiver.get(), bytes, sizeof bytes, 0) == 1;
  };
  ASSERT_TRUE(arrives(kPatienceMs)) << "without an ACL it may say that it is eni-a";
  vpc.network_acls = {{.network_acl_id = "acl-1"}};
  vpc.subnets[0].network_acl_id = "acl-1";
  converge();
  EXPECT_FALSE(arrives(kRefusedMs)) << "saying so does not make it a neighbour";
  vpc.subnets[0].network_acl_id.clear();
  vpc.subnets[1].network_acl_id = "acl-1";
  converge();
  EXPECT_FALSE(arrives(kRefusedMs)) << "it leaves the far subnet";
}

TEST_F(NetworksTest, AnotherHostFindsEverythingAndCutsNothing) {
  add_vpc("vpc-1");
  add_group("sg-1", "vpc-1", {tcp(80, {"0.0.0.0/0"})});
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
  add_interface("eni-b", "vpc-1", "10.0.1.11", {"sg-1"});
  converge();
  UniqueFd listener = listener_in("eni-b", 80);
  UniqueFd connection = socket_in("eni-a", SOCK_STREAM);
  ASSERT_TRUE(connects(connection, "10.0.1.11", 80));
  UniqueFd server(accept(listener.get(), nullptr, nullptr));

  networks_ = std::make_unique<Networks>(directory_);
  desired_.interfaces.erase("eni-gone");
  converge();
  ASSERT_EQ(write(connection.get(), "x", 1), 1);
  pollfd waiting{server.get(), POLLIN, 0};
  EXPECT_EQ(poll(&waiting, 1, 1000), 1) << "the connection was cut";
  EXPECT_TRUE(reaches("eni-a", "10.0.1.11", 80));
}

TEST_F(NetworksTest, ANewOwnerOfAnAddressInheritsNoConnection) {
  add_vpc("vpc-1");
  add_group("sg-1", "vpc-1", {{.protocol = "udp", .from_port = 53, .to_port = 53, .cidrs = {"0.0.0.0/0"}}});
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
  add_interface("eni-b", "vpc-1", "10.0.1.11", {"sg-1"});
  converge();
  UniqueFd server = socket_in("eni-b", SOCK_DGRAM, "10.0.1.11", 53);
  UniqueFd client = socket_in("eni-a", SOCK_DGRAM, "10.0.1.10", 4000);
  sockaddr_in to = address("10.0.1.11", 53);
  ASSERT_EQ(sendto(client.get(), "q", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to), 1);
  client.reset();
  desired_.interfaces.erase("eni-a");
  add_interface("eni-new", "vpc-1", "10.0.1.10", {"sg-1"});
  converge();
  ASSERT_EQ(statuses_["eni-new"], "in-use");
  UniqueFd victim = socket_in("eni-new", SOCK_DGRAM, "10.0.1.10", 4000);
  sockaddr_in back = address("10.0.1.10", 4000);
  ASSERT_EQ(sendto(server.get(), "r", 1, 0, reinterpret_cast<sockaddr*>(&back), sizeof back), 1);
  pollfd waiting{victim.get(), POLLIN, 0};
  EXPECT_EQ(poll(&waiting, 1, 100), 0) << "an answer to the earlier owner's question came through";
}

TEST_F(NetworksTest, RemovedInterfacesAndNetworksLeaveNothing) {
  add_vpc("vpc-1");
  add_group("sg-1", "vpc-1", {});
  add_interface("eni-a", "vpc-1", "10.0.1.10", {"sg-1"});
  converge();
  desired_ = {};
  converge();
  EXPECT_EQ(statuses_["eni-a"], "removed");
  EXPECT_EQ(statuses_["vpc-1"], "removed");
  EXPECT_TRUE(std::filesystem::is_empty(directory_));
}

TEST_F(NetworksTest, MeasuresItself) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  };
  auto start = Clock::now();
  add_vpc("vpc-1");
  add_group("sg-1", "vpc-1", {tcp(80, {"0.0.0.0/0"})});
  converge();
  RecordProperty("vpc_ms", std::to_string(since(start)));
  std::printf("VPC created in %.1f ms\n", since(start));
  for (int i = 0; i < 20; ++i)
    add_interface("eni-" + std::to_string(i), "vpc-1", "10.0.1." + std::to_string(10 + i), {"sg-1"});
  start = Clock::now();
  converge();
  std::printf("20 interfaces in %.1f ms\n", since(start));
  EXPECT_EQ(statuses_["eni-19"], "in-use");
  start = Clock::now();
  desired_.interfaces["eni-7"].security_group_ids.clear();
  converge();
  std::printf("one membership change in %.2f ms\n", since(start));
}

}  // namespace landfall::host
