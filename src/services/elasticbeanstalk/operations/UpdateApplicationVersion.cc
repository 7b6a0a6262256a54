// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateApplicationVersion.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationVersionDescriptionMessage UpdateApplicationVersion(Call& call,
                                                              const UpdateApplicationVersionMessage& in) {
  VersionRecord record = find_version(call, *in.ApplicationName, *in.VersionLabel);
  if (in.Description) record.shown.Description = in.Description;
  record.shown.DateUpdated = call.now;
  call.rows(kVersions).put(version_key(*in.ApplicationName, *in.VersionLabel), record);
  return {.ApplicationVersion = record.shown};
}

}  // namespace landfall::elasticbeanstalk
