// AWS::EC2::*: launch templates and instances.
#include <boost/json.hpp>

#include "services/cloudformation/types/ec2_common.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;
using json::object;

void add_launch_template(Registry& registry) {
  registry["AWS::EC2::LaunchTemplate"] = type_of({
      .create =
          [](Work& w, const object& p) {
            object input = pick(p, {"LaunchTemplateName", "LaunchTemplateData", "VersionDescription"});
            if (!p.contains("LaunchTemplateName")) input["LaunchTemplateName"] = w.generated_name(125);
            json::array specifications = tag_specifications(w, p, "launch-template");
            for (const auto& own : list_at(p, "TagSpecifications")) {
              auto& tags = specifications[0].as_object()["Tags"].as_array();
              for (const auto& tag : list_at(own.as_object(), "Tags")) tags.push_back(tag);
            }
            input["TagSpecifications"] = specifications;
            const object made = w.invoke("ec2", "CreateLaunchTemplate", input);
            const std::string id = text_at_path(made, "LaunchTemplate.LaunchTemplateId");
            return Model{
                .physical_id = id,
                .attributes = {
                    {"LaunchTemplateId", id}, {"LatestVersionNumber", "1"}, {"DefaultVersionNumber", "1"}}};
          },
      .remove =
          [](Work& w, const object&, const Model& m) {
            return gone_after(
                [&] { w.invoke("ec2", "DeleteLaunchTemplate", {{"LaunchTemplateId", m.physical_id}}); });
          },
      .fixed = {"LaunchTemplateName", "TagSpecifications"},
      .updatable = {"LaunchTemplateData", "VersionDescription"},
      .required = {"LaunchTemplateData"},
      .update =
          [](Work& w, const object&, const object& p, Model& m) {
            object input = pick(p, {"LaunchTemplateData", "VersionDescription"});
            input["LaunchTemplateId"] = m.physical_id;
            const object made = w.invoke("ec2", "CreateLaunchTemplateVersion", input);
            m.attributes["LatestVersionNumber"] = text_at_path(made, "LaunchTemplateVersion.VersionNumber");
          },
  });
}

object run_input(Work& w, const object& p) {
  object input = pick(
      p, {"ImageId", "InstanceType", "KeyName", "SecurityGroupIds", "SecurityGroups", "SubnetId", "UserData",
          "PrivateIpAddress", "LaunchTemplate", "BlockDeviceMappings", "MetadataOptions", "EbsOptimized",
          "DisableApiTermination", "InstanceInitiatedShutdownBehavior", "CreditSpecification", "CpuOptions"});
  if (p.contains("Monitoring")) input["Monitoring"] = object{{"Enabled", p.at("Monitoring")}};
  if (p.contains("NetworkInterfaces")) {
    json::array interfaces = list_at(p, "NetworkInterfaces");
    for (auto& entry : interfaces)
      if (object& interface = entry.as_object(); interface.contains("GroupSet")) {
        interface["Groups"] = interface.at("GroupSet");
        interface.erase("GroupSet");
      }
    input["NetworkInterfaces"] = interfaces;
  }
  input["MinCount"] = input["MaxCount"] = 1;
  if (const auto profile = text_at(p, "IamInstanceProfile"); !profile.empty())
    input["IamInstanceProfile"] = object{{"Name", profile}};
  object placement;
  if (const auto zone = text_at(p, "AvailabilityZone"); !zone.empty()) placement["AvailabilityZone"] = zone;
  if (const auto tenancy = text_at(p, "Tenancy"); !tenancy.empty()) placement["Tenancy"] = tenancy;
  if (!placement.empty()) input["Placement"] = placement;
  input["TagSpecifications"] = tag_specifications(w, p, "instance");
  return input;
}

void modify_instance(Work& w, const std::string& id, const char* attribute, json::value value) {
  object input{{"InstanceId", id}};
  input[attribute] = std::move(value);
  w.invoke("ec2", "ModifyInstanceAttribute", input);
}

object describe(Work& w, const std::string& id) {
  const object found = w.invoke("ec2", "DescribeInstances", {{"InstanceIds", {id}}});
  return value_at(found, "Reservations.0.Instances.0")->as_object();
}

void change_profile(Work& w, const std::string& id, const std::string& profile) {
  const object found = w.invoke("ec2", "DescribeIamInstanceProfileAssociations",
                                {{"Filters", {object{{"Name", "instance-id"}, {"Values", {id}}}}}});
  const std::string association = text_at_path(found, "IamInstanceProfileAssociations.0.AssociationId");
  const object named{{"Name", profile}};
  if (association.empty()) {
    w.invoke("ec2", "AssociateIamInstanceProfile", {{"InstanceId", id}, {"IamInstanceProfile", named}});
  } else if (profile.empty()) {
    w.invoke("ec2", "DisassociateIamInstanceProfile", {{"AssociationId", association}});
  } else {
    w.invoke("ec2", "ReplaceIamInstanceProfileAssociation",
             {{"AssociationId", association}, {"IamInstanceProfile", named}});
  }
}

// "Some interruptions": these want a stopped instance.
constexpr const char* kStoppedProperties[] = {"InstanceType", "UserData", "EbsOptimized"};

