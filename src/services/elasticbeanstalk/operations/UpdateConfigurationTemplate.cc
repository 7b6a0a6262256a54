// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateConfigurationTemplate.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {

ConfigurationSettingsDescription UpdateConfigurationTemplate(Call& call,
                                                             const UpdateConfigurationTemplateMessage& in) {
  TemplateRecord record = find_template(call, *in.ApplicationName, *in.TemplateName);
  ConfigurationSettingsDescription& shown = record.shown;
  if (in.Description) shown.Description = in.Description;
  merge_settings(shown.OptionSettings, in.OptionSettings);
  remove_settings(shown.OptionSettings, in.OptionsToRemove);
  shown.DateUpdated = call.now;
  call.rows(kTemplates).put(version_key(*in.ApplicationName, *in.TemplateName), record);
  return shown;
}

}  // namespace landfall::elasticbeanstalk
