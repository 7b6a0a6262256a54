// Read replicas: who follows whom. A replica is a hot standby (src/engines/postgres.cc); the two records name
// each other, and change in one transaction.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReadRepl.html
#pragma once

#include "services/rds/instances.h"

namespace landfall::rds {

// The source has what replicas need; one of before there were replicas restarts for it. Stores it.
void prepare_source(Call& call, InstanceRecord& source);
// The replica is a server of its own from its next start on. Stores it; the caller tells its source.
void promote(Call& call, InstanceRecord& replica);
// Of an instance that is deleted: its source forgets it, and its replicas are promoted, as AWS does.
void leave_replication(Call& call, InstanceRecord& record);
// The replica's source no longer names it.
void forget_replica(Call& call, const std::string& source, const std::string& replica);
// A source's password or port has changed: its replicas have the one and look for the other.
void follow_source(Call& call, const InstanceRecord& source);
// DescribeDBInstances' StatusInfos.
void show_replication(InstanceRecord& record);

}  // namespace landfall::rds
