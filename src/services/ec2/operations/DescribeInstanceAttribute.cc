#include "base/encoding.h"
#include "ec2/operations.h"
#include "services/ec2/instances.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

InstanceAttribute DescribeInstanceAttribute(Call& call, const DescribeInstanceAttributeRequest& in) {
  const auto instance = require_instance(call, in.InstanceId);
  const Instance shown = render(call, *instance);
  InstanceAttribute out;
  out.InstanceId = instance->instance_id;
  const std::string attribute = in.Attribute.value_or("");
  if (attribute == "instanceType") {
    out.InstanceType.emplace().Value = instance->instance_type;
  } else if (attribute == "userData") {
    out.UserData.emplace();
    if (!instance->user_data.empty()) out.UserData->Value = to_base64(instance->user_data.reveal());
  } else if (attribute == "disableApiTermination") {
    out.DisableApiTermination.emplace().Value = instance->disable_api_termination;
  } else if (attribute == "disableApiStop") {
    out.DisableApiStop.emplace().Value = instance->disable_api_stop;
  } else if (attribute == "instanceInitiatedShutdownBehavior") {
    out.InstanceInitiatedShutdownBehavior.emplace().Value = instance->shutdown_behavior;
  } else if (attribute == "rootDeviceName") {
    out.RootDeviceName.emplace().Value = shown.RootDeviceName;
  } else if (attribute == "blockDeviceMapping") {
    out.BlockDeviceMappings = shown.BlockDeviceMappings;
  } else if (attribute == "groupSet") {
    out.Groups = shown.SecurityGroups;
  } else if (attribute == "sourceDestCheck") {
    out.SourceDestCheck.emplace().Value = shown.SourceDestCheck.value_or(true);
  } else if (attribute == "ebsOptimized") {
    out.EbsOptimized.emplace().Value = instance->ebs_optimized;
  } else if (attribute == "enaSupport") {
    out.EnaSupport.emplace().Value = true;
  } else if (attribute == "enclaveOptions") {
    out.EnclaveOptions.emplace().Enabled = false;
  } else if (attribute == "kernel" || attribute == "ramdisk" || attribute == "productCodes" ||
             attribute == "sriovNetSupport") {
    // Nothing to say of these.
  } else {
    throw_invalid(
        fmt::format("Value ({}) for parameter attribute is invalid. Unknown attribute.", attribute));
  }
  return out;
}

}  // namespace landfall::ec2
