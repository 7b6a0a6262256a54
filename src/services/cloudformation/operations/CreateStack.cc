// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
#include "cloudformation/errors.h"
#include "cloudformation/operations.h"
#include "services/cloudformation/engine.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

CreateStackOutput CreateStack(Call& call, const CreateStackInput& in) {
  if (auto existing = look_for_stack(call, *in.StackName)) {
    // The same token: the same request again.
    if (in.ClientRequestToken && existing->record.client_request_token == *in.ClientRequestToken)
      return {.StackId = existing->record.stack_id};
    throw AlreadyExistsException("Stack [" + *in.StackName + "] already exists");
  }
  if (in.DisableRollback && in.OnFailure)
    throw ServiceError("ValidationError", 400, "You cannot specify both OnFailure and DisableRollback");
  StackRecord stack = new_stack(call, *in.StackName);
  stack.role_arn = in.RoleARN.value_or("");
  if (!stack.role_arn.empty()) check_role(call, stack.role_arn);
  stack.source = source_of({.call = call,
                            .role_arn = stack.role_arn,
                            .body = in.TemplateBody,
                            .url = in.TemplateURL,
                            .parameters = in.Parameters});
  check_capabilities(stack.source, in.Capabilities);
  stack.tags = tags_of(in.Tags);
  stack.capabilities = in.Capabilities;
  stack.notification_arns = in.NotificationARNs;
  stack.caller = caller_of(call, stack.role_arn);
  stack.on_failure = in.OnFailure.value_or(in.DisableRollback.value_or(false) ? "DO_NOTHING" : "ROLLBACK");
  stack.client_request_token = in.ClientRequestToken.value_or("");
  stack.termination_protection = in.EnableTerminationProtection.value_or(false);
  stack.timeout_minutes = in.TimeoutInMinutes.value_or(0);
  stack.generation = 1;
  set_stack_status(call, stack, "CREATE_IN_PROGRESS", "User Initiated");
  put_stack(call, stack);
  return {.StackId = stack.stack_id};
}

}  // namespace landfall::cloudformation
