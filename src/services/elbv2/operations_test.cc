// The operations by resource: what they refuse, that they may come twice, how they show what they were given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "acm/operations.h"
#include "codec/fields.h"
#include "ec2/operations.h"
#include "elbv2/operations.h"
#include "gateway/ask_s3.h"
#include "gateway/testing.h"
#include "services/acm/ca.h"
#include "services/ec2/ec2.h"
#include "services/elbv2/elbv2.h"
#include "services/elbv2/store.h"

namespace landfall::elbv2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class LoadBalancing : public testing::Test {
 protected:
  LoadBalancing() {
    char folder[] = "/tmp/landfall-elbv2-XXXXXX";
    t_.config.data_dir = mkdtemp(folder);  // of certificates
    ec2_->start();
    elb_->start();
    t_.settle();
    t_.call([&](Call& call) {
      const auto vpc = ec2::find_default_vpc(call);
      vpc_ = vpc->vpc_id;
      for (const auto& subnet : ec2::subnets_of_vpc(call, vpc_)) subnets_.push_back(subnet.subnet_id);
    });
  }
  ~LoadBalancing() override { std::filesystem::remove_all(t_.config.data_dir); }
  template <class Op, class In>
  auto run(Op op, In in) {
    return t_.call([&](Call& call) { return op(call, in); });
  }
  CreateLoadBalancerInput balancer(const std::string& name) {
    CreateLoadBalancerInput in;
    in.Name = name;
    in.Subnets = {subnets_[0], subnets_[1]};
    return in;
  }
  CreateTargetGroupInput group(const std::string& name) {
    CreateTargetGroupInput in;
    in.Name = name;
    in.Port = 80;
    in.VpcId = vpc_;
    return in;
  }
  std::string made_balancer(const std::string& name = "web") {
    return *run(CreateLoadBalancer, balancer(name)).LoadBalancers.at(0).LoadBalancerArn;
  }
  std::string made_group(const std::string& name = "web") {
    return *run(CreateTargetGroup, group(name)).TargetGroups.at(0).TargetGroupArn;
  }
  CreateListenerInput listener(const std::string& balancer_arn, const std::string& group_arn, int64_t port) {
    CreateListenerInput in;
    in.LoadBalancerArn = balancer_arn;
    in.Protocol = "HTTP";
    in.Port = port;
    Action action;
    action.Type = "forward";
    action.TargetGroupArn = group_arn;
    in.DefaultActions = {action};
    return in;
  }

  std::string certificate(const std::string& domain) {
    auto ca = acm::CertificateAuthority::open(t_.config.data_dir, t_.clock, t_.random).value();
    const auto made = ca->issue({.names = {domain},
                                 .key_algorithm = acm::KeyAlgorithm::ec_prime256v1,
                                 .not_before = t_.clock.now()})
                          .value();
    return *run(acm::ImportCertificate, acm::ImportCertificateRequest{.Certificate = made.certificate_pem,
                                                                      .PrivateKey = made.key_pem.reveal(),
                                                                      .CertificateChain = made.chain_pem})
                .CertificateArn;
  }
  size_t uses(const std::string& certificate_arn) {
    return run(acm::DescribeCertificate, acm::DescribeCertificateRequest{.CertificateArn = certificate_arn})
        .Certificate->InUseBy.size();
  }

  testing_support::TestPlane t_;
  std::unique_ptr<Service> ec2_ = ec2::make_service(t_.plane), elb_ = make_service(t_.plane);
  std::string vpc_;
  std::vector<std::string> subnets_;
};

}  // namespace

TEST_F(LoadBalancing, ALoadBalancerMadeTwiceIsOneUnlessItDiffers) {
  const std::string arn = made_balancer();
  EXPECT_EQ(made_balancer(), arn);
  CreateLoadBalancerInput other = balancer("web");
  other.Scheme = "internal";
  EXPECT_THAT(t_.refusal(CreateLoadBalancer, other), StartsWith("DuplicateLoadBalancerName: "));
  EXPECT_EQ(run(DescribeLoadBalancers, DescribeLoadBalancersInput{}).LoadBalancers.size(), 1u);
}