void update_ec2_instance(Work& w, const object& before, const object& p, Model& m) {
  const auto changed = [&](const char* name) {
    const auto *old = before.if_contains(name), *now = p.if_contains(name);
    return old == nullptr ? now != nullptr : now == nullptr || *old != *now;
  };
  if (changed("SecurityGroupIds") && p.contains("SecurityGroupIds"))
    modify_instance(w, m.physical_id, "Groups", p.at("SecurityGroupIds"));
  if (changed("DisableApiTermination"))
    modify_instance(w, m.physical_id, "DisableApiTermination",
                    object{{"Value", truth_at(p, "DisableApiTermination", false)}});
  if (changed("SourceDestCheck"))
    modify_instance(w, m.physical_id, "SourceDestCheck",
                    object{{"Value", truth_at(p, "SourceDestCheck", true)}});
  if (changed("InstanceInitiatedShutdownBehavior"))
    modify_instance(w, m.physical_id, "InstanceInitiatedShutdownBehavior",
                    object{{"Value", p.contains("InstanceInitiatedShutdownBehavior")
                                         ? text_at(p, "InstanceInitiatedShutdownBehavior")
                                         : "stop"}});
  if (changed("Monitoring"))
    w.invoke("ec2", truth_at(p, "Monitoring", false) ? "MonitorInstances" : "UnmonitorInstances",
             {{"InstanceIds", {m.physical_id}}});
  if (changed("IamInstanceProfile")) change_profile(w, m.physical_id, text_at(p, "IamInstanceProfile"));
  retag(w, before, p, m.physical_id);
  for (const char* name : kStoppedProperties)
    if (changed(name)) m.progress = "stop";
}

// model.progress: "stop" and "start" on the way of a change that wants a stopped instance.
bool settle_ec2_instance(Work& w, const object& p, Model& m) {
  const object instance = describe(w, m.physical_id);
  const std::string state = text_at_path(instance, "State.Name");
  const bool may_be_stopped = !m.progress.empty() && (state == "stopping" || state == "stopped");
  if (!may_be_stopped && state != "running" && state != "pending")
    throw ServiceError("NotStabilized", 400,
                       "Instance " + m.physical_id + " did not stabilize: it is " + state + " " +
                           text_at_path(instance, "StateReason.Message"));
  if (m.progress == "stop") {
    if (state == "running") w.invoke("ec2", "StopInstances", {{"InstanceIds", {m.physical_id}}});
    if (state != "stopped") return false;
    for (const char* name : kStoppedProperties)
      if (p.contains(name)) modify_instance(w, m.physical_id, name, object{{"Value", p.at(name)}});
    w.invoke("ec2", "StartInstances", {{"InstanceIds", {m.physical_id}}});
    m.progress = "start";
    return false;
  }
  m.attributes = {{"InstanceId", m.physical_id},
                  {"AvailabilityZone", text_at_path(instance, "Placement.AvailabilityZone")},
                  {"PrivateIp", text_at(instance, "PrivateIpAddress")},
                  {"PrivateDnsName", text_at(instance, "PrivateDnsName")},
                  {"PublicIp", text_at(instance, "PublicIpAddress")},
                  {"PublicDnsName", text_at(instance, "PublicDnsName")},
                  {"State.Name", state},
                  {"State.Code", text_at_path(instance, "State.Code")},
                  {"VpcId", text_at(instance, "VpcId")}};
  if (state != "running") return false;
  m.progress.clear();
  return true;
}

void add_ec2_instance(Registry& registry) {
  registry["AWS::EC2::Instance"] = type_of({
      .create =
          [](Work& w, const object& p) {
            const object made = w.invoke("ec2", "RunInstances", run_input(w, p));
            const std::string id = text_at_path(made, "Instances.0.InstanceId");
            if (p.contains("SourceDestCheck"))
              modify_instance(w, id, "SourceDestCheck",
                              object{{"Value", truth_at(p, "SourceDestCheck", true)}});
            return Model{.physical_id = id};
          },
      .settled = settle_ec2_instance,
      .remove =
          [](Work& w, const object&, const Model& m) {
            bool terminated = true;  // unless it is there to be asked
            const bool gone = gone_after([&] {
              w.invoke("ec2", "TerminateInstances", {{"InstanceIds", {m.physical_id}}});
              terminated = text_at_path(describe(w, m.physical_id), "State.Name") == "terminated";
            });
            return gone && terminated;
          },
      .fixed = {"ImageId", "KeyName", "SecurityGroups", "SubnetId", "PrivateIpAddress", "LaunchTemplate",
                "BlockDeviceMappings", "NetworkInterfaces", "MetadataOptions", "AvailabilityZone", "Tenancy",
                "CreditSpecification", "CpuOptions"},
      .updatable = {"InstanceType", "UserData", "EbsOptimized", "SecurityGroupIds", "DisableApiTermination",
                    "SourceDestCheck", "InstanceInitiatedShutdownBehavior", "Monitoring",
                    "IamInstanceProfile", "Tags"},
      .update = update_ec2_instance,
  });
}

}  // namespace

void add_ec2_instances(Registry& registry) {
  add_launch_template(registry);
  add_ec2_instance(registry);
}

}  // namespace landfall::cloudformation
