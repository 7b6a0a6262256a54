// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateEnvironment.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {

EnvironmentDescription UpdateEnvironment(Call& call, const UpdateEnvironmentMessage& in) {
  EnvironmentRecord record = find_environment(call, in.EnvironmentId, in.EnvironmentName);
  EnvironmentDescription& shown = record.shown;
  if (shown.Status != "Ready")
    invalid_value("Environment named " + *shown.EnvironmentName +
                  " is in an invalid state for this operation. Must be Ready.");
  if (in.Tier) settle_tier(*in.Tier);
  if (in.VersionLabel) {
    find_version(call, *shown.ApplicationName, *in.VersionLabel);
    record.new_version = shown.VersionLabel != *in.VersionLabel;
    shown.VersionLabel = in.VersionLabel;
  }
  if (in.Description) shown.Description = in.Description;
  if (in.SolutionStackName || in.PlatformArn) {  // two names of one thing
    shown.SolutionStackName = in.SolutionStackName;
    shown.PlatformArn = in.PlatformArn;
  }
  if (in.TemplateName) {
    merge_settings(record.settings,
                   find_template(call, *shown.ApplicationName, *in.TemplateName).shown.OptionSettings);
    shown.TemplateName = in.TemplateName;
  }
  merge_settings(record.settings, in.OptionSettings);
  remove_settings(record.settings, in.OptionsToRemove);
  check_pass_role(call, plan_of(call, record.settings));
  shown.Status = "Updating";
  shown.DateUpdated = record.progress_at = call.now;
  record.applied = false;
  put_event(call, record, "INFO", "Environment update is starting.");
  if (in.TemplateName || !in.OptionSettings.empty() || !in.OptionsToRemove.empty())
    put_event(call, record, "INFO",
              "Updating environment " + *shown.EnvironmentName + "'s configuration settings.");
  put_environment(call, record);
  return shown;
}

}  // namespace landfall::elasticbeanstalk
