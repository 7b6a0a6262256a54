// DB snapshots: copies of an instance's whole cluster in volumes of their own. The engine makes the copy
// between its stop and its start, so that it is a database that was shut down cleanly.
#pragma once

#include <map>
#include <string>

#include "services/rds/instances.h"

namespace landfall::rds {

SnapshotRecord find_snapshot(const Call& call, const std::string& id);  // throws DBSnapshotNotFound
void put_snapshot(Call& call, const SnapshotRecord& record);

// Makes the snapshot's record and lets the engine restart to copy. The caller sets the instance's status and
// puts it.
SnapshotRecord begin_snapshot(Call& call, InstanceRecord& instance, const std::string& id,
                              const std::map<std::string, std::string>& tags);
void finish_snapshot(Call& call, InstanceRecord& instance);
void abandon_snapshot(Call& call, InstanceRecord& instance);  // its instance goes first

}  // namespace landfall::rds