TEST_F(LoadBalancing, ATargetGroupMadeTwiceIsOneUnlessItDiffers) {
  const std::string arn = made_group();
  EXPECT_EQ(made_group(), arn);
  CreateTargetGroupInput other = group("web");
  other.Port = 81;
  EXPECT_THAT(t_.refusal(CreateTargetGroup, other), StartsWith("DuplicateTargetGroupName: "));
}

TEST_F(LoadBalancing, ATargetGroupInUseStays) {
  const std::string group_arn = made_group();
  run(CreateListener, listener(made_balancer(), group_arn, 80));
  EXPECT_EQ(t_.refusal(DeleteTargetGroup, DeleteTargetGroupInput{.TargetGroupArn = group_arn}),
            "ResourceInUse: Target group '" + group_arn + "' is currently in use by a listener or a rule");
}

TEST_F(LoadBalancing, WhatIsNotThereIsNotFoundByItsCode) {
  const std::string arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:x";
  DescribeTargetGroupsInput groups;
  groups.Names = {"none"};
  EXPECT_THAT(t_.refusal(DescribeTargetGroups, groups), StartsWith("TargetGroupNotFound: "));
  DescribeLoadBalancersInput balancers;
  balancers.Names = {"none"};
  EXPECT_EQ(t_.refusal(DescribeLoadBalancers, balancers),
            "LoadBalancerNotFound: Load balancers '[none]' not found");
  EXPECT_THAT(t_.refusal(DescribeListenerAttributes, DescribeListenerAttributesInput{.ListenerArn = arn}),
              StartsWith("ListenerNotFound: "));
  EXPECT_EQ(t_.refusal(DeleteLoadBalancer, DeleteLoadBalancerInput{.LoadBalancerArn = arn}),
            "");  // idempotent
}

TEST_F(LoadBalancing, ActionsAndConditionsAreShownWholeHoweverTheyWereWritten) {
  const std::string group_arn = made_group();
  const auto made = run(CreateListener, listener(made_balancer(), group_arn, 80)).Listeners.at(0);
  const Action& action = made.DefaultActions.at(0);
  ASSERT_TRUE(action.ForwardConfig);
  EXPECT_EQ(action.ForwardConfig->TargetGroups.at(0).TargetGroupArn, group_arn);
  EXPECT_EQ(action.ForwardConfig->TargetGroups.at(0).Weight, 1);
  EXPECT_EQ(action.ForwardConfig->TargetGroupStickinessConfig->Enabled, false);

  CreateRuleInput rule;
  rule.ListenerArn = made.ListenerArn;
  rule.Priority = 1;
  Action redirect;
  redirect.Type = "redirect";
  redirect.RedirectConfig.emplace() = {.Protocol = "HTTPS", .StatusCode = "HTTP_301"};
  rule.Actions = {redirect};
  RuleCondition path;
  path.Field = "path-pattern";
  path.PathPatternConfig.emplace().Values = {"/a/*"};
  RuleCondition host;
  host.Field = "host-header";
  host.Values = {"example.com"};
  rule.Conditions = {path, host};
  const Rule shown = run(CreateRule, rule).Rules.at(0);
  EXPECT_EQ(shown.Actions.at(0).RedirectConfig->Path, "/#{path}");
  EXPECT_THAT(shown.Conditions.at(0).Values, ElementsAre("/a/*"));
  EXPECT_THAT(shown.Conditions.at(1).HostHeaderConfig->Values, ElementsAre("example.com"));
  EXPECT_THAT(t_.refusal(CreateRule, rule), StartsWith("PriorityInUse: "));
}

TEST_F(LoadBalancing, ListenersComeInPagesOfOne) {
  const std::string balancer_arn = made_balancer(), group_arn = made_group();
  for (const int64_t port : {80, 81, 82}) run(CreateListener, listener(balancer_arn, group_arn, port));
  EXPECT_THAT(t_.refusal(CreateListener, listener(balancer_arn, group_arn, 80)),
              StartsWith("DuplicateListener: "));
  std::set<int64_t> ports;
  DescribeListenersInput in;
  in.LoadBalancerArn = balancer_arn;
  in.PageSize = 1;
  int pages = 0;
  do {
    const auto page = run(DescribeListeners, in);
    ASSERT_EQ(page.Listeners.size(), 1u);
    ports.insert(*page.Listeners[0].Port);
    in.Marker = page.NextMarker;
    ++pages;
  } while (in.Marker);
  EXPECT_EQ(pages, 3);
  EXPECT_EQ(ports.size(), 3u);
}

