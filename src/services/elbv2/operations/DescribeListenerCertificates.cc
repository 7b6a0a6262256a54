// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeListenerCertificates.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/elbv2/balancers.h"

namespace landfall::elbv2 {

DescribeListenerCertificatesOutput DescribeListenerCertificates(Call& call,
                                                                const DescribeListenerCertificatesInput& in) {
  const ListenerRecord record = find_listener(call, *in.ListenerArn);
  std::vector<Certificate> all;
  for (const Certificate& one : record.shown.Certificates)
    all.push_back({.CertificateArn = one.CertificateArn, .IsDefault = true});
  for (const std::string& arn : record.more_certificates)
    all.push_back({.CertificateArn = arn, .IsDefault = false});
  DescribeListenerCertificatesOutput out;
  out.Certificates =
      page_of(in, out, std::move(all), [](const Certificate& one) { return *one.CertificateArn; });
  return out;
}

}  // namespace landfall::elbv2
