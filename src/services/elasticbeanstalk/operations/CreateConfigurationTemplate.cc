// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateConfigurationTemplate.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/elasticbeanstalk/options.h"

namespace landfall::elasticbeanstalk {

namespace {

// What the new template begins with: another template, or what an environment has.
Settings source_of(const Call& call, const CreateConfigurationTemplateMessage& in,
                   ConfigurationSettingsDescription& shown) {
  const auto take = [&](const auto& source) {
    if (!shown.SolutionStackName) shown.SolutionStackName = source.SolutionStackName;
    if (!shown.PlatformArn) shown.PlatformArn = source.PlatformArn;
  };
  if (in.SourceConfiguration) {
    const TemplateRecord source =
        find_template(call, in.SourceConfiguration->ApplicationName.value_or(*in.ApplicationName),
                      in.SourceConfiguration->TemplateName.value_or(""));
    take(source.shown);
    return source.shown.OptionSettings;
  }
  if (in.EnvironmentId) {
    const EnvironmentRecord source = find_environment(call, in.EnvironmentId, {});
    take(source.shown);
    return source.settings;
  }
  if (!in.SolutionStackName && !in.PlatformArn)
    invalid_value(
        "You must specify a SolutionStackName, a PlatformArn, a SourceConfiguration or an "
        "EnvironmentId.");
  return {};
}

}  // namespace

ConfigurationSettingsDescription CreateConfigurationTemplate(Call& call,
                                                             const CreateConfigurationTemplateMessage& in) {
  find_application(call, *in.ApplicationName);
  const std::string& name = *in.TemplateName;
  if (name.find('/') != std::string::npos)
    invalid_value("Value '" + name +
                  "' at 'templateName' failed to satisfy constraint: it must not contain '/'");
  if (call.rows(kTemplates).has(version_key(*in.ApplicationName, name)))
    invalid_value("Configuration Template " + name + " already exists.");
  TemplateRecord record;
  ConfigurationSettingsDescription& shown = record.shown;
  shown.SolutionStackName = in.SolutionStackName;
  shown.PlatformArn = in.PlatformArn;
  shown.OptionSettings = source_of(call, in, shown);
  merge_settings(shown.OptionSettings, in.OptionSettings);
  shown.ApplicationName = in.ApplicationName;
  shown.TemplateName = name;
  shown.Description = in.Description;
  shown.DateCreated = shown.DateUpdated = call.now;
  record.tags = tag_map(in.Tags);
  call.rows(kTemplates).put(version_key(*in.ApplicationName, name), record);
  return shown;
}

}  // namespace landfall::elasticbeanstalk
