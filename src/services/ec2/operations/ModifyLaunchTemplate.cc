#include "ec2/operations.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ModifyLaunchTemplateResult ModifyLaunchTemplate(Call& call, const ModifyLaunchTemplateRequest& in) {
  LaunchTemplateRecord record = *require_template(call, {in.LaunchTemplateId, in.LaunchTemplateName});
  if (in.DefaultVersion) record.default_version = require_version(record, *in.DefaultVersion).number;
  rows(call, kLaunchTemplates).put(record.launch_template_id, record);
  ModifyLaunchTemplateResult out;
  out.LaunchTemplate = render(call, record);
  return out;
}

}  // namespace landfall::ec2
