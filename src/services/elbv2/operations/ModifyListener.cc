// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/acm/acm.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"
#include "services/elbv2/ssl_policies.h"

namespace landfall::elbv2 {

ModifyListenerOutput ModifyListener(Call& call, const ModifyListenerInput& in) {
  refuse(in, kListenerRefusals);
  ListenerRecord record = find_listener(call, *in.ListenerArn);
  Listener& listener = record.shown;
  if (in.Port && in.Port != listener.Port)
    for (const ListenerRecord& other : listeners_of(call, *listener.LoadBalancerArn))
      if (other.shown.Port == in.Port)
        throw DuplicateListenerException("A listener already exists on this port for this load balancer '" +
                                         *listener.LoadBalancerArn + "'");
  if (in.Port) listener.Port = in.Port;
  if (in.Protocol && *in.Protocol != "HTTP" && *in.Protocol != "HTTPS")
    throw UnsupportedProtocolException("Application Load Balancers have protocols HTTP and HTTPS, not " +
                                       *in.Protocol);
  if (in.Protocol) listener.Protocol = in.Protocol;
  check_ssl_policy(in.SslPolicy);
  if (in.SslPolicy) listener.SslPolicy = in.SslPolicy;
  if (!in.Certificates.empty()) {
    if (*listener.Protocol == "HTTP")
      throw InvalidConfigurationRequestException("Certificates cannot be specified for HTTP listeners");
    check_certificates(call, in.Certificates);
    for (const Certificate& old : listener.Certificates)
      acm::detach(call, *old.CertificateArn, *in.ListenerArn);
    listener.Certificates = {{.CertificateArn = in.Certificates[0].CertificateArn}};
    acm::attach(call, *in.Certificates[0].CertificateArn, *in.ListenerArn, *listener.LoadBalancerArn);
  }
  if (*listener.Protocol == "HTTPS" && listener.Certificates.empty())
    throw CertificateNotFoundException("A certificate must be specified for HTTPS listeners");
  if (*listener.Protocol == "HTTPS") {
    if (!listener.SslPolicy) listener.SslPolicy = kDefaultSslPolicy;
    if (!listener.MutualAuthentication)
      listener.MutualAuthentication = MutualAuthenticationAttributes{.Mode = "off"};
  } else {
    for (const Certificate& old : listener.Certificates)
      acm::detach(call, *old.CertificateArn, *in.ListenerArn);
    for (const std::string& old : record.more_certificates) acm::detach(call, old, *in.ListenerArn);
    listener.Certificates.clear();
    record.more_certificates.clear();
    listener.SslPolicy.reset();
    listener.MutualAuthentication.reset();
  }
  if (!in.DefaultActions.empty()) {
    check_actions(call, in.DefaultActions);
    listener.DefaultActions = normalized(in.DefaultActions);
    for (RuleRecord rule : rules_of(call, *in.ListenerArn))
      if (rule.shown.IsDefault.value_or(false)) {
        rule.shown.Actions = listener.DefaultActions;
        call.rows(kRules).put(*rule.shown.RuleArn, rule);
      }
  }
  call.rows(kListeners).put(*in.ListenerArn, record);
  sync_load_balancer(call, *listener.LoadBalancerArn);
  return {.Listeners = {listener}};
}

}  // namespace landfall::elbv2
