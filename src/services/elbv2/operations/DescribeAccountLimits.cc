// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeAccountLimits.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
DescribeAccountLimitsOutput DescribeAccountLimits(Call&, const DescribeAccountLimitsInput&) {
  const auto limit = [](const char* name, size_t most) {
    return Limit{.Name = name, .Max = std::to_string(most)};
  };
  return {.Limits = {limit("application-load-balancers", 50), limit("target-groups", 3000),
                     limit("listeners-per-application-load-balancer", kMaxListenersPerLoadBalancer),
                     limit("rules-per-application-load-balancer", kMaxRulesPerLoadBalancer),
                     limit("targets-per-application-load-balancer", kMaxTargetsPerLoadBalancer),
                     limit("certificates-per-application-load-balancer", kMaxCertificatesPerLoadBalancer)}};
}

}  // namespace landfall::elbv2
