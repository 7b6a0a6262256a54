#include "ec2/operations.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

DeleteLaunchTemplateResult DeleteLaunchTemplate(Call& call, const DeleteLaunchTemplateRequest& in) {
  const auto record = require_template(call, {in.LaunchTemplateId, in.LaunchTemplateName});
  DeleteLaunchTemplateResult out;
  out.LaunchTemplate = render(call, *record);
  forget_tags(call, record->launch_template_id);
  rows(call, kLaunchTemplates).erase(record->launch_template_id);
  return out;
}

}  // namespace landfall::ec2
