// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CreateApplication.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationDescriptionMessage CreateApplication(Call& call, const CreateApplicationMessage& in) {
  ApplicationRecord record = new_application(call, *in.ApplicationName, in.Description);
  record.shown.ResourceLifecycleConfig = in.ResourceLifecycleConfig;
  record.tags = tag_map(in.Tags);
  call.rows(kApplications).put(*in.ApplicationName, record);
  return {.Application = record.shown};
}

}  // namespace landfall::elasticbeanstalk
