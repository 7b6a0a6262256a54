#include "services/elasticbeanstalk/options.h"

#include "services/iam/iam.h"

#include <algorithm>
#include <charconv>

#include "services/ec2/ec2.h"

namespace landfall::elasticbeanstalk {
namespace {

constexpr char kAsg[] = "aws:autoscaling:asg";
constexpr char kLaunch[] = "aws:autoscaling:launchconfiguration";
constexpr char kTrigger[] = "aws:autoscaling:trigger";
constexpr char kVpc[] = "aws:ec2:vpc";
constexpr char kEnvironment[] = "aws:elasticbeanstalk:environment";
constexpr char kProcess[] = "aws:elasticbeanstalk:environment:process:default";
constexpr std::string_view kListener = "aws:elbv2:listener:";

bool same_option(const ConfigurationOptionSetting& a, const auto& b) {
  return a.Namespace == b.Namespace && a.OptionName == b.OptionName &&
         a.ResourceName.value_or("") == b.ResourceName.value_or("");
}

constexpr auto& refuse = refuse_option;

std::vector<ListenerPlan> listeners_of(const Options& options) {
  std::vector<ListenerPlan> list;
  if (options.flag("aws:elbv2:listener:default", "ListenerEnabled", true)) list.push_back({});
  for (const std::string& name_space : options.namespaces_with_prefix(kListener)) {
    const std::string port = name_space.substr(kListener.size());
    if (port == "default" || !options.flag(name_space, "ListenerEnabled", true)) continue;
    ListenerPlan listener;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listener.port);
    if (error != std::errc{} || end != port.data() + port.size() || listener.port < 1 ||
        listener.port > 65535)
      refuse(name_space, "Protocol", port, "the namespace must end with a port");
    listener.protocol = options.get(name_space, "Protocol", "HTTP");
    listener.certificate_arn = options.get(name_space, "SSLCertificateArns");
    listener.ssl_policy = options.get(name_space, "SSLPolicy");
    if (listener.protocol != "HTTP" && listener.protocol != "HTTPS")
      refuse(name_space, "Protocol", listener.protocol, "must be HTTP or HTTPS");
    if (listener.protocol == "HTTPS" && listener.certificate_arn.empty())
      refuse(name_space, "SSLCertificateArns", "", "a secure listener requires an SSL certificate");
    std::erase_if(list, [&](const ListenerPlan& other) { return other.port == listener.port; });
    list.push_back(listener);
  }
  return list;
}

double decimal(const Options& options, std::string_view name, double fallback) {
  const std::string text = options.get(kTrigger, name);
  if (text.empty()) return fallback;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    refuse(kTrigger, name, text, "must be a number");
  return value;
}

TriggerPlan trigger_of(const Options& options) {
  TriggerPlan trigger;
  trigger.measure = options.get(kTrigger, "MeasureName", "NetworkOut");
  trigger.statistic = options.get(kTrigger, "Statistic", "Average");
  trigger.unit = options.get(kTrigger, "Unit", "Bytes");
  trigger.period_minutes = std::max<int64_t>(1, options.number(kTrigger, "Period", 5));
  const int64_t breach = options.number(kTrigger, "BreachDuration", 5);
  trigger.evaluation_periods = std::max(
      {int64_t{1}, options.number(kTrigger, "EvaluationPeriods", 1), breach / trigger.period_minutes});
  trigger.upper = decimal(options, "UpperThreshold", 6'000'000);
  trigger.lower = decimal(options, "LowerThreshold", 2'000'000);
  trigger.upper_increment = options.number(kTrigger, "UpperBreachScaleIncrement", 1);
  trigger.lower_increment = options.number(kTrigger, "LowerBreachScaleIncrement", -1);
  return trigger;
}

std::vector<std::string> subnets_or_default(const Call& call, const Options& options,
                                            const std::string& vpc_id, std::string_view name) {
  std::vector<std::string> subnets = options.list(kVpc, name);
  for (const std::string& id : subnets) {
    const auto subnet = ec2::find_subnet(call, id);
    if (!subnet || subnet->vpc_id != vpc_id)
      refuse(kVpc, name, id, "The subnet does not exist in the VPC '" + vpc_id + "'");
  }
  if (subnets.empty())
    for (const auto& subnet : ec2::subnets_of_vpc(call, vpc_id))
      if (subnet.default_for_az) subnets.push_back(subnet.subnet_id);
  if (subnets.empty()) refuse(kVpc, name, "", "Specify the subnets for your VPC");
  return subnets;
}

void plan_network(const Call& call, const Options& options, Plan& plan) {
  plan.vpc_id = options.get(kVpc, "VPCId");
  if (plan.vpc_id.empty()) {
    const auto vpc = ec2::find_default_vpc(call);
    if (!vpc) refuse(kVpc, "VPCId", "", "No default VPC for this user: specify a VPC");
    plan.vpc_id = vpc->vpc_id;
  } else if (!ec2::find_vpc(call, plan.vpc_id)) {
    refuse(kVpc, "VPCId", plan.vpc_id, "The VPC does not exist");
  }
  plan.subnets = subnets_or_default(call, options, plan.vpc_id, "Subnets");
  plan.balancer_subnets = options.list(kVpc, "ELBSubnets").empty()
                              ? plan.subnets
                              : subnets_or_default(call, options, plan.vpc_id, "ELBSubnets");
  plan.public_address = options.get(kVpc, "AssociatePublicIpAddress");
  plan.scheme = options.get(kVpc, "ELBScheme", "public") == "internal" ? "internal" : "internet-facing";
  plan.balancer_groups = options.list("aws:elbv2:loadbalancer", "SecurityGroups");
  plan.instance_groups = options.list(kLaunch, "SecurityGroups");
  for (const std::string& id : plan.instance_groups)
    if (!ec2::find_group(call, id))
      refuse(kLaunch, "SecurityGroups", id, "The security group does not exist");
}

void plan_process(const Options& options, Plan& plan) {
  plan.port = options.number(kProcess, "Port", 80);
  if (options.get(kProcess, "Protocol", "HTTP") != "HTTP")
    refuse(kProcess, "Protocol", options.get(kProcess, "Protocol"), "Landfall's instances serve HTTP");
  if (plan.port != 80)
    refuse(kProcess, "Port", std::to_string(plan.port), "Landfall's instances serve on port 80");
  plan.health_path =
      options.get(kProcess, "HealthCheckPath",
                  options.get("aws:elasticbeanstalk:application", "Application Healthcheck URL", "/"));
  if (!plan.health_path.starts_with('/'))
    refuse(kProcess, "HealthCheckPath", plan.health_path, "must start with a slash");
  plan.matcher = options.get(kProcess, "MatcherHTTPCode", "200");
  plan.interval_seconds = options.number(kProcess, "HealthCheckInterval", 15);
  plan.timeout_seconds = options.number(kProcess, "HealthCheckTimeout", 5);
  if (plan.timeout_seconds >= plan.interval_seconds)
    refuse(kProcess, "HealthCheckTimeout", std::to_string(plan.timeout_seconds),
           "must be smaller than HealthCheckInterval");
  plan.healthy_threshold = options.number(kProcess, "HealthyThresholdCount", 3);
  plan.unhealthy_threshold = options.number(kProcess, "UnhealthyThresholdCount", 5);
  plan.deregistration_seconds = options.number(kProcess, "DeregistrationDelay", 20);
  plan.sticky = options.flag(kProcess, "StickinessEnabled", false);
  plan.sticky_seconds = options.number(kProcess, "StickinessLBCookieDuration", 86400);
}

}  // namespace

