#include "services/ec2/instance_types.h"

#include <algorithm>

namespace landfall::ec2 {

static constexpr Architecture kX86 = Architecture::x86_64, kArm = Architecture::arm64;

static constexpr InstanceTypeFacts kTypes[] = {
    {"c5.2xlarge", 8, 16384, kX86, false, 4, 15},  {"c5.4xlarge", 16, 32768, kX86, false, 8, 30},
    {"c5.large", 2, 4096, kX86, false, 3, 10},     {"c5.xlarge", 4, 8192, kX86, false, 4, 15},
    {"c6g.large", 2, 4096, kArm, false, 3, 10},    {"c6g.medium", 1, 2048, kArm, false, 2, 4},
    {"c6i.large", 2, 4096, kX86, false, 3, 10},    {"m5.2xlarge", 8, 32768, kX86, false, 4, 15},
    {"m5.4xlarge", 16, 65536, kX86, false, 8, 30}, {"m5.large", 2, 8192, kX86, false, 3, 10},
    {"m5.xlarge", 4, 16384, kX86, false, 4, 15},   {"m6g.large", 2, 8192, kArm, false, 3, 10},
    {"m6i.large", 2, 8192, kX86, false, 3, 10},    {"m6i.xlarge", 4, 16384, kX86, false, 4, 15},
    {"r5.large", 2, 16384, kX86, false, 3, 10},    {"r5.xlarge", 4, 32768, kX86, false, 4, 15},
    {"t2.2xlarge", 8, 32768, kX86, true, 3, 15},   {"t2.large", 2, 8192, kX86, true, 3, 12},
    {"t2.medium", 2, 4096, kX86, true, 3, 6},      {"t2.micro", 1, 1024, kX86, true, 2, 2},
    {"t2.nano", 1, 512, kX86, true, 2, 2},         {"t2.small", 1, 2048, kX86, true, 3, 4},
    {"t2.xlarge", 4, 16384, kX86, true, 3, 15},    {"t3.2xlarge", 8, 32768, kX86, true, 4, 15},
    {"t3.large", 2, 8192, kX86, true, 3, 12},      {"t3.medium", 2, 4096, kX86, true, 3, 6},
    {"t3.micro", 2, 1024, kX86, true, 2, 2},       {"t3.nano", 2, 512, kX86, true, 2, 2},
    {"t3.small", 2, 2048, kX86, true, 3, 4},       {"t3.xlarge", 4, 16384, kX86, true, 4, 15},
    {"t3a.2xlarge", 8, 32768, kX86, true, 4, 15},  {"t3a.large", 2, 8192, kX86, true, 3, 12},
    {"t3a.medium", 2, 4096, kX86, true, 3, 6},     {"t3a.micro", 2, 1024, kX86, true, 2, 2},
    {"t3a.nano", 2, 512, kX86, true, 2, 2},        {"t3a.small", 2, 2048, kX86, true, 2, 4},
    {"t3a.xlarge", 4, 16384, kX86, true, 4, 15},   {"t4g.2xlarge", 8, 32768, kArm, true, 4, 15},
    {"t4g.large", 2, 8192, kArm, true, 3, 12},     {"t4g.medium", 2, 4096, kArm, true, 3, 6},
    {"t4g.micro", 2, 1024, kArm, true, 2, 2},      {"t4g.nano", 2, 512, kArm, true, 2, 2},
    {"t4g.small", 2, 2048, kArm, true, 3, 4},      {"t4g.xlarge", 4, 16384, kArm, true, 4, 15},
};
static_assert(std::ranges::is_sorted(kTypes, {}, &InstanceTypeFacts::name));

std::span<const InstanceTypeFacts> all_instance_types() { return kTypes; }

const InstanceTypeFacts* find_instance_type(std::string_view name) {
  const auto found = std::ranges::lower_bound(kTypes, name, {}, &InstanceTypeFacts::name);
  return found != std::end(kTypes) && found->name == name ? found : nullptr;
}

}  // namespace landfall::ec2
