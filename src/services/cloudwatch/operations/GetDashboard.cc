// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetDashboard.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

GetDashboardOutput GetDashboard(Call& call, const GetDashboardInput& in) {
  const auto found = call.global_rows(kDashboards).get(*in.DashboardName);
  if (!found) throw DashboardNotFoundError("Dashboard " + *in.DashboardName + " does not exist");
  return {.DashboardArn = dashboard_arn(call, *in.DashboardName),
          .DashboardBody = found->body,
          .DashboardName = in.DashboardName};
}

}  // namespace landfall::cloudwatch
