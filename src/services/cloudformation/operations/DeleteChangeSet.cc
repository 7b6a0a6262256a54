// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html
#include "cloudformation/operations.h"
#include "services/cloudformation/change_sets.h"

namespace landfall::cloudformation {

DeleteChangeSetOutput DeleteChangeSet(Call& call, const DeleteChangeSetInput& in) {
  call.rows(kChangeSets).erase(find_change_set(call, *in.ChangeSetName, in.StackName).uuid);
  return {};
}

}  // namespace landfall::cloudformation
