// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

UpdateTerminationProtectionOutput UpdateTerminationProtection(Call& call,
                                                              const UpdateTerminationProtectionInput& in) {
  FoundStack found = find_stack(call, *in.StackName);
  found.record.termination_protection = *in.EnableTerminationProtection;
  put_stack(call, found.record);
  return {.StackId = found.record.stack_id};
}

}  // namespace landfall::cloudformation
