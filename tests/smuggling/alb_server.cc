// The data plane of one load balancer, alone: alb_server ADDRESS PORT TARGET_PORT listens on ADDRESS:PORT and
// forwards everything to 127.0.0.1:TARGET_PORT. Says "ready" when it listens, ends when its standard input
// does.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "base/log.h"
#include "codec/fields.h"
#include "net/vpc_sockets.h"
#include "runtime/event_loop.h"
#include "services/elbv2/dataplane/edge_elb.h"
#include "services/elbv2/snapshot.h"

using namespace landfall;

namespace {

constexpr const char* kArn =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188";
constexpr const char* kGroupArn =
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067";

elbv2::LoadBalancerSnapshot balancer(const char* address, int64_t port, int64_t target_port) {
  elbv2::LoadBalancerSnapshot snapshot{.arn = kArn, .name = "web", .dns_name = "web.elb", .vpc_id = "vpc-1"};
  snapshot.nodes = {
      {.availability_zone = "us-east-1a", .public_address = address, .private_address = "127.0.0.1"}};
  elbv2::TargetGroupSnapshot group{.arn = kGroupArn, .name = "web"};
  group.health_check.enabled = false;  // the upstream records what clients cause, nothing else
  group.targets = {
      {.id = "127.0.0.1", .address = "127.0.0.1", .port = target_port, .availability_zone = "us-east-1a"}};
  snapshot.target_groups = {std::move(group)};
  snapshot.listeners = {{.arn = "listener",
                         .port = port,
                         .protocol = "HTTP",
                         .default_actions = {{.type = "forward", .target_groups = {{kGroupArn, 1}}}}}};
  return snapshot;
}

struct EndOfInput final : IoHandler {
  EventLoop& loop;
  explicit EndOfInput(EventLoop& loop) : loop(loop) {}
  void on_io(uint32_t) override {
    char byte;
    if (::read(STDIN_FILENO, &byte, 1) <= 0) loop.stop();
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  log::init("alb_server", log::Level::info);
  auto loop = std::move(*EventLoop::create());
  net::PlainSockets sockets;
  auto elb = elbv2::EdgeElb::create({{loop.get(), &sockets}}, {.report = [](auto, auto, auto) {}});
  const std::string document = to_json(balancer(argv[1], std::atoll(argv[2]), std::atoll(argv[3])));
  EndOfInput end(*loop);
  LF_INVARIANT(loop->add(STDIN_FILENO, EPOLLIN, &end));
  if (auto applied = elb->apply(elbv2::kLoadBalancerSnapshotKind, kArn, &document); !applied) {
    std::fprintf(stderr, "%s\n", applied.error().message.c_str());
    return 1;
  }
  loop->post([&] {
    std::printf("ready\n");
    std::fflush(stdout);
  });
  loop->run();
  elb.reset();
  return 0;
}
