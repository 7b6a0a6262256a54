// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBSnapshots.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DBSnapshotMessage DescribeDBSnapshots(Call& call, const DescribeDBSnapshotsMessage& in) {
  if (in.DBSnapshotIdentifier) {
    const SnapshotRecord record = find_snapshot(call, *in.DBSnapshotIdentifier);
    return {.DBSnapshots = {record.shown}};
  }
  DBSnapshotMessage out;
  for (const auto& [id, record] : call.rows(kSnapshots).all()) {
    if (in.Marker && id <= *in.Marker) continue;
    if (in.DBInstanceIdentifier &&
        record->shown.DBInstanceIdentifier != ascii_lower(*in.DBInstanceIdentifier))
      continue;
    if (in.DbiResourceId && record->shown.DbiResourceId != in.DbiResourceId) continue;
    if (in.SnapshotType && *in.SnapshotType != "manual") continue;
    if (out.DBSnapshots.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.DBSnapshots.back().DBSnapshotIdentifier;
      break;
    }
    out.DBSnapshots.push_back(record->shown);
  }
  return out;
}

}  // namespace landfall::rds
