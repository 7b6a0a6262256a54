#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"
#include "services/logs/pages.h"

namespace landfall::logs {

DescribeLogGroupsResponse DescribeLogGroups(Call& call, const DescribeLogGroupsRequest& in) {
  if (in.logGroupNamePrefix && in.logGroupNamePattern)
    throw InvalidParameterException(
        "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
  const auto wanted = [&](const GroupRecord& group) {
    if (in.logGroupNamePrefix && !group.name.starts_with(*in.logGroupNamePrefix)) return false;
    if (in.logGroupNamePattern && group.name.find(*in.logGroupNamePattern) == std::string::npos) return false;
    if (in.logGroupClass && group.log_class != *in.logGroupClass) return false;
    if (in.logGroupIdentifiers.empty()) return true;
    for (const std::string& identifier : in.logGroupIdentifiers)
      if (group_name(call, identifier) == group.name) return true;
    return false;
  };
  DescribeLogGroupsResponse out;
  for (const auto& [name, group] : call.rows(kGroups).all()) {
    if ((in.nextToken && name <= token_value(*in.nextToken)) || !wanted(*group)) continue;
    if (out.logGroups.size() == page_limit(in.limit, kDefaultPage)) {
      out.nextToken = make_token(*out.logGroups.back().logGroupName);
      break;
    }
    out.logGroups.push_back(shown_group(call, *group));
  }
  return out;
}

}  // namespace landfall::logs
