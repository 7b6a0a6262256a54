// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSubnetGroups.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

DBSubnetGroupMessage DescribeDBSubnetGroups(Call& call, const DescribeDBSubnetGroupsMessage& in) {
  DBSubnetGroupMessage out;
  if (in.DBSubnetGroupName) {
    const auto stored = call.rows(kSubnetGroups).get(ascii_lower(*in.DBSubnetGroupName));
    if (!stored) throw DBSubnetGroupNotFoundFault("DBSubnetGroup " + *in.DBSubnetGroupName + " not found.");
    out.DBSubnetGroups.push_back(stored->shown);
    return out;
  }
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  for (auto& [name, record] : call.rows(kSubnetGroups).all()) {
    if (in.Marker && name <= *in.Marker) continue;
    if (out.DBSubnetGroups.size() == limit) {
      out.Marker = *out.DBSubnetGroups.back().DBSubnetGroupName;
      break;
    }
    out.DBSubnetGroups.push_back(record->shown);
  }
  return out;
}

}  // namespace landfall::rds
