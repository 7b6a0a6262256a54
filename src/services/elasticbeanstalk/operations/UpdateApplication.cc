// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_UpdateApplication.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationDescriptionMessage UpdateApplication(Call& call, const UpdateApplicationMessage& in) {
  ApplicationRecord record = find_application(call, *in.ApplicationName);
  if (in.Description) record.shown.Description = in.Description;
  record.shown.DateUpdated = call.now;
  call.rows(kApplications).put(*in.ApplicationName, record);
  return {.Application = shown(call, record)};
}

}  // namespace landfall::elasticbeanstalk
