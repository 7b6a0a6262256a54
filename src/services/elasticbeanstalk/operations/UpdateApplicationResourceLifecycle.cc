// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateApplicationResourceLifecycle.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationResourceLifecycleDescriptionMessage UpdateApplicationResourceLifecycle(
    Call& call, const UpdateApplicationResourceLifecycleMessage& in) {
  ApplicationRecord record = find_application(call, *in.ApplicationName);
  const auto& config = in.ResourceLifecycleConfig;
  if (config->ServiceRole)
    call.authorize("iam:PassRole", *config->ServiceRole, {{"iam:PassedToService", kPrincipal}});
  record.shown.ResourceLifecycleConfig = config;
  record.shown.DateUpdated = call.now;
  call.rows(kApplications).put(*in.ApplicationName, record);
  return {.ApplicationName = in.ApplicationName, .ResourceLifecycleConfig = config};
}

}  // namespace landfall::elasticbeanstalk
