// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBSnapshot.html
#include "rds/errors.h"
#include "rds/operations.h"
#include "services/rds/parameters.h"
#include "services/rds/snapshots.h"

namespace landfall::rds {

CreateDBSnapshotResult CreateDBSnapshot(Call& call, const CreateDBSnapshotMessage& in) {
  InstanceRecord instance = find_instance(call, *in.DBInstanceIdentifier);
  require_state(instance, {"available"});
  std::map<std::string, std::string> tags = tag_map(in.Tags);
  if (in.Tags.empty() && instance.shown.CopyTagsToSnapshot.value_or(false)) tags = instance.tags;
  const SnapshotRecord record = begin_snapshot(call, instance, *in.DBSnapshotIdentifier, tags);
  instance.shown.DBInstanceStatus = "backing-up";
  put_instance(call, instance);
  return {.DBSnapshot = record.shown};
}

}  // namespace landfall::rds
