// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeTerminationPolicyTypes.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeTerminationPolicyTypesAnswer DescribeTerminationPolicyTypes(Call&, const aws::Empty&) {
  DescribeTerminationPolicyTypesAnswer out;
  out.TerminationPolicyTypes.assign(std::begin(kTerminationPolicies), std::end(kTerminationPolicies));
  return out;
}

}  // namespace landfall::autoscaling
