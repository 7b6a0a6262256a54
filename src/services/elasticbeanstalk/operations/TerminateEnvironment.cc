// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_TerminateEnvironment.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

EnvironmentDescription TerminateEnvironment(Call& call, const TerminateEnvironmentMessage& in) {
  EnvironmentRecord record = find_environment(call, in.EnvironmentId, in.EnvironmentName);
  if (!in.TerminateResources.value_or(true))
    invalid_value("Landfall always terminates an environment's resources: TerminateResources must be true");
  begin_termination(call, record);
  return record.shown;
}

}  // namespace landfall::elasticbeanstalk
