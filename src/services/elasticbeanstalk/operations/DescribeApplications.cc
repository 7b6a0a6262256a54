// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeApplications.html
#include <algorithm>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationDescriptionsMessage DescribeApplications(Call& call, const DescribeApplicationsMessage& in) {
  ApplicationDescriptionsMessage out;
  for (const auto& [name, record] : call.rows(kApplications).all())
    if (in.ApplicationNames.empty() ||
        std::ranges::find(in.ApplicationNames, name) != in.ApplicationNames.end())
      out.Applications.push_back(shown(call, *record));
  return out;
}

}  // namespace landfall::elasticbeanstalk
