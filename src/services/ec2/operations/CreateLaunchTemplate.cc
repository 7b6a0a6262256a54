#include "ec2/operations.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

CreateLaunchTemplateResult CreateLaunchTemplate(Call& call, const CreateLaunchTemplateRequest& in) {
  const std::string name = in.LaunchTemplateName.value_or("");
  if (const auto other = find_template_by_name(call, name)) {
    if (!in.ClientToken || other->client_token != *in.ClientToken)
      throw_error("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    CreateLaunchTemplateResult again;
    again.LaunchTemplate = render(call, *other);
    return again;
  }
  if (!in.LaunchTemplateData) throw_missing("LaunchTemplateData");
  const TagMap tags = tags_for(in.TagSpecifications, "launch-template");
  LaunchTemplateRecord record;
  record.launch_template_id = new_id(call, kLaunchTemplates.prefix);
  record.name = name;
  record.created_by = call.caller.arn.empty() ? call.caller.service : call.caller.arn;
  record.client_token = in.ClientToken.value_or("");
  record.created_at = call.now;
  LaunchTemplateVersionRecord& version = record.versions.emplace_back();
  version.number = 1;
  version.description = in.VersionDescription.value_or("");
  version.created_by = record.created_by;
  version.created_at = call.now;
  version.data = checked_data(call, *in.LaunchTemplateData);
  rows(call, kLaunchTemplates).put(record.launch_template_id, record);
  put_tags(call, record.launch_template_id, "launch-template", tags);
  CreateLaunchTemplateResult out;
  out.LaunchTemplate = render(call, record);
  return out;
}

}  // namespace landfall::ec2
