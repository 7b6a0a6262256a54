#include "services/elasticbeanstalk/resources.h"

#include <algorithm>

#include "autoscaling/operations.h"
#include "base/ascii.h"
#include "base/encoding.h"
#include "base/sha256.h"
#include "cloudwatch/operations.h"
#include "codec/fields.h"
#include "ec2/operations.h"
#include "elbv2/operations.h"
#include "services/elasticbeanstalk/environments.h"
#include "services/route53/snapshot.h"

namespace landfall::elasticbeanstalk {
namespace {

constexpr int64_t kGraceSeconds = 60;  // before Auto Scaling believes the load balancer about a new instance
constexpr char kUpper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

// One application of a plan: the call, the record it changes, and what it is made by.
class Builder {
 public:
  Builder(Call& call, EnvironmentRecord& record, const Plan& plan)
      : call_(call.as_service(kPrincipal)),
        events_(call),
        record_(record),
        resources_(record.resources),
        plan_(plan) {}

  void build(const VersionRecord* version) {
    security_groups();
    target_group();
    load_balancer();
    listeners();
    launch_template(version);
    group();
    apply_schedules(call_, resources_.group_name, plan_.schedules, resources_.schedules);
    alarms();
    name();
  }

 private:
  const std::string& id() const { return *record_.shown.EnvironmentId; }
  void say(const std::string& message) { put_event(events_, record_, "INFO", message); }

  template <class T>
  std::vector<T> tags() const {
    std::vector<T> list;
    const auto add = [&](const std::string& key, const std::string& value) {
      T tag;
      tag.Key = key;
      tag.Value = value;
      list.push_back(std::move(tag));
    };
    add("Name", *record_.shown.EnvironmentName);
    add("elasticbeanstalk:environment-id", id());
    add("elasticbeanstalk:environment-name", *record_.shown.EnvironmentName);
    for (const auto& [key, value] : record_.tags)
      if (key != "Name") add(key, value);
    return list;
  }

  std::string make_group(const std::string& kind, const std::string& description) {
    const auto made = ec2::CreateSecurityGroup(
        call_, {.Description = description,
                .GroupName = "awseb-" + id() + "-stack-AWSEB" + kind + "-" + call_.random().from(kUpper, 12),
                .VpcId = plan_.vpc_id,
                .TagSpecifications = {{.ResourceType = "security-group", .Tags = tags<ec2::Tag>()}}});
    say("Created security group named: " + *made.GroupId);
    return *made.GroupId;
  }

  void admit_world(int64_t port) {
    try {
      ec2::AuthorizeSecurityGroupIngress(call_, {.GroupId = resources_.balancer_group,
                                                 .IpPermissions = {{.IpProtocol = "tcp",
                                                                    .FromPort = port,
                                                                    .ToPort = port,
                                                                    .IpRanges = {{.CidrIp = "0.0.0.0/0"}}}}});
    } catch (const ServiceError& error) {
      if (error.code() != "InvalidPermission.Duplicate") throw;  // a listener that was there before
    }
  }

  void security_groups() {
    if (!resources_.balancer_group.empty()) return;
    resources_.balancer_group = make_group("LoadBalancerSecurityGroup",
                                           "Elastic Beanstalk created security group used when no ELB "
                                           "security groups are specified during ELB creation");
    resources_.instance_group =
        make_group("SecurityGroup", "SecurityGroup for ElasticBeanstalk environment.");
    ec2::AuthorizeSecurityGroupIngress(
        call_, {.GroupId = resources_.instance_group,
                .IpPermissions = {{.IpProtocol = "tcp",
                                   .FromPort = plan_.port,
                                   .ToPort = plan_.port,
                                   .UserIdGroupPairs = {{.GroupId = resources_.balancer_group}}}}});
  }

