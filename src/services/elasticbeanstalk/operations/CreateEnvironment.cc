// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateEnvironment.html
#include <algorithm>
#include <cctype>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {

EnvironmentDescription CreateEnvironment(Call& call, const CreateEnvironmentMessage& in) {
  find_application(call, *in.ApplicationName);
  if (!in.EnvironmentName) invalid_value("You must specify an environment name");
  const std::string& name = *in.EnvironmentName;
  if (name.size() < 4 || name.size() > 40 || name.front() == '-' || name.back() == '-' ||
      !std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) || c == '-'; }))
    invalid_value("Value " + name +
                  " at 'EnvironmentName' failed to satisfy constraint: Member must be from 4 to 40 "
                  "characters in length. The name can contain only letters, numbers, and hyphens, and can't "
                  "start or end with a hyphen.");
  call.rows(kEnvironments).each([&](std::string_view, const EnvironmentRecord& other) {
    if (is_live(other) && other.shown.EnvironmentName == name)
      invalid_value("Environment " + name + " already exists.");
  });
  if (in.VersionLabel) find_version(call, *in.ApplicationName, *in.VersionLabel);
  if (!in.VersionLabel) invalid_value("Landfall has no sample application: specify a VersionLabel");
  EnvironmentRecord record;
  EnvironmentDescription& shown = record.shown;
  shown.Tier = in.Tier.value_or(EnvironmentTier{});
  shown.Tier->Name = settle_tier(*shown.Tier);
  shown.Tier->Type = "Standard";
  shown.Tier->Version = "1.0";
  shown.SolutionStackName = in.SolutionStackName;
  shown.PlatformArn = in.PlatformArn;
  if (in.TemplateName) {
    const auto saved = find_template(call, *in.ApplicationName, *in.TemplateName).shown;
    record.settings = saved.OptionSettings;
    shown.TemplateName = in.TemplateName;
    if (!shown.SolutionStackName) shown.SolutionStackName = saved.SolutionStackName;
    if (!shown.PlatformArn) shown.PlatformArn = saved.PlatformArn;
  }
  merge_settings(record.settings, in.OptionSettings);
  remove_settings(record.settings, in.OptionsToRemove);
  check_pass_role(call, plan_of(call, record.settings));  // throws for what cannot be
  shown.EnvironmentId = "e-" + call.random().from("abcdefghijkmnpqrstuvwxyz23456789", 10);
  shown.EnvironmentName = name;
  shown.EnvironmentArn = call.arn("elasticbeanstalk", "environment/" + *in.ApplicationName + "/" + name);
  shown.ApplicationName = in.ApplicationName;
  shown.VersionLabel = in.VersionLabel;
  shown.Description = in.Description;
  shown.OperationsRole = in.OperationsRole;
  shown.CNAME = in.CNAMEPrefix ? *in.CNAMEPrefix + cname_suffix(call)
                               : name + ".eba-" + call.random().from("abcdefghijkmnpqrstuvwxyz23456789", 8) +
                                     cname_suffix(call);
  if (cname_taken(call, *shown.CNAME)) invalid_value("DNS name (" + *shown.CNAME + ") is not available.");
  shown.Status = "Launching";
  shown.Health = "Grey";
  shown.AbortableOperationInProgress = false;
  shown.DateCreated = shown.DateUpdated = record.progress_at = call.now;
  record.tags = tag_map(in.Tags);
  put_event(call, record, "INFO", "createEnvironment is starting.");
  put_environment(call, record);
  return shown;
}

}  // namespace landfall::elasticbeanstalk
