// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateApplicationVersion.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationVersionDescriptionMessage CreateApplicationVersion(Call& call,
                                                              const CreateApplicationVersionMessage& in) {
  const std::string &application = *in.ApplicationName, &label = *in.VersionLabel;
  if (!call.rows(kApplications).has(application)) {
    if (!in.AutoCreateApplication.value_or(false)) find_application(call, application);  // throws
    new_application(call, application, {});
  }
  if (in.SourceBuildInformation || in.BuildConfiguration)
    invalid_value("Landfall takes application versions from SourceBundle only");
  if (!in.SourceBundle || !in.SourceBundle->S3Bucket || !in.SourceBundle->S3Key)
    invalid_value("You must specify a source bundle: Landfall has no sample application");
  if (label.find('/') != std::string::npos)
    invalid_value("Value '" + label +
                  "' at 'versionLabel' failed to satisfy constraint: it must not contain '/'");
  if (call.rows(kVersions).has(version_key(application, label)))
    invalid_value("Application Version " + label + " already exists.");
  VersionRecord record;
  ApplicationVersionDescription& version = record.shown;
  version.ApplicationVersionArn =
      call.arn("elasticbeanstalk", "applicationversion/" + application + "/" + label);
  version.ApplicationName = application;
  version.VersionLabel = label;
  version.Description = in.Description;
  version.SourceBundle = in.SourceBundle;
  version.DateCreated = version.DateUpdated = call.now;
  version.Status = in.Process.value_or(false) ? "Processing" : "Unprocessed";
  record.tags = tag_map(in.Tags);
  call.rows(kVersions).put(version_key(application, label), record);
  put_application_event(call, application, label, "INFO", "Created new Application Version: " + label);
  return {.ApplicationVersion = version};
}

}  // namespace landfall::elasticbeanstalk
