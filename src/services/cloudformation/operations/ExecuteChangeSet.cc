// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
#include "cloudformation/errors.h"
#include "cloudformation/operations.h"
#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/engine.h"

namespace landfall::cloudformation {

ExecuteChangeSetOutput ExecuteChangeSet(Call& call, const ExecuteChangeSetInput& in) {
  FoundChangeSet found = find_change_set(call, *in.ChangeSetName, in.StackName);
  ChangeSetRecord& record = found.record;
  if (record.execution_status != "AVAILABLE")
    throw InvalidChangeSetStatusException("ChangeSet [" + record.change_set_id +
                                          "] cannot be executed in its current execution status of [" +
                                          record.execution_status + "]");
  StackRecord stack = find_stack(call, record.stack_id).record;
  if (!record.tags.empty()) stack.tags = record.tags;
  stack.capabilities = record.capabilities;
  if (!record.role_arn.empty()) stack.role_arn = record.role_arn;
  stack.client_request_token = in.ClientRequestToken.value_or("");
  if (record.change_set_type == "CREATE") {
    stack.source = record.source;
    stack.on_failure = record.on_failure;
    stack.caller = caller_of(call, stack.role_arn);
    stack.created = call.now;
    ++stack.generation;
    set_stack_status(call, stack, "CREATE_IN_PROGRESS", "User Initiated");
  } else {
    begin_update(call, stack, record.source);
  }
  put_stack(call, stack);
  record.execution_status = "EXECUTE_COMPLETE";
  call.rows(kChangeSets).put(found.uuid, record);
  return {};
}

}  // namespace landfall::cloudformation