  void target_group() {
    if (resources_.target_group_arn.empty()) {
      elbv2::CreateTargetGroupInput in{.Name = "awseb-AWSEB-" + call_.random().from(kUpper, 12),
                                       .Protocol = "HTTP",
                                       .Port = plan_.port,
                                       .VpcId = plan_.vpc_id};
      in.HealthCheckPath = plan_.health_path;
      in.HealthCheckIntervalSeconds = plan_.interval_seconds;
      in.HealthCheckTimeoutSeconds = plan_.timeout_seconds;
      in.HealthyThresholdCount = plan_.healthy_threshold;
      in.UnhealthyThresholdCount = plan_.unhealthy_threshold;
      in.Matcher = elbv2::Matcher{.HttpCode = plan_.matcher};
      in.Tags = tags<elbv2::Tag>();
      resources_.target_group_arn = *elbv2::CreateTargetGroup(call_, in).TargetGroups.at(0).TargetGroupArn;
      say("Created target group named: " + resources_.target_group_arn);
    } else {
      elbv2::ModifyTargetGroupInput in{.TargetGroupArn = resources_.target_group_arn,
                                       .HealthCheckPath = plan_.health_path,
                                       .HealthCheckIntervalSeconds = plan_.interval_seconds,
                                       .HealthCheckTimeoutSeconds = plan_.timeout_seconds};
      in.HealthyThresholdCount = plan_.healthy_threshold;
      in.UnhealthyThresholdCount = plan_.unhealthy_threshold;
      in.Matcher = elbv2::Matcher{.HttpCode = plan_.matcher};
      elbv2::ModifyTargetGroup(call_, in);
    }
    elbv2::ModifyTargetGroupAttributes(
        call_, {.TargetGroupArn = resources_.target_group_arn,
                .Attributes = {{.Key = "deregistration_delay.timeout_seconds",
                                .Value = std::to_string(plan_.deregistration_seconds)},
                               {.Key = "stickiness.enabled", .Value = plan_.sticky ? "true" : "false"},
                               {.Key = "stickiness.lb_cookie.duration_seconds",
                                .Value = std::to_string(plan_.sticky_seconds)}}});
  }

  void load_balancer() {
    if (!resources_.load_balancer_arn.empty()) return;
    elbv2::CreateLoadBalancerInput in{.Name = "awseb--AWSEB-" + call_.random().from(kUpper, 12),
                                      .Subnets = plan_.balancer_subnets,
                                      .SecurityGroups = plan_.balancer_groups,
                                      .Scheme = plan_.scheme};
    in.SecurityGroups.push_back(resources_.balancer_group);
    in.Tags = tags<elbv2::Tag>();
    const auto made = elbv2::CreateLoadBalancer(call_, in).LoadBalancers.at(0);
    resources_.load_balancer_arn = *made.LoadBalancerArn;
    resources_.load_balancer_dns = *made.DNSName;
    record_.shown.EndpointURL = made.DNSName;
    say("Created load balancer named: " + resources_.load_balancer_arn);
  }

  void listeners() {
    std::map<std::string, std::string> kept;
    for (const ListenerPlan& plan : plan_.listeners) {
      const std::string port = std::to_string(plan.port);
      std::vector<elbv2::Certificate> certificates;
      if (plan.protocol == "HTTPS") certificates.push_back({.CertificateArn = plan.certificate_arn});
      const std::optional<std::string> policy = plan.protocol == "HTTPS" && !plan.ssl_policy.empty()
                                                    ? std::optional(plan.ssl_policy)
                                                    : std::nullopt;
      if (const auto old = resources_.listeners.find(port); old != resources_.listeners.end()) {
        elbv2::ModifyListener(call_, {.ListenerArn = old->second,
                                      .Protocol = plan.protocol,
                                      .SslPolicy = policy,
                                      .Certificates = certificates});
        kept[port] = old->second;
        continue;
      }
      admit_world(plan.port);
      elbv2::CreateListenerInput in{.LoadBalancerArn = resources_.load_balancer_arn,
                                    .Protocol = plan.protocol,
                                    .Port = plan.port,
                                    .SslPolicy = policy,
                                    .Certificates = certificates};
      in.DefaultActions = {{.Type = "forward", .TargetGroupArn = resources_.target_group_arn}};
      kept[port] = *elbv2::CreateListener(call_, in).Listeners.at(0).ListenerArn;
      say("Created Load Balancer listener named: " + kept[port]);
    }
    for (const auto& [port, arn] : resources_.listeners)
      if (!kept.contains(port)) elbv2::DeleteListener(call_, {.ListenerArn = arn});
    resources_.listeners = kept;
  }

