// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
#include "cloudformation/errors.h"
#include "cloudformation/operations.h"
#include "services/cloudformation/change_sets.h"
#include "services/cloudformation/engine.h"
#include "services/cloudformation/template_url.h"

namespace landfall::cloudformation {

CreateChangeSetOutput CreateChangeSet(Call& call, const CreateChangeSetInput& in) {
  const std::string kind = in.ChangeSetType.value_or("UPDATE");
  if (kind == "IMPORT")
    throw ServiceError("ValidationError", 400,
                       "Change sets of type IMPORT are not supported by Landfall yet");
  auto found = look_for_stack(call, *in.StackName);
  const bool reviewed = found && found->record.status == "REVIEW_IN_PROGRESS";
  StackRecord stack;
  if (kind == "CREATE") {
    if (found && !reviewed)
      throw ServiceError("ValidationError", 400,
                         "Stack [" + *in.StackName +
                             "] already exists and cannot be created again with the changeSet [" +
                             *in.ChangeSetName + "].");
    stack = found ? found->record : new_stack(call, *in.StackName);
    if (!found) {
      set_stack_status(call, stack, "REVIEW_IN_PROGRESS", "User Initiated");
      put_stack(call, stack);
    }
  } else {
    if (!found) throw ServiceError("ValidationError", 400, "Stack [" + *in.StackName + "] does not exist");
    stack = found->record;
  }
  call.rows(kChangeSets).each([&](std::string_view, const ChangeSetRecord& other) {
    if (other.name == *in.ChangeSetName && other.stack_id == stack.stack_id)
      throw AlreadyExistsException("ChangeSet " + *in.ChangeSetName + " already exists");
  });
  ChangeSetRecord record;
  const std::string uuid = call.random().uuid();
  record.change_set_id = call.arn("cloudformation", "changeSet/" + *in.ChangeSetName + "/" + uuid);
  record.name = *in.ChangeSetName;
  record.stack_id = stack.stack_id;
  record.stack_name = stack.name;
  record.description = in.Description.value_or("");
  record.change_set_type = kind;
  record.created = call.now;
  record.role_arn = in.RoleARN.value_or("");
  if (!record.role_arn.empty()) check_role(call, record.role_arn);
  const std::string role = record.role_arn.empty() ? stack.role_arn : record.role_arn;
  record.tags = tags_of(in.Tags);
  record.capabilities = in.Capabilities;
  record.on_failure = in.OnStackFailure.value_or("ROLLBACK");
  if (in.TemplateURL) {
    if (in.TemplateBody || in.UsePreviousTemplate.value_or(false))
      throw ServiceError("ValidationError", 400, "Either Template URL or Template Body must be specified.");
    place_of(*in.TemplateURL);
    record.template_url = *in.TemplateURL;
    record.caller = caller_of(call, role);
    record.source.parameters = given_parameters(in.Parameters, &stack.source);
    record.status = "CREATE_PENDING";
    record.execution_status = "UNAVAILABLE";
  } else {
    record.source = source_of({.call = call,
                               .role_arn = role,
                               .body = in.TemplateBody,
                               .url = in.TemplateURL,
                               .use_previous = in.UsePreviousTemplate.value_or(false),
                               .parameters = in.Parameters,
                               .previous = &stack.source});
    check_capabilities(record.source, in.Capabilities);
    settle_change_set(stack, record);
  }
  call.rows(kChangeSets).put(uuid, record);
  return {.Id = record.change_set_id, .StackId = stack.stack_id};
}

}  // namespace landfall::cloudformation
