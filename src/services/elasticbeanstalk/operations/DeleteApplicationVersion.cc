// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteApplicationVersion.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

aws::Empty DeleteApplicationVersion(Call& call, const DeleteApplicationVersionMessage& in) {
  find_application(call, *in.ApplicationName);
  call.rows(kEnvironments).each([&](std::string_view, const EnvironmentRecord& record) {
    if (is_live(record) && record.shown.Status != "Terminating" &&
        record.shown.ApplicationName == *in.ApplicationName && record.shown.VersionLabel == *in.VersionLabel)
      throw OperationInProgressException("Unable to delete application version " + *in.VersionLabel +
                                         " because it is deployed to a running environment.");
  });
  if (in.DeleteSourceBundle.value_or(false))
    throw SourceBundleDeletionException("Landfall does not delete source bundles: delete the object in S3");
  call.rows(kVersions).erase(version_key(*in.ApplicationName, *in.VersionLabel));
  return {};
}

}  // namespace landfall::elasticbeanstalk
