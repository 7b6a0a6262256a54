// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
#include "cloudformation/operations.h"
#include "services/cloudformation/engine.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

aws::Empty DeleteStack(Call& call, const DeleteStackInput& in) {
  auto found = look_for_stack(call, *in.StackName);
  if (!found || found->record.status == "DELETE_COMPLETE") return {};  // idempotent
  StackRecord& stack = found->record;
  if (stack.termination_protection)
    throw ServiceError("ValidationError", 400,
                       "Stack [" + stack.name + "] cannot be deleted while TerminationProtection is enabled");
  if (stack.status == "DELETE_IN_PROGRESS") return {};
  for (const StackOutput& output : stack.outputs) {
    if (output.export_name.empty()) continue;
    call.rows(kStacks).each([&](std::string_view, const StackRecord& other) {
      if (other.stack_id != stack.stack_id && other.status != "DELETE_COMPLETE" &&
          other.source.body.find("ImportValue") != std::string::npos &&
          other.source.body.find(output.export_name) != std::string::npos)
        throw ServiceError(
            "ValidationError", 400,
            "Export " + output.export_name + " cannot be deleted as it is in use by " + other.name);
    });
  }
  for (const std::string& retained : in.RetainResources)
    if (auto it = stack.resources.find(retained); it != stack.resources.end())
      it->second.deletion_policy = "Retain";
  for (auto& [id, resource] : stack.resources)  // a second try
    if (resource.status == "DELETE_FAILED") resource.status = "CREATE_COMPLETE";
  if (in.RoleARN) {
    check_role(call, *in.RoleARN);
    stack.role_arn = *in.RoleARN;
  }
  stack.client_request_token = in.ClientRequestToken.value_or("");
  stack.caller = caller_of(call, stack.role_arn);
  ++stack.generation;
  set_stack_status(call, stack, "DELETE_IN_PROGRESS", "User Initiated");
  put_stack(call, stack);
  return {};
}

}  // namespace landfall::cloudformation