void refuse_option(std::string_view name_space, std::string_view name, const std::string& value,
                   const std::string& why) {
  throw ServiceError("ConfigurationValidationException", 400,
                     "Configuration validation exception: Invalid option value: '" + value +
                         "' (Namespace: '" + std::string(name_space) + "', OptionName: '" +
                         std::string(name) + "'): " + why);
}

void merge_settings(Settings& into, const Settings& changes) {
  for (const ConfigurationOptionSetting& change : changes) {
    std::erase_if(into, [&](const ConfigurationOptionSetting& one) { return same_option(one, change); });
    into.push_back(change);
  }
}

void remove_settings(Settings& from, const std::vector<OptionSpecification>& removed) {
  for (const OptionSpecification& gone : removed)
    std::erase_if(from, [&](const ConfigurationOptionSetting& one) { return same_option(one, gone); });
}

std::string Options::get(std::string_view name_space, std::string_view name, std::string fallback) const {
  for (const ConfigurationOptionSetting& one : settings_)
    if (one.Namespace == name_space && one.OptionName == name && !one.Value.value_or("").empty())
      return *one.Value;
  return fallback;
}

int64_t Options::number(std::string_view name_space, std::string_view name, int64_t fallback) const {
  const std::string text = get(name_space, name);
  if (text.empty()) return fallback;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size())
    refuse(name_space, name, text, "must be a whole number");
  return value;
}

