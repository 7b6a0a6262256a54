// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
#include "autoscaling/errors.h"
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"
#include "services/autoscaling/launch_templates.h"
#include "services/autoscaling/refresh.h"

namespace landfall::autoscaling {

StartInstanceRefreshAnswer StartInstanceRefresh(Call& call, const StartInstanceRefreshType& in) {
  GroupRecord group = find_group(call, *in.AutoScalingGroupName);
  if (in.Strategy.value_or("Rolling") != "Rolling")
    throw_validation("Landfall's instance refreshes have the strategy Rolling, not " + *in.Strategy);
  if (active_refresh(call, *in.AutoScalingGroupName))
    throw InstanceRefreshInProgressFault(
        "An Instance Refresh is already in progress and blocks the execution "
        "of this Instance Refresh.");
  RefreshRecord record;
  InstanceRefresh& refresh = record.shown;
  refresh.InstanceRefreshId = call.random().uuid();
  refresh.AutoScalingGroupName = in.AutoScalingGroupName;
  refresh.Status = "Pending";
  refresh.StartTime = call.now;
  refresh.Preferences = checked_preferences(in.Preferences.value_or(RefreshPreferences{}), group.shown);
  if (in.DesiredConfiguration) {
    if (in.DesiredConfiguration->MixedInstancesPolicy)
      throw_validation("DesiredConfiguration.MixedInstancesPolicy is not supported by Landfall");
    if (in.DesiredConfiguration->LaunchTemplate && group.shown.MixedInstancesPolicy)
      throw_validation("The group has a MixedInstancesPolicy: its launch template is changed there");
    if (in.DesiredConfiguration->LaunchTemplate)
      group.shown.LaunchTemplate = checked_launch_template(call, *in.DesiredConfiguration->LaunchTemplate);
    refresh.DesiredConfiguration = in.DesiredConfiguration;
  }
  put_refresh(call, record);
  put_group(call, group);  // the reconciler hears of it
  return {.InstanceRefreshId = refresh.InstanceRefreshId};
}

}  // namespace landfall::autoscaling