  agent::Document document(const VersionRecord* version) const {
    agent::Document out;
    out.region = call_.region;
    out.environment_id = id();
    out.environment_name = *record_.shown.EnvironmentName;
    out.properties = plan_.properties;
    if (version != nullptr && version->shown.SourceBundle) {
      out.version_label = *version->shown.VersionLabel;
      out.bucket = version->shown.SourceBundle->S3Bucket.value_or("");
      out.key = version->shown.SourceBundle->S3Key.value_or("");
    }
    return out;
  }

  void launch_template(const VersionRecord* version) {
    ec2::RequestLaunchTemplateData data;
    data.ImageId = plan_.image_id;
    data.InstanceType = plan_.instance_type;
    if (!plan_.key_name.empty()) data.KeyName = plan_.key_name;
    ec2::LaunchTemplateIamInstanceProfileSpecificationRequest profile;
    (plan_.instance_profile.starts_with("arn:") ? profile.Arn : profile.Name) = plan_.instance_profile;
    data.IamInstanceProfile = profile;
    std::vector<std::string> groups = plan_.instance_groups;
    groups.push_back(resources_.instance_group);
    if (plan_.public_address.empty()) {
      data.SecurityGroupIds = std::move(groups);  // and an address as the subnet has it
    } else {
      data.NetworkInterfaces = {{.AssociatePublicIpAddress = plan_.public_address == "true",
                                 .DeviceIndex = 0,
                                 .Groups = std::move(groups)}};
    }
    data.MetadataOptions = ec2::LaunchTemplateInstanceMetadataOptionsRequest{
        .HttpTokens = plan_.imds_v1 ? "optional" : "required"};
    data.UserData = to_base64(user_data_of(document(version)));
    const std::string hash = hex(sha256(to_json(data)));
    if (hash == resources_.launch_template_hash) return;
    if (resources_.launch_template_id.empty()) {
      ec2::CreateLaunchTemplateRequest in{.LaunchTemplateName =
                                              "awseb-" + id() + "-" + call_.random().from(kUpper, 12)};
      in.LaunchTemplateData = data;
      in.TagSpecifications = {{.ResourceType = "launch-template", .Tags = tags<ec2::Tag>()}};
      resources_.launch_template_id = *ec2::CreateLaunchTemplate(call_, in).LaunchTemplate->LaunchTemplateId;
      resources_.launch_template_version = "1";
    } else {
      ec2::CreateLaunchTemplateVersionRequest in{.LaunchTemplateId = resources_.launch_template_id};
      in.LaunchTemplateData = data;
      resources_.launch_template_version =
          std::to_string(*ec2::CreateLaunchTemplateVersion(call_, in).LaunchTemplateVersion->VersionNumber);
    }
    resources_.launch_template_hash = hash;
  }

  std::string joined_subnets() const {
    std::string text;
    for (const std::string& subnet : plan_.subnets) text += (text.empty() ? "" : ",") + subnet;
    return text;
  }

  void group() {
    const autoscaling::LaunchTemplateSpecification runs{.LaunchTemplateId = resources_.launch_template_id,
                                                        .Version = resources_.launch_template_version};
    if (!resources_.group_name.empty()) {
      autoscaling::UpdateAutoScalingGroupType in{.AutoScalingGroupName = resources_.group_name,
                                                 .LaunchTemplate = runs,
                                                 .MinSize = plan_.min_size,
                                                 .MaxSize = plan_.max_size,
                                                 .DefaultCooldown = plan_.cooldown_seconds};
      in.VPCZoneIdentifier = joined_subnets();
      autoscaling::UpdateAutoScalingGroup(call_, in);
      return;
    }
    autoscaling::CreateAutoScalingGroupType in{
        .AutoScalingGroupName =
            "awseb-" + id() + "-stack-AWSEBAutoScalingGroup-" + call_.random().from(kUpper, 12),
        .LaunchTemplate = runs,
        .MinSize = plan_.min_size,
        .MaxSize = plan_.max_size,
        .DefaultCooldown = plan_.cooldown_seconds};
    in.TargetGroupARNs = {resources_.target_group_arn};
    in.HealthCheckType = "ELB";
    in.HealthCheckGracePeriod = kGraceSeconds;
    in.VPCZoneIdentifier = joined_subnets();
    for (const autoscaling::Tag& tag : tags<autoscaling::Tag>())
      in.Tags.push_back({.Key = tag.Key, .Value = tag.Value, .PropagateAtLaunch = true});
    autoscaling::CreateAutoScalingGroup(call_, in);
    resources_.group_name = *in.AutoScalingGroupName;
    say("Created Auto Scaling group named: " + resources_.group_name);
  }

