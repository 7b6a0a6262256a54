#include "gateway/call.h"
#include "route53/errors.h"
#include "route53/operations.h"
#include "services/route53/health_checks.h"

namespace landfall::route53 {

GetCheckerIpRangesResponse GetCheckerIpRanges(Call&, const GetCheckerIpRangesRequest&) {
  return {.CheckerIpRanges = {"127.0.0.0/8"}};  // probes come from this machine
}

}  // namespace landfall::route53
