#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

aws::Empty DisassociateKmsKey(Call& call, const DisassociateKmsKeyRequest& in) {
  GroupRecord group = *named_group(call, in.logGroupName, in.resourceIdentifier);
  group.kms_key.clear();
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