  void alarm(const std::string& kind, const std::string& comparison, double threshold, int64_t increment) {
    const bool is_new = std::ranges::none_of(resources_.alarms,
                                             [&](const std::string& name) { return name.ends_with(kind); });
    autoscaling::PutScalingPolicyType policy{.AutoScalingGroupName = resources_.group_name,
                                             .PolicyName = resources_.group_name + "-" + kind,
                                             .PolicyType = "SimpleScaling",
                                             .AdjustmentType = "ChangeInCapacity"};
    policy.ScalingAdjustment = increment;
    policy.Cooldown = plan_.cooldown_seconds;
    const std::string arn = *autoscaling::PutScalingPolicy(call_, policy).PolicyARN;
    const TriggerPlan& trigger = plan_.trigger;
    cloudwatch::PutMetricAlarmInput in{
        .AlarmName = "awseb-" + id() + "-stack-AWSEBCloudwatchAlarm" + kind,
        .AlarmDescription =
            "ElasticBeanstalk Default Scale " + std::string(increment > 0 ? "Up" : "Down") + " alarm",
        .AlarmActions = {arn}};
    in.MetricName = trigger.measure;
    const std::string& measure = trigger.measure;
    if (measure == "Latency" || measure == "RequestCount" || measure == "HealthyHostCount" ||
        measure == "UnhealthyHostCount") {
      if (measure == "Latency") in.MetricName = "TargetResponseTime";
      if (measure == "UnhealthyHostCount") in.MetricName = "UnHealthyHostCount";
      in.Namespace = "AWS/ApplicationELB";
      in.Dimensions = {{.Name = "LoadBalancer",
                        .Value = resources_.load_balancer_arn.substr(
                            resources_.load_balancer_arn.find("loadbalancer/") + 13)}};
    } else {
      in.Namespace = "AWS/EC2";
      in.Dimensions = {{.Name = "AutoScalingGroupName", .Value = resources_.group_name}};
    }
    in.Statistic = trigger.statistic;
    in.Unit = trigger.unit;
    in.Period = trigger.period_minutes * 60;
    in.EvaluationPeriods = trigger.evaluation_periods;
    in.Threshold = threshold;
    in.ComparisonOperator = comparison;
    cloudwatch::PutMetricAlarm(call_, in);
    if (!is_new) return;
    resources_.alarms.push_back(*in.AlarmName);
    say("Created Auto Scaling group policy named: " + arn);
    say("Created CloudWatch alarm named: " + *in.AlarmName);
  }

  void alarms() {
    alarm("High", "GreaterThanThreshold", plan_.trigger.upper, plan_.trigger.upper_increment);
    alarm("Low", "LessThanThreshold", plan_.trigger.lower, plan_.trigger.lower_increment);
  }

  void name() {
    route53::NameSnapshot snapshot;
    snapshot.name = ascii_lower(*record_.shown.CNAME);
    snapshot.cname = resources_.load_balancer_dns;
    publish(call_.txn, route53::kNameSnapshotKind, snapshot.name, snapshot);
  }

