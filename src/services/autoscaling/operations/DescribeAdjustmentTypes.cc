// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAdjustmentTypes.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

DescribeAdjustmentTypesAnswer DescribeAdjustmentTypes(Call&, const aws::Empty&) {
  DescribeAdjustmentTypesAnswer out;
  for (const char* type : {"ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"}) {
    AdjustmentType one;
    one.AdjustmentType_ = type;
    out.AdjustmentTypes.push_back(one);
  }
  return out;
}

}  // namespace landfall::autoscaling
