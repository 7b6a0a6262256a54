// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteDashboards.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

// All or none.
DeleteDashboardsOutput DeleteDashboards(Call& call, const DeleteDashboardsInput& in) {
  auto rows = call.global_rows(kDashboards);
  for (const std::string& name : in.DashboardNames)
    if (!rows.has(name)) throw DashboardNotFoundError("Dashboard " + name + " does not exist");
  for (const std::string& name : in.DashboardNames) rows.erase(name);
  return {};
}

}  // namespace landfall::cloudwatch
