// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeConfigurationSettings.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ConfigurationSettingsDescriptions DescribeConfigurationSettings(
    Call& call, const DescribeConfigurationSettingsMessage& in) {
  if (in.TemplateName)
    return {.ConfigurationSettings = {find_template(call, *in.ApplicationName, *in.TemplateName).shown}};
  const EnvironmentRecord record = find_environment(call, {}, in.EnvironmentName);
  if (record.shown.ApplicationName != *in.ApplicationName)
    invalid_value("No Environment found for EnvironmentName = '" + *in.EnvironmentName + "'.");
  ConfigurationSettingsDescription out;
  out.SolutionStackName = record.shown.SolutionStackName;
  out.PlatformArn = record.shown.PlatformArn;
  out.ApplicationName = record.shown.ApplicationName;
  out.EnvironmentName = record.shown.EnvironmentName;
  out.Description = record.shown.Description;
  out.DeploymentStatus = record.shown.Status == "Ready" ? "deployed" : "pending";
  out.DateCreated = record.shown.DateCreated;
  out.DateUpdated = record.shown.DateUpdated;
  out.OptionSettings = record.settings;
  return {.ConfigurationSettings = {out}};
}

}  // namespace landfall::elasticbeanstalk
