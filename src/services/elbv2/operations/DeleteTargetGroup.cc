// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteTargetGroup.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DeleteTargetGroupOutput DeleteTargetGroup(Call& call, const DeleteTargetGroupInput& in) {
  if (!call.rows(kTargetGroups).has(*in.TargetGroupArn)) return {};
  if (!users_of(call, *in.TargetGroupArn).empty())
    throw ResourceInUseException("Target group '" + *in.TargetGroupArn +
                                 "' is currently in use by a listener or a rule");
  call.rows(kTargetGroups).erase(*in.TargetGroupArn);
  return {};
}

}  // namespace landfall::elbv2
