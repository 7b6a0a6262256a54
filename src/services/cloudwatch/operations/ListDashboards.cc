// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListDashboards.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

ListDashboardsOutput ListDashboards(Call& call, const ListDashboardsInput& in) {
  constexpr size_t kPage = 1000;
  ListDashboardsOutput out;
  for (const auto& [name, dashboard] : call.global_rows(kDashboards).all()) {
    if (in.NextToken && name <= *in.NextToken) continue;
    if (!name.starts_with(in.DashboardNamePrefix.value_or(""))) continue;
    if (out.DashboardEntries.size() == kPage) {
      out.NextToken = *out.DashboardEntries.back().DashboardName;
      break;
    }
    DashboardEntry& entry = out.DashboardEntries.emplace_back();
    entry.DashboardName = name;
    entry.DashboardArn = dashboard_arn(call, name);
    entry.LastModified = dashboard->modified;
    entry.Size = static_cast<int64_t>(dashboard->body.size());
  }
  return out;
}

}  // namespace landfall::cloudwatch