bool Options::flag(std::string_view name_space, std::string_view name, bool fallback) const {
  const std::string text = get(name_space, name, fallback ? "true" : "false");
  if (text != "true" && text != "false") refuse(name_space, name, text, "must be true or false");
  return text == "true";
}

std::vector<std::string> Options::list(std::string_view name_space, std::string_view name) const {
  std::vector<std::string> items;
  std::string item;
  for (const char c : get(name_space, name) + ",") {
    if (c == ' ') continue;
    if (c != ',') {
      item += c;
    } else if (!item.empty()) {
      items.push_back(std::move(item));
      item.clear();
    }
  }
  return items;
}

std::map<std::string, std::string> Options::all_of(std::string_view name_space) const {
  std::map<std::string, std::string> all;
  for (const ConfigurationOptionSetting& one : settings_)
    if (one.Namespace == name_space) all[one.OptionName.value_or("")] = one.Value.value_or("");
  return all;
}

std::vector<std::string> Options::namespaces_with_prefix(std::string_view prefix) const {
  std::vector<std::string> found;
  for (const ConfigurationOptionSetting& one : settings_)
    if (one.Namespace.value_or("").starts_with(prefix) &&
        std::ranges::find(found, *one.Namespace) == found.end())
      found.push_back(*one.Namespace);
  return found;
}

Plan plan_of(const Call& call, const Settings& settings) {
  const Options options(settings);
  Plan plan;
  if (const std::string type = options.get(kEnvironment, "EnvironmentType", "LoadBalanced");
      type != "LoadBalanced")
    refuse(kEnvironment, "EnvironmentType", type, "Landfall has load-balanced environments only");
  if (const std::string type = options.get(kEnvironment, "LoadBalancerType", "application");
      type != "application")
    refuse(kEnvironment, "LoadBalancerType", type, "Landfall has application load balancers only");
  plan_network(call, options, plan);
  const auto types = options.list("aws:ec2:instances", "InstanceTypes");
  plan.instance_type = types.empty() ? options.get(kLaunch, "InstanceType", "t3.micro") : types.front();
  if (!ec2::instance_type_exists(plan.instance_type))
    refuse("aws:ec2:instances", "InstanceTypes", plan.instance_type, "The instance type does not exist");
  plan.image_id = options.get(kLaunch, "ImageId", ec2::default_image_id());
  if (!ec2::image_exists(plan.image_id))
    refuse(kLaunch, "ImageId", plan.image_id, "The image does not exist");
  plan.instance_profile = options.get(kLaunch, "IamInstanceProfile");
  if (plan.instance_profile.empty())
    throw ServiceError(
        "ConfigurationValidationException", 400,
        "Configuration validation exception: Environment must have instance profile associated with it.");
  plan.key_name = options.get(kLaunch, "EC2KeyName");
  plan.imds_v1 = !options.flag(kLaunch, "DisableIMDSv1", true);
  plan.min_size = options.number(kAsg, "MinSize", 1);
  plan.max_size = options.number(kAsg, "MaxSize", 4);
  if (plan.min_size < 1) refuse(kAsg, "MinSize", std::to_string(plan.min_size), "must be at least 1");
  if (plan.max_size < plan.min_size)
    refuse(kAsg, "MaxSize", std::to_string(plan.max_size), "must not be less than MinSize");
  plan.cooldown_seconds = options.number(kAsg, "Cooldown", 360);
  plan.schedules = schedules_of(settings);
  plan.listeners = listeners_of(options);
  plan_process(options, plan);
  plan.trigger = trigger_of(options);
  plan.command_timeout_seconds = options.number("aws:elasticbeanstalk:command", "Timeout", 600);
  plan.properties = options.all_of("aws:elasticbeanstalk:application:environment");
  return plan;
}

void check_pass_role(Call& call, const Plan& plan) {
  const auto profile = iam::instance_profile_info(call, plan.instance_profile);
  if (profile && !profile->role_arn.empty())
    iam::check_pass_role(call, profile->role_arn, "ec2.amazonaws.com");
}

}  // namespace landfall::elasticbeanstalk
