#include "aws/protocol/validate.h"
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"
#include "services/logs/pages.h"

namespace landfall::logs {

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListLogGroups.html
ListLogGroupsResponse ListLogGroups(Call& call, const ListLogGroupsRequest& in) {
  ListLogGroupsResponse out;
  for (const auto& [name, group] : call.rows(kGroups).all()) {
    if (in.nextToken && name <= token_value(*in.nextToken)) continue;
    if (in.logGroupNamePattern && !aws::matches_pattern(".*(" + *in.logGroupNamePattern + ").*", name))
      continue;
    if (in.logGroupClass && group->log_class != *in.logGroupClass) continue;
    if (out.logGroups.size() == page_limit(in.limit, kDefaultPage)) {
      out.nextToken = make_token(*out.logGroups.back().logGroupName);
      break;
    }
    LogGroupSummary& shown = out.logGroups.emplace_back();
    shown.logGroupName = name;
    shown.logGroupArn = group_arn(call, name);
    shown.logGroupClass = group->log_class;
  }
  return out;
}

}  // namespace landfall::logs
