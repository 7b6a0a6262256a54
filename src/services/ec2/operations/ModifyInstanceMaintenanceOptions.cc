#include "ec2/operations.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifyInstanceMaintenanceOptionsResult ModifyInstanceMaintenanceOptions(
    Call& call, const ModifyInstanceMaintenanceOptionsRequest& in) {
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (in.RebootMigration && *in.RebootMigration != "default")
    throw_error("UnsupportedOperation",
                "The parameter RebootMigration is not supported: instances do not move.");
  if (in.AutoRecovery) instance.settings.auto_recovery = checked_recovery(*in.AutoRecovery);
  put_instance(call, instance);
  ModifyInstanceMaintenanceOptionsResult out;
  out.InstanceId = instance.instance_id;
  out.AutoRecovery = instance.settings.auto_recovery;
  return out;
}

}  // namespace landfall::ec2
