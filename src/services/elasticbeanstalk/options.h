// Option settings and what follows from them. Pure but for look-ups of the VPC.
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/command-options-general.html
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/elasticbeanstalk/schedules.h"
#include "services/elasticbeanstalk/store.h"

namespace landfall::elasticbeanstalk {

// Later settings of the same namespace, resource and name replace earlier ones.
void merge_settings(Settings& into, const Settings& changes);
// Throws ConfigurationValidationException.
[[noreturn]] void refuse_option(std::string_view name_space, std::string_view name, const std::string& value,
                                const std::string& why);
void remove_settings(Settings& from, const std::vector<OptionSpecification>& removed);

class Options {
 public:
  explicit Options(const Settings& settings) : settings_(settings) {}
  std::string get(std::string_view name_space, std::string_view name, std::string fallback = {}) const;
  // They throw ConfigurationValidationException for what cannot be.
  int64_t number(std::string_view name_space, std::string_view name, int64_t fallback) const;
  bool flag(std::string_view name_space, std::string_view name, bool fallback) const;
  std::vector<std::string> list(std::string_view name_space, std::string_view name) const;
  std::map<std::string, std::string> all_of(std::string_view name_space) const;
  std::vector<std::string> namespaces_with_prefix(std::string_view prefix) const;

 private:
  const Settings& settings_;
};

struct ListenerPlan {
  int64_t port = 80;
  std::string protocol = "HTTP", certificate_arn, ssl_policy;
};

struct TriggerPlan {
  std::string measure, statistic, unit;
  int64_t period_minutes = 5, evaluation_periods = 1;
  double upper = 0, lower = 0;
  int64_t upper_increment = 1, lower_increment = -1;
};

// What an environment is to be made of.
struct Plan {
  std::string vpc_id;
  std::vector<std::string> subnets, balancer_subnets;
  std::string public_address;  // of the instances: "true", "false", empty: as the subnet has it
  std::string scheme;          // internet-facing, internal
  std::vector<std::string> balancer_groups, instance_groups;  // besides the environment's own
  std::string instance_type, instance_profile, key_name, image_id;
  bool imds_v1 = false;
  int64_t min_size = 1, max_size = 4, cooldown_seconds = 360;
  std::map<std::string, SchedulePlan> schedules;
  std::vector<ListenerPlan> listeners;
  // of the process "default"
  int64_t port = 80;
  std::string health_path, matcher;
  int64_t interval_seconds = 15, timeout_seconds = 5, healthy_threshold = 3, unhealthy_threshold = 5,
          deregistration_seconds = 20;
  bool sticky = false;
  int64_t sticky_seconds = 86400;
  TriggerPlan trigger;
  int64_t command_timeout_seconds = 600;
  std::map<std::string, std::string> properties;
};
// Throws ConfigurationValidationException for settings that cannot be.
Plan plan_of(const Call& call, const Settings& settings);

// Asks whether the caller may give the instance profile's role to EC2 (iam:PassRole); throws AccessDenied.
void check_pass_role(Call& call, const Plan& plan);

}  // namespace landfall::elasticbeanstalk
