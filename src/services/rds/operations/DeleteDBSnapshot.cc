// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBSnapshot.html
#include "base/ascii.h"
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

DeleteDBSnapshotResult DeleteDBSnapshot(Call& call, const DeleteDBSnapshotMessage& in) {
  SnapshotRecord record = find_snapshot(call, *in.DBSnapshotIdentifier);
  if (record.shown.Status != "available")
    throw InvalidDBSnapshotStateFault(
        "Cannot delete the snapshot because it is not currently in the available state.");
  call.rows(kInstances).each([&](std::string_view id, const InstanceRecord& instance) {
    if (instance.restore_volume == record.volume)
      throw InvalidDBSnapshotStateFault("The snapshot is being restored to " + std::string(id) + ".");
  });
  undesire(call.txn, "Volume", record.volume);
  call.rows(kSnapshots).erase(ascii_lower(*record.shown.DBSnapshotIdentifier));
  record.shown.Status = "deleted";
  return {.DBSnapshot = record.shown};
}

}  // namespace landfall::rds
