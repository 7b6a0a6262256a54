#include "services/rds/replicas.h"

#include <algorithm>

#include "base/ascii.h"

namespace landfall::rds {
namespace {

// A replica that is stopped or still starting keeps its state: its next start is what counts.
void restart(Call& call, InstanceRecord& replica) {
  ++replica.reboot_generation;
  if (replica.shown.DBInstanceStatus == "available") replica.shown.DBInstanceStatus = "modifying";
  desire_workload(call, replica, true);
  put_instance(call, replica);
}

}  // namespace

void prepare_source(Call& call, InstanceRecord& source) {
  if (source.replication_volume.empty()) {
    source.replication_volume = source.volume + "-replication";
    source.replication_password = Secret(call.random().hex(32));
    restart(call, source);
  }
  put_instance(call, source);
}

void promote(Call& call, InstanceRecord& replica) {
  replica.shown.ReadReplicaSourceDBInstanceIdentifier.reset();
  replica.shown.StatusInfos.clear();
  restart(call, replica);
}

void forget_replica(Call& call, const std::string& source, const std::string& replica) {
  const auto stored = call.rows(kInstances).get(ascii_lower(source));
  if (!stored) return;
  InstanceRecord changed = *stored;
  std::erase(changed.shown.ReadReplicaDBInstanceIdentifiers, replica);
  put_instance(call, changed);
}

void leave_replication(Call& call, InstanceRecord& record) {
  DBInstance& db = record.shown;
  if (db.ReadReplicaSourceDBInstanceIdentifier)
    forget_replica(call, *db.ReadReplicaSourceDBInstanceIdentifier, *db.DBInstanceIdentifier);
  for (const std::string& id : db.ReadReplicaDBInstanceIdentifiers) {
    const auto stored = call.rows(kInstances).get(ascii_lower(id));
    if (!stored) continue;
    InstanceRecord replica = *stored;
    promote(call, replica);
  }
  db.ReadReplicaSourceDBInstanceIdentifier.reset();
  db.ReadReplicaDBInstanceIdentifiers.clear();
  put_instance(call, record);
}

void follow_source(Call& call, const InstanceRecord& source) {
  for (const std::string& id : source.shown.ReadReplicaDBInstanceIdentifiers) {
    const auto stored = call.rows(kInstances).get(ascii_lower(id));
    if (!stored) continue;
    InstanceRecord replica = *stored;
    replica.master_password = source.master_password;  // the stream brings it to the replica's server
    restart(call, replica);
    follow_source(call, replica);
  }
}

void show_replication(InstanceRecord& record) {
  record.shown.StatusInfos.clear();
  if (record.shown.ReadReplicaSourceDBInstanceIdentifier)
    record.shown.StatusInfos = {{.StatusType = "read replication", .Normal = true, .Status = "replicating"}};
}

}  // namespace landfall::rds
