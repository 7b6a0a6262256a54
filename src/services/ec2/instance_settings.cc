#include "services/ec2/instance_settings.h"

#include <algorithm>
#include <initializer_list>

#include "services/ec2/resources.h"

namespace landfall::ec2 {
namespace {

std::string one_of(const std::string& value, const char* parameter,
                   std::initializer_list<std::string_view> allowed) {
  if (std::ranges::find(allowed, value) == allowed.end())
    throw_invalid(fmt::format("Value ({}) for parameter {} is invalid. Valid values are {}.", value,
                              parameter, fmt::join(allowed, ", ")));
  return value;
}

// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cpu-options-supported-instances-values.html
void take_cpu(InstanceSettingsRecord& out, const CpuOptionsRequest& cpu, const InstanceTypeFacts& type) {
  if (!cpu.CoreCount && !cpu.ThreadsPerCore) return;
  const bool threads = type.architecture == Architecture::x86_64 && type.vcpus > 1;
  const int64_t cores = threads ? type.vcpus / 2 : type.vcpus;
  if (!cpu.CoreCount || !cpu.ThreadsPerCore)
    throw_error("InvalidParameterCombination", "CoreCount and ThreadsPerCore must be specified together");
  if (*cpu.CoreCount < 1 || *cpu.CoreCount > cores)
    throw_invalid(fmt::format("CpuOptions: CoreCount {} is not supported by instance type {}, which has {}",
                              *cpu.CoreCount, type.name, cores));
  if (*cpu.ThreadsPerCore < 1 || *cpu.ThreadsPerCore > (threads ? 2 : 1))
    throw_invalid(fmt::format("CpuOptions: ThreadsPerCore {} is not supported by instance type {}",
                              *cpu.ThreadsPerCore, type.name));
  out.core_count = *cpu.CoreCount;
  out.threads_per_core = *cpu.ThreadsPerCore;
}

}  // namespace

std::string checked_credits(const std::string& credits) {
  return one_of(credits, "cpuCredits", {"standard", "unlimited"});
}
std::string checked_recovery(const std::string& recovery) {
  return one_of(recovery, "autoRecovery", {"default", "disabled"});
}
std::string checked_capacity(const std::string& preference) {
  return one_of(preference, "capacityReservationPreference", {"open", "none"});
}

std::string checked_hostname_type(const std::string& type) {
  return one_of(type, "hostnameType", {"ip-name", "resource-name"});
}

InstanceSettingsRecord settings_of(const RunInstancesRequest& in, const InstanceTypeFacts& type) {
  InstanceSettingsRecord out;
  if (in.CreditSpecification && in.CreditSpecification->CpuCredits) {
    if (!type.burstable)
      throw_invalid(fmt::format("The instance type {} does not support CPU credits", type.name));
    out.cpu_credits = checked_credits(*in.CreditSpecification->CpuCredits);
  }
  if (in.CpuOptions) take_cpu(out, *in.CpuOptions, type);
  if (in.Placement && in.Placement->Tenancy)
    out.tenancy = one_of(*in.Placement->Tenancy, "tenancy", {"default", "dedicated"});
  if (const auto& capacity = in.CapacityReservationSpecification;
      capacity && capacity->CapacityReservationPreference)
    out.capacity_reservation = checked_capacity(*capacity->CapacityReservationPreference);
  if (in.MaintenanceOptions && in.MaintenanceOptions->AutoRecovery)
    out.auto_recovery = checked_recovery(*in.MaintenanceOptions->AutoRecovery);
  if (const auto& names = in.PrivateDnsNameOptions) {
    if (names->HostnameType) out.hostname_type = checked_hostname_type(*names->HostnameType);
    out.resource_name_a_record = names->EnableResourceNameDnsARecord.value_or(false);
  }
  return out;
}

std::string cpu_credits_of(const InstanceRecord& instance) {
  if (!instance.settings.cpu_credits.empty()) return instance.settings.cpu_credits;
  return instance.instance_type.starts_with("t2.") ? "standard" : "unlimited";
}

}  // namespace landfall::ec2
