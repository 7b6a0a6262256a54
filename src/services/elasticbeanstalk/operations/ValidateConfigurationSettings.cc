// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_ValidateConfigurationSettings.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {

ConfigurationSettingsValidationMessages ValidateConfigurationSettings(
    Call& call, const ValidateConfigurationSettingsMessage& in) {
  find_application(call, *in.ApplicationName);
  Settings settings;
  if (in.TemplateName)
    settings = find_template(call, *in.ApplicationName, *in.TemplateName).shown.OptionSettings;
  if (in.EnvironmentName) settings = find_environment(call, {}, in.EnvironmentName).settings;
  merge_settings(settings, in.OptionSettings);
  ConfigurationSettingsValidationMessages out;
  try {
    plan_of(call, settings);
  } catch (const ServiceError& error) {
    if (error.code() != "ConfigurationValidationException") throw;
    out.Messages.push_back({.Message = error.message(), .Severity = "error"});
  }
  return out;
}

}  // namespace landfall::elasticbeanstalk
