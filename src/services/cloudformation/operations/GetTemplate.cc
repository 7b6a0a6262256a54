// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"

namespace landfall::cloudformation {

GetTemplateOutput GetTemplate(Call& call, const GetTemplateInput& in) {
  if (!in.StackName)
    throw ServiceError("ValidationError", 400, "StackName is required if ChangeSetName is not specified.");
  return {.TemplateBody = find_stack(call, *in.StackName).record.source.body,
          .StagesAvailable = {"Original", "Processed"}};
}

}  // namespace landfall::cloudformation
