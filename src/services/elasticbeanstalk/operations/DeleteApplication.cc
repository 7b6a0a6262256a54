// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteApplication.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

aws::Empty DeleteApplication(Call& call, const DeleteApplicationMessage& in) {
  const std::string& name = *in.ApplicationName;
  if (!call.rows(kApplications).has(name)) return {};
  for (const auto& [id, stored] : call.rows(kEnvironments).all()) {
    if (!is_live(*stored) || stored->shown.ApplicationName != name) continue;
    if (!in.TerminateEnvByForce.value_or(false))
      throw OperationInProgressException(
          "Unable to delete application " + name +
          " because it has a version that is deployed to a running environment.");
    EnvironmentRecord record = *stored;
    begin_termination(call, record);
  }
  for (const auto& [key, version] : call.rows(kVersions).all())
    if (version->shown.ApplicationName == name) call.rows(kVersions).erase(key);
  for (const auto& [key, saved] : call.rows(kTemplates).all())
    if (saved->shown.ApplicationName == name) call.rows(kTemplates).erase(key);
  call.rows(kApplications).erase(name);
  return {};
}

}  // namespace landfall::elasticbeanstalk
