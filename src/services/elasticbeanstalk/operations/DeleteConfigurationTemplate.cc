// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DeleteConfigurationTemplate.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

aws::Empty DeleteConfigurationTemplate(Call& call, const DeleteConfigurationTemplateMessage& in) {
  find_application(call, *in.ApplicationName);
  call.rows(kTemplates).erase(version_key(*in.ApplicationName, *in.TemplateName));
  return {};
}

}  // namespace landfall::elasticbeanstalk
