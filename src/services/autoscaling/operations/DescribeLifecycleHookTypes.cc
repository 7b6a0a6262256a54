// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLifecycleHookTypes.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/hooks.h"

namespace landfall::autoscaling {

DescribeLifecycleHookTypesAnswer DescribeLifecycleHookTypes(Call&, const aws::Empty&) {
  return {.LifecycleHookTypes = {kLaunching, kTerminating}};
}

}  // namespace landfall::autoscaling