TEST_F(LoadBalancing, AListenerTurnsToHttpsAndBack) {
  const std::string balancer_arn = made_balancer(), own = certificate("a.example"),
                    more = certificate("b.example");
  const std::string arn =
      *run(CreateListener, listener(balancer_arn, made_group(), 80)).Listeners.at(0).ListenerArn;
  ModifyListenerInput in;
  in.ListenerArn = arn;
  in.Certificates = {{.CertificateArn = own}};
  EXPECT_EQ(t_.refusal(ModifyListener, in),
            "InvalidConfigurationRequest: Certificates cannot be specified for HTTP listeners");
  in.Protocol = "HTTPS";
  const Listener secure = run(ModifyListener, in).Listeners.at(0);
  EXPECT_EQ(secure.SslPolicy, "ELBSecurityPolicy-2016-08");
  EXPECT_EQ(secure.MutualAuthentication->Mode, "off");
  run(AddListenerCertificates,
      AddListenerCertificatesInput{.ListenerArn = arn, .Certificates = {{.CertificateArn = more}}});
  EXPECT_EQ(uses(own) + uses(more), 2u);
  const Listener plain =
      run(ModifyListener, ModifyListenerInput{.ListenerArn = arn, .Protocol = "HTTP"}).Listeners.at(0);
  EXPECT_FALSE(plain.SslPolicy);
  EXPECT_EQ(uses(own) + uses(more), 0u);  // so both can be deleted
  EXPECT_EQ(run(DescribeListenerCertificates, DescribeListenerCertificatesInput{.ListenerArn = arn})
                .Certificates.size(),
            0u);
}

TEST_F(LoadBalancing, ASecurityPolicyIsOneOfThoseThatThereAre) {
  const std::string own = certificate("a.example");
  CreateListenerInput in = listener(made_balancer(), made_group(), 443);
  in.Protocol = "HTTPS";
  in.Certificates = {{.CertificateArn = own}};
  in.SslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-6";
  EXPECT_EQ(t_.refusal(CreateListener, in),
            "SSLPolicyNotFound: SSL policy 'ELBSecurityPolicy-TLS13-1-3-2021-6' not found");
  in.SslPolicy = "ELBSecurityPolicy-TLS13-1-3-2021-06";
  const std::string arn = *run(CreateListener, in).Listeners.at(0).ListenerArn;
  EXPECT_THAT(
      t_.refusal(ModifyListener, ModifyListenerInput{.ListenerArn = arn, .SslPolicy = "TLS13-1-2-2021-06"}),
      StartsWith("SSLPolicyNotFound: "));
  EXPECT_EQ(
      t_.refusal(ModifyListener, ModifyListenerInput{.ListenerArn = arn,
                                                     .SslPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}),
      "");
}

TEST_F(LoadBalancing, ListenerAttributesAreThoseOfItsProtocol) {
  const auto made = run(CreateListener, listener(made_balancer(), made_group(), 80)).Listeners.at(0);
  ModifyListenerAttributesInput in;
  in.ListenerArn = made.ListenerArn;
  in.Attributes = {{.Key = "routing.http.response.server.enabled", .Value = "false"}};
  run(ModifyListenerAttributes, in);
  std::map<std::string, std::string> seen;
  for (const auto& one :
       run(DescribeListenerAttributes, DescribeListenerAttributesInput{.ListenerArn = made.ListenerArn})
           .Attributes)
    seen[*one.Key] = *one.Value;
  EXPECT_EQ(seen["routing.http.response.server.enabled"], "false");
  in.Attributes = {{.Key = "routing.http.request.x_amzn_tls_version.header_name", .Value = "X-Tls"}};
  EXPECT_THAT(t_.refusal(ModifyListenerAttributes, in), HasSubstr("is not recognized"));  // HTTPS only
}

