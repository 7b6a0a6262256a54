// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAccountLimits.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeAccountLimitsAnswer DescribeAccountLimits(Call& call, const aws::Empty&) {
  return {.MaxNumberOfAutoScalingGroups = 500,
          .MaxNumberOfLaunchConfigurations = 200,
          .NumberOfAutoScalingGroups = static_cast<int64_t>(call.rows(kGroups).all().size()),
          .NumberOfLaunchConfigurations = 0};
}

}  // namespace landfall::autoscaling
