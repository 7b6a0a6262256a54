// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RemoveListenerCertificates.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/acm/acm.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

RemoveListenerCertificatesOutput RemoveListenerCertificates(Call& call,
                                                            const RemoveListenerCertificatesInput& in) {
  ListenerRecord record = find_listener(call, *in.ListenerArn);
  for (const Certificate& one : in.Certificates) {
    if (!record.shown.Certificates.empty() &&
        record.shown.Certificates[0].CertificateArn == one.CertificateArn)
      throw OperationNotPermittedException("Default certificate cannot be removed");
    if (std::erase(record.more_certificates, *one.CertificateArn) > 0)
      acm::detach(call, *one.CertificateArn, *in.ListenerArn);
  }
  call.rows(kListeners).put(*in.ListenerArn, record);
  sync_load_balancer(call, *record.shown.LoadBalancerArn);
  return {};
}

}  // namespace landfall::elbv2
