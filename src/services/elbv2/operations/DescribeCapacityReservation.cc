// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeCapacityReservation.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

// Nothing is reserved: a load balancer's capacity here is the machine's.
DescribeCapacityReservationOutput DescribeCapacityReservation(Call& call,
                                                              const DescribeCapacityReservationInput& in) {
  find_load_balancer(call, *in.LoadBalancerArn);
  return {.DecreaseRequestsRemaining = 2};
}

}  // namespace landfall::elbv2
