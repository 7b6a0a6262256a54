#include "ec2/operations.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instances.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifyPrivateDnsNameOptionsResult ModifyPrivateDnsNameOptions(Call& call,
                                                              const ModifyPrivateDnsNameOptionsRequest& in) {
  refuse(in, kModifyPrivateDnsNameRefusals);
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (in.PrivateDnsHostnameType)
    instance.settings.hostname_type = checked_hostname_type(*in.PrivateDnsHostnameType);
  if (in.EnableResourceNameDnsARecord)
    instance.settings.resource_name_a_record = *in.EnableResourceNameDnsARecord;
  put_instance(call, instance);
  ModifyPrivateDnsNameOptionsResult out;
  out.Return = true;
  return out;
}

}  // namespace landfall::ec2
