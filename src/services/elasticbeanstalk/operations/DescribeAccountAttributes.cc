// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeAccountAttributes.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

// https://docs.aws.amazon.com/general/latest/gr/elasticbeanstalk.html
DescribeAccountAttributesResult DescribeAccountAttributes(Call&, const aws::Empty&) {
  const auto quota = [](int64_t most) { return ResourceQuota{.Maximum = most}; };
  return {.ResourceQuotas = ResourceQuotas{.ApplicationQuota = quota(75),
                                           .ApplicationVersionQuota = quota(1000),
                                           .EnvironmentQuota = quota(200),
                                           .ConfigurationTemplateQuota = quota(2000),
                                           .CustomPlatformQuota = quota(50)}};
}

}  // namespace landfall::elasticbeanstalk
