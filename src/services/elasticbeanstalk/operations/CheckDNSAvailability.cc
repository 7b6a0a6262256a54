// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_CheckDNSAvailability.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

CheckDNSAvailabilityResultMessage CheckDNSAvailability(Call& call, const CheckDNSAvailabilityMessage& in) {
  const std::string cname = *in.CNAMEPrefix + cname_suffix(call);
  return {.Available = !cname_taken(call, cname), .FullyQualifiedCNAME = cname};
}

}  // namespace landfall::elasticbeanstalk
