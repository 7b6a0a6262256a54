// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
#include "elbv2/errors.h"
#include "elbv2/operations.h"
#include "services/acm/acm.h"
#include "services/elbv2/balancers.h"
#include "services/elbv2/refused.h"
#include "services/elbv2/ssl_policies.h"

namespace landfall::elbv2 {

CreateListenerOutput CreateListener(Call& call, const CreateListenerInput& in) {
  refuse(in, kListenerRefusals);
  const LoadBalancerRecord balancer = find_load_balancer(call, *in.LoadBalancerArn);
  if (!in.Protocol || !in.Port)
    throw ServiceError("ValidationError", 400, "A listener protocol and port must be specified");
  if (*in.Protocol != "HTTP" && *in.Protocol != "HTTPS")
    throw UnsupportedProtocolException("Application Load Balancers have protocols HTTP and HTTPS, not " +
                                       *in.Protocol);
  const auto existing = listeners_of(call, *in.LoadBalancerArn);
  for (const ListenerRecord& other : existing)
    if (other.shown.Port == in.Port)
      throw DuplicateListenerException("A listener already exists on this port for this load balancer '" +
                                       *in.LoadBalancerArn + "'");
  if (existing.size() >= kMaxListenersPerLoadBalancer)
    throw TooManyListenersException("You've reached the limit on the number of listeners per load balancer");
  check_actions(call, in.DefaultActions);
  const bool https = *in.Protocol == "HTTPS";
  if (https && in.Certificates.size() != 1)
    throw CertificateNotFoundException("A certificate must be specified for HTTPS listeners");
  if (!https && !in.Certificates.empty())
    throw InvalidConfigurationRequestException("Certificates cannot be specified for HTTP listeners");
  check_certificates(call, in.Certificates);
  check_ssl_policy(in.SslPolicy);
  ListenerRecord record;
  Listener& listener = record.shown;
  listener.ListenerArn = call.arn("elasticloadbalancing",
                                  "listener/" + load_balancer_path(*in.LoadBalancerArn) + "/" + new_id(call));
  listener.LoadBalancerArn = in.LoadBalancerArn;
  listener.Port = in.Port;
  listener.Protocol = in.Protocol;
  listener.DefaultActions = normalized(in.DefaultActions);
  if (https) {
    listener.SslPolicy = in.SslPolicy.value_or(kDefaultSslPolicy);
    listener.MutualAuthentication = MutualAuthenticationAttributes{.Mode = "off"};
    listener.Certificates = {{.CertificateArn = in.Certificates[0].CertificateArn}};
    acm::attach(call, *in.Certificates[0].CertificateArn, *listener.ListenerArn, *in.LoadBalancerArn);
  }
  record.tags = tag_map(in.Tags);
  call.rows(kListeners).put(*listener.ListenerArn, record);
  RuleRecord default_rule{.listener_arn = *listener.ListenerArn};
  default_rule.shown = {
      .RuleArn =
          call.arn("elasticloadbalancing",
                   "listener-rule/" + listener.ListenerArn->substr(listener.ListenerArn->find("/app/") + 1) +
                       "/" + new_id(call)),
      .Priority = "default",
      .Actions = listener.DefaultActions,
      .IsDefault = true};
  call.rows(kRules).put(*default_rule.shown.RuleArn, default_rule);
  sync_load_balancer(call, *in.LoadBalancerArn);
  return {.Listeners = {listener}};
}

}  // namespace landfall::elbv2