TEST_F(LoadBalancing, AttributesHaveTheValuesThatTheyMayHave) {
  const std::string balancer_arn = made_balancer(), group_arn = made_group();
  const auto made = run(CreateListener, listener(balancer_arn, group_arn, 80)).Listeners.at(0);
  const auto of_balancer = [&](const char* key, const char* value) {
    return t_.refusal(ModifyLoadBalancerAttributes,
                      ModifyLoadBalancerAttributesInput{.LoadBalancerArn = balancer_arn,
                                                        .Attributes = {{.Key = key, .Value = value}}});
  };
  const auto of_group = [&](const char* key, const char* value) {
    return t_.refusal(ModifyTargetGroupAttributes,
                      ModifyTargetGroupAttributesInput{.TargetGroupArn = group_arn,
                                                       .Attributes = {{.Key = key, .Value = value}}});
  };
  const auto of_listener = [&](const char* key, const char* value) {
    return t_.refusal(ModifyListenerAttributes,
                      ModifyListenerAttributesInput{.ListenerArn = made.ListenerArn,
                                                    .Attributes = {{.Key = key, .Value = value}}});
  };
  EXPECT_EQ(of_balancer("idle_timeout.timeout_seconds", "4000"), "");
  EXPECT_EQ(
      of_balancer("idle_timeout.timeout_seconds", "4001"),
      "InvalidConfigurationRequest: Load balancer attribute 'idle_timeout.timeout_seconds' has the value "
      "'4001', which is not valid: it must be a number from 1 to 4000");
  EXPECT_THAT(of_balancer("routing.http2.enabled", "yes"), HasSubstr("one of true, false"));
  EXPECT_THAT(of_balancer("load_balancing.cross_zone.enabled", "false"), HasSubstr("must be true"));
  EXPECT_EQ(of_group("load_balancing.cross_zone.enabled", "false"), "");
  EXPECT_EQ(of_group("slow_start.duration_seconds", "30"), "");
  EXPECT_THAT(of_group("load_balancing.algorithm.type", "weighted_random"), HasSubstr("slow_start"));
  EXPECT_THAT(of_group("slow_start.duration_seconds", "29"), HasSubstr("30 to 900"));
  EXPECT_THAT(of_group("load_balancing.algorithm.anomaly_mitigation", "on"),
              HasSubstr("weighted_random only"));
  EXPECT_THAT(of_group("preserve_client_ip.enabled", "true"), HasSubstr("is not recognized"));
  EXPECT_EQ(of_listener("routing.http.response.x_frame_options.header_value", "DENY"), "");
  EXPECT_EQ(of_listener("routing.http.response.x_frame_options.header_value", ""), "");
  EXPECT_THAT(of_listener("routing.http.response.x_frame_options.header_value", "NEVER"),
              HasSubstr("SAMEORIGIN"));
  EXPECT_EQ(of_listener("routing.http.response.content_security_policy.header_value", "default-src 'self'"),
            "");
  EXPECT_THAT(of_listener("routing.http.response.content_security_policy.header_value", "a\r\nSet-Cookie: b"),
              StartsWith("InvalidConfigurationRequest: "));
}

TEST_F(LoadBalancing, WhatItHasNotIsRefusedByName) {
  const std::string balancer_arn = made_balancer(), group_arn = made_group();
  CreateLoadBalancerInput fixed = balancer("fixed");
  fixed.Subnets.clear();
  fixed.SubnetMappings = {{.SubnetId = subnets_[0]},
                          {.SubnetId = subnets_[1], .PrivateIPv4Address = "172.31.16.9"}};
  EXPECT_EQ(
      t_.refusal(CreateLoadBalancer, fixed),
      "InvalidConfigurationRequest: The parameter SubnetMappings.2.PrivateIPv4Address (172.31.16.9) is not "
      "supported: it is of Network Load Balancers, and Landfall has Application ones.");
  fixed.SubnetMappings[1].PrivateIPv4Address.reset();
  EXPECT_EQ(t_.refusal(CreateLoadBalancer, fixed), "");
  CreateListenerInput mutual = listener(balancer_arn, group_arn, 80);
  mutual.MutualAuthentication.emplace() = {.Mode = "verify", .TrustStoreArn = "arn:aws:x"};
  EXPECT_THAT(t_.refusal(CreateListener, mutual),
              HasSubstr("MutualAuthentication.Mode (verify) is not supported"));
  mutual.MutualAuthentication.emplace() = {.Mode = "off"};
  EXPECT_EQ(t_.refusal(CreateListener, mutual), "");
  CreateTargetGroupInput six = group("six");
  six.IpAddressType = "ipv6";
  EXPECT_THAT(t_.refusal(CreateTargetGroup, six), HasSubstr("IpAddressType (ipv6) is not supported"));
}

