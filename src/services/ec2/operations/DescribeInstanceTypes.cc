#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

InstanceTypeInfo render_type(const InstanceTypeFacts& facts) {
  InstanceTypeInfo out;
  out.InstanceType = std::string(facts.name);
  out.CurrentGeneration = true;
  out.FreeTierEligible = facts.name == "t2.micro" || facts.name == "t3.micro";
  out.SupportedUsageClasses = {"on-demand"};
  out.SupportedRootDeviceTypes = {"ebs"};
  out.SupportedVirtualizationTypes = {"hvm"};
  out.BareMetal = false;
  out.Hypervisor = facts.name.starts_with("t2") ? "xen" : "nitro";
  const bool arm = facts.architecture == Architecture::arm64;
  out.ProcessorInfo.emplace().SupportedArchitectures = {arm ? "arm64" : "x86_64"};
  VCpuInfo& cpu = out.VCpuInfo.emplace();
  cpu.DefaultVCpus = facts.vcpus;
  cpu.DefaultThreadsPerCore = arm || facts.vcpus == 1 ? 1 : 2;
  cpu.DefaultCores = facts.vcpus / *cpu.DefaultThreadsPerCore;
  out.MemoryInfo.emplace().SizeInMiB = facts.memory_mib;
  out.InstanceStorageSupported = false;
  EbsInfo& ebs = out.EbsInfo.emplace();
  ebs.EbsOptimizedSupport = facts.name.starts_with("t2") ? "unsupported" : "default";
  ebs.EncryptionSupport = "supported";
  NetworkInfo& network = out.NetworkInfo.emplace();
  network.NetworkPerformance = "Up to 5 Gigabit";
  network.MaximumNetworkInterfaces = facts.max_interfaces;
  network.MaximumNetworkCards = 1;
  network.DefaultNetworkCardIndex = 0;
  network.Ipv4AddressesPerInterface = facts.addresses_per_interface;
  network.Ipv6Supported = false;
  network.EnaSupport = "supported";
  out.PlacementGroupInfo.emplace().SupportedStrategies = {"partition", "spread"};
  out.HibernationSupported = false;
  out.BurstablePerformanceSupported = facts.burstable;
  out.DedicatedHostsSupported = false;
  out.AutoRecoverySupported = false;
  out.SupportedBootModes = {"legacy-bios", "uefi"};
  return out;
}

FilterFields<InstanceTypeFacts> type_fields() {
  using T = InstanceTypeFacts;
  return {
      {"bare-metal", [](const T&, Values& out) { out.push_back("false"); }},
      {"burstable-performance-supported",
       [](const T& t, Values& out) { out.push_back(text_of(t.burstable)); }},
      {"current-generation", [](const T&, Values& out) { out.push_back("true"); }},
      {"free-tier-eligible",
       [](const T& t, Values& out) { out.push_back(text_of(t.name == "t2.micro" || t.name == "t3.micro")); }},
      {"hypervisor",
       [](const T& t, Values& out) { out.push_back(t.name.starts_with("t2") ? "xen" : "nitro"); }},
      {"instance-storage-supported", [](const T&, Values& out) { out.push_back("false"); }},
      {"instance-type", [](const T& t, Values& out) { out.emplace_back(t.name); }},
      {"memory-info.size-in-mib",
       [](const T& t, Values& out) { out.push_back(std::to_string(t.memory_mib)); }},
      {"processor-info.supported-architecture",
       [](const T& t, Values& out) {
         out.push_back(t.architecture == Architecture::arm64 ? "arm64" : "x86_64");
       }},
      {"supported-root-device-type", [](const T&, Values& out) { out.push_back("ebs"); }},
      {"supported-usage-class", [](const T&, Values& out) { out.push_back("on-demand"); }},
      {"supported-virtualization-type", [](const T&, Values& out) { out.push_back("hvm"); }},
      {"vcpu-info.default-vcpus", [](const T& t, Values& out) { out.push_back(std::to_string(t.vcpus)); }},
  };
}

}  // namespace

DescribeInstanceTypesResult DescribeInstanceTypes(Call&, const DescribeInstanceTypesRequest& in) {
  for (const std::string& name : in.InstanceTypes) {
    if (find_instance_type(name) == nullptr)
      throw_error("InvalidInstanceType",
                  fmt::format("The following supplied instance types do not exist: [{}]", name));
  }
  std::vector<std::pair<std::string, InstanceTypeInfo>> chosen;
  for (const InstanceTypeFacts& facts : all_instance_types()) {
    if (!in.InstanceTypes.empty() &&
        std::ranges::find(in.InstanceTypes, facts.name) == in.InstanceTypes.end())
      continue;
    if (matches_filters(in.Filters, type_fields(), facts, [] { return TagMap{}; }))
      chosen.emplace_back(facts.name, render_type(facts));
  }
  DescribeInstanceTypesResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (auto& [name, info] : chosen) out.InstanceTypes.push_back(std::move(info));
  return out;
}

}  // namespace landfall::ec2
