// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

UpdateStackOutput UpdateStack(Call& call, const UpdateStackInput& in) {
  FoundStack found = find_stack(call, *in.StackName);
  StackRecord& stack = found.record;
  if (in.RoleARN) {
    check_role(call, *in.RoleARN);
    stack.role_arn = *in.RoleARN;
  }
  Source source = source_of({.call = call,
                             .role_arn = stack.role_arn,
                             .body = in.TemplateBody,
                             .url = in.TemplateURL,
                             .use_previous = in.UsePreviousTemplate.value_or(false),
                             .parameters = in.Parameters,
                             .previous = &stack.source});
  check_capabilities(source, in.Capabilities);
  if (!in.Tags.empty()) stack.tags = tags_of(in.Tags);
  stack.capabilities = in.Capabilities;
  stack.client_request_token = in.ClientRequestToken.value_or("");
  begin_update(call, stack, std::move(source));
  put_stack(call, stack);
  return {.StackId = stack.stack_id};
}

}  // namespace landfall::cloudformation
