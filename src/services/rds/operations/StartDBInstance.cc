// https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_StartDBInstance.html
#include "rds/operations.h"
#include "services/rds/instances.h"

namespace landfall::rds {

StartDBInstanceResult StartDBInstance(Call& call, const StartDBInstanceMessage& in) {
  InstanceRecord record = find_instance(call, *in.DBInstanceIdentifier);
  require_state(record, {"stopped"});
  record.shown.DBInstanceStatus = "starting";
  desire_workload(call, record, true);
  put_instance(call, record);
  return {.DBInstance = record.shown};
}

}  // namespace landfall::rds
