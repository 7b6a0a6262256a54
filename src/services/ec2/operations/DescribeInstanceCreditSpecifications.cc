#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instance_settings.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DescribeInstanceCreditSpecificationsResult DescribeInstanceCreditSpecifications(
    Call& call, const DescribeInstanceCreditSpecificationsRequest& in) {
  require_instances(call, in.InstanceIds);
  const auto page = describe(call, kInstances, query_of(in, in.InstanceIds), instance_fields(call));
  DescribeInstanceCreditSpecificationsResult out;
  for (const auto& [id, instance] : page.rows) {
    if (!find_instance_type(instance->instance_type)->burstable) continue;
    auto& shown = out.InstanceCreditSpecifications.emplace_back();
    shown.InstanceId = id;
    shown.CpuCredits = cpu_credits_of(*instance);
  }
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
