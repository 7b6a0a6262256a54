// What Elastic Beanstalk keeps.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "elasticbeanstalk/shapes.h"
#include "gateway/call.h"
#include "store/store.h"

namespace landfall::elasticbeanstalk {

using Settings = std::vector<ConfigurationOptionSetting>;
using Tags = std::map<std::string, std::string>;

struct ApplicationRecord {
  ApplicationDescription shown;  // without Versions
  Tags tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

// A saved configuration: what an environment can be made of.
struct TemplateRecord {
  ConfigurationSettingsDescription shown;  // with OptionSettings
  Tags tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

// Status: Unprocessed (nobody asked), or Processing -> Processed | Failed by whether S3 has the bundle.
struct VersionRecord {
  ApplicationVersionDescription shown;
  Tags tags;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("tags", tags);
  }
};

// The other services' resources that an environment is made of; empty until made.
struct Resources {
  std::string balancer_group, instance_group;  // security groups
  std::string target_group_arn, load_balancer_arn, load_balancer_dns;
  std::map<std::string, std::string> listeners;  // port -> ARN
  std::string launch_template_id, launch_template_version, launch_template_hash;
  std::string group_name;  // Auto Scaling's
  std::vector<std::string> alarms;
  std::vector<std::string> schedules;  // names of the group's scheduled actions
  template <class V>
  void fields(V& v) {
    v("balancer_group", balancer_group);
    v("instance_group", instance_group);
    v("target_group_arn", target_group_arn);
    v("load_balancer_arn", load_balancer_arn);
    v("load_balancer_dns", load_balancer_dns);
    v("listeners", listeners);
    v("launch_template_id", launch_template_id);
    v("launch_template_version", launch_template_version);
    v("launch_template_hash", launch_template_hash);
    v("group_name", group_name);
    v("alarms", alarms);
    v("schedules", schedules);
  }
};

// Status: Launching -> Ready <-> Updating; any of them -> Terminating -> Terminated (shown for an hour).
// `applied`: the resources are as `settings` and the version want them; then the instances follow, one by
// one.
struct EnvironmentRecord {
  EnvironmentDescription shown;
  Settings settings;
  Tags tags;
  Resources resources;
  bool applied = false;
  bool new_version = false;         // the update under way changes the version (for its event)
  bool taking_down = false;         // Terminating: the Auto Scaling group has been told to go
  Timestamp progress_at;            // of the operation under way: its timeout runs from here
  std::vector<std::string> causes;  // why the health is what it is
  int64_t events = 0;               // numbers its events
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("settings", settings);
    v("tags", tags);
    v("resources", resources);
    v("applied", applied);
    v("new_version", new_version);
    v("taking_down", taking_down);
    v("progress_at", progress_at);
    v("causes", causes);
    v("events", events);
  }
};

struct EventRecord {
  EventDescription shown;
  std::string environment_id;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
    v("environment_id", environment_id);
  }
};

inline constexpr store::Table<ApplicationRecord> kApplications{"elasticbeanstalk.application"};  // id: name
inline constexpr store::Table<VersionRecord> kVersions{
    "elasticbeanstalk.version"};  // id: <application>/<label>
inline constexpr store::Table<TemplateRecord> kTemplates{
    "elasticbeanstalk.template"};  // id: <application>/<template>
inline constexpr store::Table<EnvironmentRecord> kEnvironments{"elasticbeanstalk.environment"};  // id: e-...
inline constexpr store::Table<EventRecord> kEvents{
    "elasticbeanstalk.event"};  // id: <ms, 15 digits>-<number>-<environment>
inline constexpr size_t kMaxEvents = 1000;
inline constexpr int64_t kTerminatedShownSeconds = 3600;
inline constexpr char kPrincipal[] = "elasticbeanstalk.amazonaws.com";

}  // namespace landfall::elasticbeanstalk
