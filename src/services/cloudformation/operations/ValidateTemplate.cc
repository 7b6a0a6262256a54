// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html
#include "cloudformation/operations.h"
#include "services/cloudformation/stacks.h"
#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {

ValidateTemplateOutput ValidateTemplate(Call&, const ValidateTemplateInput& in) {
  if (!in.TemplateBody)
    throw ServiceError("ValidationError", 400,
                       "TemplateBody must be specified (TemplateURL is not supported by Landfall yet)");
  const Template body = Template::parse(*in.TemplateBody);
  ValidateTemplateOutput out;
  if (!body.description.empty()) out.Description = body.description;
  for (const auto& [name, declared] : body.parameters) {
    TemplateParameter parameter{
        .ParameterKey = name, .DefaultValue = declared.default_value, .NoEcho = declared.no_echo};
    if (!declared.description.empty()) parameter.Description = declared.description;
    out.Parameters.push_back(std::move(parameter));
  }
  out.Capabilities = needed_capabilities(*in.TemplateBody);
  if (!out.Capabilities.empty())
    out.CapabilitiesReason = "The following resource(s) require capabilities: [AWS::IAM]";
  return out;
}

}  // namespace landfall::cloudformation
