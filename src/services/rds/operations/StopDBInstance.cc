// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StopDBInstance.html
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

StopDBInstanceResult StopDBInstance(Call& call, const StopDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"available"});
  record.shown.DBInstanceStatus = "stopping";
  desire_workload(call, record, false);
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