  Call call_;
  Call& events_;
  EnvironmentRecord& record_;
  Resources& resources_;
  const Plan& plan_;
};

// Gone already, by somebody else's hand: nothing to take down.
void unless_gone(const std::function<void()>& take_down) {
  try {
    take_down();
  } catch (const ServiceError& error) {
    const std::string& code = error.code();
    if (code.find("NotFound") == std::string::npos && error.message().find("not found") == std::string::npos)
      throw;
  }
}

}  // namespace

void apply_plan(Call& call, EnvironmentRecord& record, const Plan& plan, const VersionRecord* version) {
  Builder(call, record, plan).build(version);
}

void take_down_group(Call& call, EnvironmentRecord& record) {
  Call service = call.as_service(kPrincipal);
  Resources& resources = record.resources;
  for (const std::string& alarm : resources.alarms) {
    unless_gone([&] { cloudwatch::DeleteAlarms(service, {.AlarmNames = {alarm}}); });
    put_event(call, record, "INFO", "Deleted CloudWatch alarm named: " + alarm + " ");
  }
  resources.alarms.clear();
  if (record.shown.CNAME) {
    unpublish(call.txn, route53::kNameSnapshotKind, ascii_lower(*record.shown.CNAME));
  }
  if (resources.group_name.empty()) return;
  put_event(call, record, "INFO", "Waiting for EC2 instances to terminate. This may take a few minutes.");
  unless_gone([&] {
    autoscaling::DeleteAutoScalingGroup(service,
                                        {.AutoScalingGroupName = resources.group_name, .ForceDelete = true});
  });
}

bool group_is_gone(Call& call, const EnvironmentRecord& record) {
  if (record.resources.group_name.empty()) return true;
  Call service = call.as_service(kPrincipal);
  return autoscaling::DescribeAutoScalingGroups(service,
                                                {.AutoScalingGroupNames = {record.resources.group_name}})
      .AutoScalingGroups.empty();
}

void take_down_rest(Call& call, EnvironmentRecord& record) {
  Call service = call.as_service(kPrincipal);
  Resources& resources = record.resources;
  const auto gone = [&](const std::string& kind, const std::string& what,
                        const std::function<void()>& take_down) {
    if (what.empty()) return;
    unless_gone(take_down);
    put_event(call, record, "INFO", "Deleted " + kind + " named: " + what);
  };
  gone("Auto Scaling group", resources.group_name, [] {});  // by its own reconciler
  gone("load balancer", resources.load_balancer_arn,
       [&] { elbv2::DeleteLoadBalancer(service, {.LoadBalancerArn = resources.load_balancer_arn}); });
  gone("target group", resources.target_group_arn,
       [&] { elbv2::DeleteTargetGroup(service, {.TargetGroupArn = resources.target_group_arn}); });
  if (!resources.launch_template_id.empty())
    unless_gone(
        [&] { ec2::DeleteLaunchTemplate(service, {.LaunchTemplateId = resources.launch_template_id}); });
  gone("security group", resources.instance_group,
       [&] { ec2::DeleteSecurityGroup(service, {.GroupId = resources.instance_group}); });
  gone("security group", resources.balancer_group,
       [&] { ec2::DeleteSecurityGroup(service, {.GroupId = resources.balancer_group}); });
  resources = {};
}

// A JSON text has no line of its own but one, so it cannot end the here-document.
std::string user_data_of(const agent::Document& document) {
  return "#!/bin/sh\nset -e\numask 077\nmkdir -p /etc/landfall\ncat >" + std::string(agent::kDocumentPath) +
         " <<'END-OF-DOCUMENT'\n" + to_json(document) + "\nEND-OF-DOCUMENT\nchmod 0600 " +
         agent::kDocumentPath +
         // Started at every boot, this first one included: a rebooted instance serves again.
         "\numask 022\nmkdir -p /var/lib/cloud/scripts/per-boot\ncat "
         ">/var/lib/cloud/scripts/per-boot/landfall-agent <<'END-OF-SCRIPT'\n"
         "#!/bin/sh\n/opt/landfall/landfall agent &\nEND-OF-SCRIPT\nchmod 0755 "
         "/var/lib/cloud/scripts/per-boot/landfall-agent\n";
}

}  // namespace landfall::elasticbeanstalk
