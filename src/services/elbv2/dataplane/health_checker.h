// HealthChecker: asks each registered target whether it is well, from the load balancer's node in the
// target's zone (or any node), and writes what it finds into the configuration's TargetHealth, which the
// workers read.
//
//   initial ──1 success──▶ healthy ──unhealthy_threshold failures──▶ unhealthy ──healthy_threshold
//   successes──▶ healthy
//      └──unhealthy_threshold failures──▶ unhealthy
//
// A target that is still initial is asked every second, so that it is used as soon as it serves; its failures
// count once an interval. Threads: one loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "http/client.h"
#include "net/vpc_sockets.h"
#include "runtime/event_loop.h"
#include "services/elbv2/dataplane/config.h"

namespace landfall::elbv2::dataplane {

class TargetCheck;

class HealthChecker {
 public:
  // Called whenever a target of the group changes its state; null when the group is gone.
  using Report = std::function<void(const std::string& target_group_arn, const TargetGroupHealth*)>;

  HealthChecker(EventLoop& loop, net::VpcSockets& sockets, Report report);
  ~HealthChecker();

  void set(std::shared_ptr<const LoadBalancerConfig> config);
  void remove(const std::string& load_balancer_arn);
  // (healthy, unhealthy) of a target group, by zone "" for all.
  std::pair<int, int> counts(const std::string& target_group_arn) const;

 private:
  friend class TargetCheck;
  void report_group(const TargetGroup& group);

  EventLoop& loop_;
  net::VpcSockets& sockets_;
  Report report_;
  std::unique_ptr<http::Client> client_;
  net::TlsContext tls_;
  std::map<std::string, std::shared_ptr<const LoadBalancerConfig>> configs_;  // by load balancer arn
  std::map<std::string, std::unique_ptr<TargetCheck>> checks_;                // by target key
  std::map<std::string, std::string> reported_;  // by target group arn: the last report
};

}  // namespace landfall::elbv2::dataplane
