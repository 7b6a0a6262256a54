// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html
#include <algorithm>

#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/acm/acm.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

AddListenerCertificatesOutput AddListenerCertificates(Call& call, const AddListenerCertificatesInput& in) {
  ListenerRecord record = find_listener(call, *in.ListenerArn);
  check_certificates(call, in.Certificates);
  for (const Certificate& one : in.Certificates) {
    if (std::ranges::find(record.more_certificates, *one.CertificateArn) != record.more_certificates.end())
      continue;
    record.more_certificates.push_back(*one.CertificateArn);
    acm::attach(call, *one.CertificateArn, *in.ListenerArn, *record.shown.LoadBalancerArn);
  }
  if (record.more_certificates.size() > kMaxCertificatesPerLoadBalancer)
    throw TooManyCertificatesException(
        "You've reached the limit on the number of certificates per load balancer");
  call.rows(kListeners).put(*in.ListenerArn, record);
  sync_load_balancer(call, *record.shown.LoadBalancerArn);
  return {.Certificates = in.Certificates};
}

}  // namespace landfall::elbv2