TEST_F(LoadBalancing, AnActionThatDecidesIsOneAndLeadsSomewhereElse) {
  const std::string balancer_arn = made_balancer(), group_arn = made_group();
  CreateListenerInput in = listener(balancer_arn, group_arn, 80);
  in.DefaultActions.push_back(in.DefaultActions[0]);
  EXPECT_THAT(t_.refusal(CreateListener, in), StartsWith("InvalidLoadBalancerAction: Exactly one action"));
  Action redirect{.Type = "redirect"};
  redirect.RedirectConfig.emplace() = {.Path = "/#{path}", .StatusCode = "HTTP_301"};
  in.DefaultActions = {redirect};
  EXPECT_THAT(t_.refusal(CreateListener, in), HasSubstr("creates a loop"));
  in.DefaultActions[0].RedirectConfig->Path = "/new/#{path}";
  EXPECT_EQ(t_.refusal(CreateListener, in), "");
  CreateListenerInput heavy = listener(balancer_arn, group_arn, 81);
  heavy.DefaultActions[0].TargetGroupArn.reset();
  heavy.DefaultActions[0].ForwardConfig.emplace().TargetGroups = {
      {.TargetGroupArn = group_arn, .Weight = 1000}};
  EXPECT_THAT(t_.refusal(CreateListener, heavy), HasSubstr("between 0 and 999"));
}

TEST_F(LoadBalancing, ATargetByAddressIsOfASubnetOrOfAllZones) {
  CreateTargetGroupInput in = group("ip");
  in.TargetType = "ip";
  const std::string arn = *run(CreateTargetGroup, in).TargetGroups.at(0).TargetGroupArn;
  const auto add = [&](const char* id, std::optional<std::string> zone) {
    return t_.refusal(RegisterTargets,
                      RegisterTargetsInput{.TargetGroupArn = arn,
                                           .Targets = {{.Id = id, .AvailabilityZone = std::move(zone)}}});
  };
  EXPECT_EQ(add("172.31.0.9", std::nullopt), "");
  EXPECT_EQ(add("192.168.7.7", "all"), "");
  EXPECT_THAT(add("192.168.7.8", std::nullopt), HasSubstr("outside the VPC"));
  EXPECT_THAT(add("8.8.8.8", "all"), StartsWith("InvalidTarget: "));
  EXPECT_THAT(add("db.example.com", "all"), HasSubstr("not a valid IPv4 address"));
  std::map<std::string, std::string> zones;
  t_.call([&](Call& call) {
    for (const TargetRecord& target : call.rows(kTargetGroups).get(arn)->targets)
      zones[target.id] = target.availability_zone;
  });
  EXPECT_THAT(zones["172.31.0.9"], StartsWith("us-east-1"));
  EXPECT_EQ(zones["192.168.7.7"], "all");
}

// As the gateway does it: begins anew with each answer of `s3`.
class AccessLogs : public LoadBalancing {
 protected:
  std::string enable(const std::map<std::string, std::string>& attributes) {
    ModifyLoadBalancerAttributesInput in;
    in.LoadBalancerArn = arn_;
    for (const auto& [key, value] : attributes) in.Attributes.push_back({.Key = key, .Value = value});
    S3Answers answers;
    t_.s3_answers = &answers;
    for (;;) {
      try {
        std::string refusal = t_.refusal(ModifyLoadBalancerAttributes, in);
        t_.s3_answers = nullptr;
        return refusal;
      } catch (const S3Wanted& wanted) {
        asked_.push_back(wanted.request);
        answers.add(wanted.request, s3_(wanted.request));
      }
    }
  }
  std::string enable() {
    return enable({{"access_logs.s3.enabled", "true"},
                   {"access_logs.s3.bucket", "logs"},
                   {"access_logs.s3.prefix", "web"}});
  }
  std::string stored(const std::string& key) {
    for (const auto& one :
         run(DescribeLoadBalancerAttributes, DescribeLoadBalancerAttributesInput{.LoadBalancerArn = arn_})
             .Attributes)
      if (one.Key == key) return one.Value.value_or("");
    return "";
  }

