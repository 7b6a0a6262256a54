// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html
#include <set>

#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"
#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {

GetTemplateSummaryOutput GetTemplateSummary(Call& call, const GetTemplateSummaryInput& in) {
  std::string text;
  if (in.TemplateBody) {
    text = *in.TemplateBody;
  } else if (in.StackName) {
    text = find_stack(call, *in.StackName).record.source.body;
  } else {
    throw ServiceError(
        "ValidationError", 400,
        "Either TemplateBody or StackName must be specified (TemplateURL is not supported by Landfall yet)");
  }
  const Template body = Template::parse(text);
  GetTemplateSummaryOutput out;
  out.Version = "2010-09-09";
  if (!body.description.empty()) out.Description = body.description;
  for (const auto& [name, declared] : body.parameters) {
    ParameterDeclaration parameter{.ParameterKey = name,
                                   .DefaultValue = declared.default_value,
                                   .ParameterType = declared.type,
                                   .NoEcho = declared.no_echo};
    if (!declared.description.empty()) parameter.Description = declared.description;
    if (!declared.allowed_values.empty())
      parameter.ParameterConstraints = ParameterConstraints{.AllowedValues = declared.allowed_values};
    out.Parameters.push_back(std::move(parameter));
  }
  std::set<std::string> types;
  for (const auto& [id, resource] : body.resources) types.insert(resource.type);
  out.ResourceTypes.assign(types.begin(), types.end());
  out.Capabilities = needed_capabilities(text);
  if (!out.Capabilities.empty())
    out.CapabilitiesReason = "The following resource(s) require capabilities: [AWS::IAM]";
  return out;
}

}  // namespace landfall::cloudformation
