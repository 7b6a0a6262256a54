// The instance types that Landfall offers: AWS's names and sizes, which become limits of memory and CPU.
// Facts, no state. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace landfall::ec2 {

enum class Architecture { x86_64, arm64 };

struct InstanceTypeFacts {
  std::string_view name;
  int64_t vcpus;
  int64_t memory_mib;
  Architecture architecture;
  bool burstable;
  int64_t max_interfaces;
  int64_t addresses_per_interface;
};

std::span<const InstanceTypeFacts> all_instance_types();             // sorted by name
const InstanceTypeFacts* find_instance_type(std::string_view name);  // null if unknown

}  // namespace landfall::ec2