  const std::string arn_ = made_balancer();
  std::function<S3Reply(const S3Client::Request&)> s3_ = [](const auto&) { return S3Reply{.status = 200}; };
  std::vector<S3Client::Request> asked_;
};

TEST_F(AccessLogs, EnablingThemWritesATestFileAsTheService) {
  EXPECT_EQ(enable(), "");
  ASSERT_EQ(asked_.size(), 1u);
  EXPECT_EQ(asked_[0].method, "PUT");
  EXPECT_EQ(asked_[0].path, "/logs/web/AWSLogs/123456789012/ELBAccessLogTestFile");
  EXPECT_THAT(asked_[0].principal, HasSubstr("logdelivery.elasticloadbalancing.amazonaws.com"));
  EXPECT_THAT(asked_[0].principal, HasSubstr(arn_));
  EXPECT_EQ(stored("access_logs.s3.enabled"), "true");
}

TEST_F(AccessLogs, ABucketThatLetsTheRegionsAccountInWillDo) {
  s3_ = [](const S3Client::Request& request) {
    const bool account = request.principal.find("127311923021") != std::string::npos;
    return S3Reply{.status = account ? 200 : 403, .error_code = account ? "" : "AccessDenied"};
  };
  EXPECT_EQ(enable(), "");
  EXPECT_EQ(asked_.size(), 2u);
}

TEST_F(AccessLogs, ABucketThatLetsNobodyInIsRefusedAndNothingIsStored) {
  s3_ = [](const auto&) { return S3Reply{.status = 403, .error_code = "AccessDenied"}; };
  EXPECT_EQ(enable(),
            "InvalidConfigurationRequest: Access Denied for bucket: logs. Please check S3bucket permission");
  EXPECT_EQ(stored("access_logs.s3.enabled"), "false");
}

TEST_F(AccessLogs, ABucketThatIsNotThereOrElsewhereIsRefused) {
  s3_ = [](const auto&) { return S3Reply{.status = 404, .error_code = "NoSuchBucket"}; };
  EXPECT_EQ(enable(), "InvalidConfigurationRequest: S3Bucket: logs does not exist");
  s3_ = [](const auto&) { return S3Reply{.status = 301, .error_code = "PermanentRedirect"}; };
  EXPECT_EQ(enable(),
            "InvalidConfigurationRequest: S3Bucket: logs is not located in the same region with ELB: web");
}

TEST_F(AccessLogs, WhatDoesNotEnableThemAsksNobody) {
  EXPECT_EQ(enable({{"access_logs.s3.enabled", "false"}, {"access_logs.s3.bucket", "logs"}}), "");
  EXPECT_EQ(enable({{"idle_timeout.timeout_seconds", "30"}}), "");
  EXPECT_THAT(enable({{"access_logs.s3.enabled", "true"}, {"access_logs.s3.bucket", ""}}),
              StartsWith("InvalidConfigurationRequest: "));
  EXPECT_THAT(enable({{"access_logs.s3.enabled", "true"},
                      {"access_logs.s3.bucket", "logs"},
                      {"access_logs.s3.prefix", "my/AWSLogs"}}),
              StartsWith("InvalidConfigurationRequest: "));
  EXPECT_TRUE(asked_.empty());
}

TEST_F(AccessLogs, ConnectionLogsHaveATestFileOfTheirOwnAndAreRefusedAlike) {
  const std::map<std::string, std::string> wanted{{"connection_logs.s3.enabled", "true"},
                                                  {"connection_logs.s3.bucket", "logs"}};
  s3_ = [](const auto&) { return S3Reply{.status = 403, .error_code = "AccessDenied"}; };
  EXPECT_EQ(enable(wanted),
            "InvalidConfigurationRequest: Access Denied for bucket: logs. Please check S3bucket permission");
  EXPECT_EQ(stored("connection_logs.s3.enabled"), "false");
  asked_.clear();
  s3_ = [](const auto&) { return S3Reply{.status = 200}; };
  EXPECT_EQ(enable(wanted), "");
  ASSERT_EQ(asked_.size(), 1u);  // the access logs, which are off, are nobody's question
  EXPECT_EQ(asked_[0].path, "/logs/AWSLogs/123456789012/ELBConnectionLogTestFile");
  EXPECT_EQ(stored("connection_logs.s3.enabled"), "true");
}

}  // namespace landfall::elbv2
