// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListenerCertificates.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeListenerCertificatesOutput DescribeListenerCertificates(Call& call,
                                                                const DescribeListenerCertificatesInput& in) {
  const ListenerRecord record = find_listener(call, *in.ListenerArn);
  DescribeListenerCertificatesOutput out;
  for (const Certificate& one : record.shown.Certificates)
    out.Certificates.push_back({.CertificateArn = one.CertificateArn, .IsDefault = true});
  for (const std::string& arn : record.more_certificates)
    out.Certificates.push_back({.CertificateArn = arn, .IsDefault = false});
  return out;
}

}  // namespace landfall::elbv2
