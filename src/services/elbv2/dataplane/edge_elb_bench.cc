// A load balancer of one worker in front of one target, to be measured by hand beside nginx or HAProxy:
//
//   edge_elb_bench ADDRESS PORT TARGET-ADDRESS TARGET-PORT [tls|plain [LOG-DIRECTORY]]      then: wrk -t2
//   -c64 -d10 http://ADDRESS:PORT/
//
// At SIGTERM or SIGINT it prints what it used: user and system seconds, requests, and microseconds of CPU per
// request.
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "codec/fields.h"
#include "delivery/spool.h"
#include "http/testing.h"
#include "net/vpc_sockets.h"
#include "services/elbv2/dataplane/edge_elb.h"
#include "services/elbv2/snapshot.h"

using namespace landfall;
using namespace landfall::elbv2;

namespace {
EventLoop* the_loop = nullptr;
}

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: %s ADDRESS PORT TARGET-ADDRESS TARGET-PORT [tls]\n", argv[0]);
    return 2;
  }
  auto loop = EventLoop::create().value();
  the_loop = loop.get();
  net::PlainSockets sockets;
  double requests = 0;
  auto elb = EdgeElb::create(
      {{loop.get(), &sockets}},
      {.log_spool = argc > 6 ? delivery::Spool::open({.directory = argv[6]}).value() : nullptr,
       .report =
           [&](std::string kind, std::string, std::string document) {
             if (kind != kLoadBalancerMetricsKind) return;
             const auto metrics = from_json<LoadBalancerMetrics>(document).value();
             for (const auto& datum : metrics.data)
               if (datum.name == "RequestCount" && datum.target_group.empty()) requests += datum.sum;
           },
       .metrics_period_ms = 500});
  LoadBalancerSnapshot lb{.arn = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/bench/1",
                          .name = "bench"};
  lb.nodes = {{.availability_zone = "a", .public_address = argv[1]}};
  lb.target_groups = {{.arn = "arn:aws:elasticloadbalancing:r:1:targetgroup/bench/1",
                       .health_check = {.matcher = "200-499"}}};
  lb.target_groups[0].targets = {{.id = argv[3], .address = argv[3], .port = std::atoi(argv[4])}};
  lb.listeners = {
      {.arn = "l",
       .port = std::atoi(argv[2]),
       .protocol = "HTTP",
       .default_actions = {{.type = "forward", .target_groups = {{lb.target_groups[0].arn, 1}}}}}};
  if (argc > 6) lb.attributes = {{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", "logs"}};
  if (argc > 5 && std::string_view(argv[5]) == "tls") {
    const auto certificate = http::testing::self_signed("bench.example");
    lb.listeners[0].protocol = "HTTPS";
    lb.listeners[0].certificates = {
        {.arn = "c", .chain_pem = certificate.chain_pem, .key_pem = certificate.key_pem, .is_default = true}};
  }
  const std::string document = to_json(lb);
  if (auto applied = elb->apply(kLoadBalancerSnapshotKind, lb.arn, &document); !applied) {
    std::fprintf(stderr, "%s\n", applied.error().message.c_str());
    return 1;
  }
  for (int signal : {SIGTERM, SIGINT})
    std::signal(signal, [](int) { the_loop->stop(); });  // benign here: nothing runs long
  loop->run();
  loop->run_once(600);  // the last metrics
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const double user = used.ru_utime.tv_sec + used.ru_utime.tv_usec / 1e6,
               system = used.ru_stime.tv_sec + used.ru_stime.tv_usec / 1e6;
  std::printf("user %.2f s, system %.2f s, %.0f requests, %.2f us a request\n", user, system, requests,
              requests > 0 ? (user + system) / requests * 1e6 : 0);
}
