#include "ec2/operations.h"
#include "services/ec2/launch_templates.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {
// The source version's data, with what the request says in its place.
ResponseLaunchTemplateData on_top_of(ResponseLaunchTemplateData source,
                                     const ResponseLaunchTemplateData& data) {
  const auto take = [](auto& to, const auto& from) {
    if constexpr (requires { from.has_value(); }) {
      if (from.has_value()) to = from;
    } else {
      if (!from.empty()) to = from;
    }
  };
  take(source.KernelId, data.KernelId);
  take(source.EbsOptimized, data.EbsOptimized);
  take(source.IamInstanceProfile, data.IamInstanceProfile);
  take(source.BlockDeviceMappings, data.BlockDeviceMappings);
  take(source.NetworkInterfaces, data.NetworkInterfaces);
  take(source.ImageId, data.ImageId);
  take(source.InstanceType, data.InstanceType);
  take(source.KeyName, data.KeyName);
  take(source.Monitoring, data.Monitoring);
  take(source.Placement, data.Placement);
  take(source.RamDiskId, data.RamDiskId);
  take(source.DisableApiTermination, data.DisableApiTermination);
  take(source.InstanceInitiatedShutdownBehavior, data.InstanceInitiatedShutdownBehavior);
  take(source.UserData, data.UserData);
  take(source.TagSpecifications, data.TagSpecifications);
  take(source.SecurityGroupIds, data.SecurityGroupIds);
  take(source.SecurityGroups, data.SecurityGroups);
  take(source.InstanceMarketOptions, data.InstanceMarketOptions);
  take(source.CreditSpecification, data.CreditSpecification);
  take(source.CpuOptions, data.CpuOptions);
  take(source.CapacityReservationSpecification, data.CapacityReservationSpecification);
  take(source.NetworkPerformanceOptions, data.NetworkPerformanceOptions);
  take(source.HibernationOptions, data.HibernationOptions);
  take(source.MetadataOptions, data.MetadataOptions);
  take(source.EnclaveOptions, data.EnclaveOptions);
  take(source.InstanceRequirements, data.InstanceRequirements);
  take(source.PrivateDnsNameOptions, data.PrivateDnsNameOptions);
  take(source.MaintenanceOptions, data.MaintenanceOptions);
  take(source.DisableApiStop, data.DisableApiStop);
  return source;
}
}  // namespace

CreateLaunchTemplateVersionResult CreateLaunchTemplateVersion(Call& call,
                                                              const CreateLaunchTemplateVersionRequest& in) {
  LaunchTemplateRecord record = *require_template(call, {in.LaunchTemplateId, in.LaunchTemplateName});
  if (!in.LaunchTemplateData) throw_missing("LaunchTemplateData");
  LaunchTemplateVersionRecord version;
  version.data = checked_data(call, *in.LaunchTemplateData);
  if (in.SourceVersion)
    version.data = on_top_of(require_version(record, *in.SourceVersion).data, version.data);
  version.number = ++record.latest_version;
  version.description = in.VersionDescription.value_or("");
  version.created_by = call.caller.arn.empty() ? call.caller.service : call.caller.arn;
  version.created_at = call.now;
  record.versions.push_back(version);
  rows(call, kLaunchTemplates).put(record.launch_template_id, record);
  CreateLaunchTemplateVersionResult out;
  out.LaunchTemplateVersion = render_version(record, version);
  return out;
}

}  // namespace landfall::ec2
