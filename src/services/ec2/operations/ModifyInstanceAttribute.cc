#include "ec2/operations.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/instances.h"
#include "services/ec2/network.h"
#include "services/ec2/refused.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

void require_stopped(const InstanceRecord& instance, std::string_view attribute) {
  if (instance.state != LifeState::stopped)
    throw_error("IncorrectInstanceState",
                fmt::format("The instance '{}' is not in the 'stopped' state: its {} cannot be changed.",
                            instance.instance_id, attribute));
}

void change_interface(Call& call, const InstanceRecord& instance, const ModifyInstanceAttributeRequest& in) {
  if (in.Groups.empty() && !in.SourceDestCheck) return;
  InterfaceRecord interface = *require(call, kInterfaces, instance.interface_id);
  if (!in.Groups.empty()) {
    check_groups(call, in.Groups, interface.vpc_id, interface.subnet_id);
    interface.group_ids = in.Groups;
  }
  if (in.SourceDestCheck) interface.source_dest_check = in.SourceDestCheck->Value.value_or(true);
  put_interface(call, std::move(interface));
}

// Whether the volume outlives the instance; nothing else of a mapping can be changed.
void change_block_devices(Call& call, const InstanceRecord& instance,
                          const ModifyInstanceAttributeRequest& in) {
  for (const InstanceBlockDeviceMappingSpecification& mapping : in.BlockDeviceMappings) {
    VolumeRecord volume = *require(call, kVolumes, instance.volume_id);
    if (mapping.DeviceName.value_or("") != volume.device)
      throw_error("InvalidInstanceAttributeValue",
                  fmt::format("No device is currently mapped at {}", mapping.DeviceName.value_or("")));
    if (mapping.Ebs)
      volume.delete_on_termination = mapping.Ebs->DeleteOnTermination.value_or(volume.delete_on_termination);
    rows(call, kVolumes).put(volume.volume_id, volume);
  }
}

// The older form: Attribute and Value.
ModifyInstanceAttributeRequest in_new_form(ModifyInstanceAttributeRequest in) {
  if (!in.Attribute || !in.Value) return in;
  const bool yes = *in.Value == "true";
  if (*in.Attribute == "instanceType") in.InstanceType.emplace().Value = in.Value;
  if (*in.Attribute == "disableApiTermination") in.DisableApiTermination.emplace().Value = yes;
  if (*in.Attribute == "disableApiStop") in.DisableApiStop.emplace().Value = yes;
  if (*in.Attribute == "instanceInitiatedShutdownBehavior")
    in.InstanceInitiatedShutdownBehavior.emplace().Value = in.Value;
  if (*in.Attribute == "sourceDestCheck") in.SourceDestCheck.emplace().Value = yes;
  if (*in.Attribute == "ebsOptimized") in.EbsOptimized.emplace().Value = yes;
  return in;
}

}  // namespace

aws::Empty ModifyInstanceAttribute(Call& call, const ModifyInstanceAttributeRequest& request) {
  const ModifyInstanceAttributeRequest in = in_new_form(request);
  refuse(in, kModifyInstanceRefusals);
  InstanceRecord instance = *require_instance(call, in.InstanceId);
  if (instance.state == LifeState::terminated || instance.state == LifeState::shutting_down)
    throw_error("IncorrectInstanceState",
                fmt::format("The instance '{}' is not in a state from which it can be modified.",
                            instance.instance_id));
  if (in.InstanceType) {
    require_stopped(instance, "instanceType");
    const std::string type = in.InstanceType->Value.value_or("");
    if (find_instance_type(type) == nullptr)
      throw_invalid(fmt::format("Invalid value '{}' for InstanceType.", type));
    if (type != instance.instance_type)  // its CPU options are the new type's own again, as on EC2
      instance.settings.core_count = instance.settings.threads_per_core = 0;
    instance.instance_type = type;
  }
  if (in.UserData) {
    require_stopped(instance, "userData");
    instance.user_data = Secret(in.UserData->Value.value_or(""));  // a blob: the codec has decoded it
  }
  if (in.DisableApiTermination)
    instance.disable_api_termination = in.DisableApiTermination->Value.value_or(false);
  if (in.DisableApiStop) instance.disable_api_stop = in.DisableApiStop->Value.value_or(false);
  if (in.InstanceInitiatedShutdownBehavior)
    instance.shutdown_behavior = in.InstanceInitiatedShutdownBehavior->Value.value_or("stop");
  if (in.EbsOptimized) instance.ebs_optimized = in.EbsOptimized->Value.value_or(false);
  change_interface(call, instance, in);
  change_block_devices(call, instance, in);
  put_instance(call, instance);
  publish_metadata(call, instance.vpc_id);
  return {};
}

}  // namespace landfall::ec2
