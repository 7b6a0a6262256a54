// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBParameterGroups.html
#include <algorithm>

#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DBParameterGroupsMessage DescribeDBParameterGroups(Call& call, const DescribeDBParameterGroupsMessage& in) {
  if (in.DBParameterGroupName)
    return {.DBParameterGroups = {find_parameter_group(call, *in.DBParameterGroupName).shown}};
  std::vector<DBParameterGroup> groups{find_parameter_group(call, default_group_name()).shown};
  for (const auto& [name, record] : call.rows(kParameterGroups).all()) groups.push_back(record->shown);
  std::ranges::sort(groups, {}, [](const DBParameterGroup& group) { return *group.DBParameterGroupName; });
  DBParameterGroupsMessage out;
  for (DBParameterGroup& group : groups) {
    if (in.Marker && *group.DBParameterGroupName <= *in.Marker) continue;
    if (out.DBParameterGroups.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.DBParameterGroups.back().DBParameterGroupName;
      break;
    }
    out.DBParameterGroups.push_back(std::move(group));
  }
  return out;
}

}  // namespace landfall::rds
