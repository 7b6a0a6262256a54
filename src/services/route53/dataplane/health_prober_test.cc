#include "services/route53/dataplane/health_prober.h"

#include <gtest/gtest.h>

#include "net/socket.h"

namespace landfall::route53 {
namespace {

struct Probes {
  std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  std::map<std::string, HealthCheckStatus> seen;
  HealthProber prober{*loop, [](const std::string& host) { return host == "here.test" ? "127.0.0.1" : ""; },
                      [this](const std::string& id, const HealthCheckStatus& status) { seen[id] = status; }};
  void run_until_seen(const std::string& id) {
    for (int i = 0; i < 100 && !seen.contains(id); ++i) loop->run_once(50);
  }
};

HealthCheckSnapshot tcp(const std::string& id, uint16_t port) {
  return {.id = id, .type = "TCP", .host = "here.test", .port = port, .failure_threshold = 1};
}

}  // namespace

TEST(HealthCheck, CountsTwoAndThreeHundredsAndTheTextIfItWantsOne) {
  HealthCheckSnapshot check{.type = "HTTP"};
  EXPECT_TRUE(is_success(check, 200, ""));
  EXPECT_TRUE(is_success(check, 399, ""));
  EXPECT_FALSE(is_success(check, 404, ""));
  check.type = "HTTP_STR_MATCH";
  check.search_string = "fine";
  EXPECT_TRUE(is_success(check, 200, "all is fine"));
  EXPECT_FALSE(is_success(check, 200, std::string(kSearchedBytes, ' ') + "fine"));  // beyond what is searched
}

TEST(HealthCheck, CalculatedNeedsAsManyHealthyChildrenAsItsThreshold) {
  HealthCheckSnapshot check{.type = "CALCULATED", .children = {"a", "b"}, .health_threshold = 1};
  const auto only_a = [](const std::string& id) { return id == "a"; };
  EXPECT_TRUE(is_calculated_healthy(check, only_a));
  check.health_threshold = 2;
  EXPECT_FALSE(is_calculated_healthy(check, only_a));
  check.inverted = true;
  EXPECT_TRUE(is_calculated_healthy(check, only_a));
}

TEST(HealthProber, ConnectsToWhatTheNameResolvesTo) {
  Probes probes;
  UniqueFd listener = net::listen_tcp(net::SocketAddress::inet("127.0.0.1", 0).value()).value();
  const uint16_t port = net::SocketAddress::local_of(listener.get()).port();
  probes.prober.set(tcp("up", port));
  probes.run_until_seen("up");
  EXPECT_TRUE(probes.seen["up"].healthy);
  EXPECT_EQ(probes.seen["up"].status, "Success: TCP connect succeeded");
  listener.reset();
  probes.prober.set(tcp("down", port));
  probes.run_until_seen("down");
  EXPECT_FALSE(probes.seen["down"].healthy);
}

TEST(HealthProber, TurnsCalculatedChecksWithTheirChildren) {
  Probes probes;
  probes.prober.set({.id = "all", .type = "CALCULATED", .children = {"gone"}, .health_threshold = 1});
  EXPECT_TRUE(probes.seen["all"].healthy);  // nothing is known of its child yet
  HealthCheckSnapshot gone{.id = "gone", .type = "HTTP", .host = "nowhere.test", .failure_threshold = 1};
  probes.prober.set(gone);
  probes.run_until_seen("gone");
  EXPECT_FALSE(probes.seen["gone"].healthy);
  EXPECT_FALSE(probes.seen["all"].healthy);
  gone.disabled = true;
  probes.prober.set(gone);
  EXPECT_TRUE(probes.seen["all"].healthy);
}

}  // namespace landfall::route53
