// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html
#include "base/ascii.h"
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

DBInstanceMessage DescribeDBInstances(Call& call, const DescribeDBInstancesMessage& in) {
  if (in.DBInstanceIdentifier) return {.DBInstances = {find_instance(call, *in.DBInstanceIdentifier).shown}};
  const auto matches = [&](const InstanceRecord& record) {
    for (const Filter& filter : in.Filters) {
      std::string value;
      if (filter.Name == "db-instance-id")
        value = *record.shown.DBInstanceIdentifier;
      else if (filter.Name == "engine")
        value = *record.shown.Engine;
      else if (filter.Name == "dbi-resource-id")
        value = *record.shown.DbiResourceId;
      else
        throw ServiceError("InvalidParameterValue", 400,
                           "Unrecognized filter name: " + filter.Name.value_or(""));
      bool found = false;
      for (const std::string& wanted : filter.Values)
        found = found || wanted == value || wanted == record.shown.DBInstanceArn.value_or("");
      if (!found) return false;
    }
    return true;
  };
  const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100));
  DBInstanceMessage out;
  for (auto& [id, record] : call.rows(kInstances).all()) {
    if ((in.Marker && id <= *in.Marker) || !matches(*record)) continue;
    if (out.DBInstances.size() == limit) {
      out.Marker = ascii_lower(*out.DBInstances.back().DBInstanceIdentifier);
      break;
    }
    out.DBInstances.push_back(record->shown);
  }
  return out;
}

}  // namespace landfall::rds
