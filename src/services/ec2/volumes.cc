#include "services/ec2/volumes.h"

#include <algorithm>

#include "services/ec2/resources.h"

namespace landfall::ec2 {
namespace {

struct VolumeType {
  std::string_view name;
  int64_t least_gib, most_gib;
  int64_t least_iops, most_iops;  // 0: they cannot be chosen
  int64_t most_throughput;        // 0: it cannot be chosen
};
constexpr int64_t kLeastThroughput = 125;
// The root volume of an image: magnetic and throughput-optimised ones cannot be booted from, but "standard".
constexpr VolumeType kVolumeTypes[] = {{"gp3", 1, 65536, 3000, 80'000, 2000},
                                       {"gp2", 1, 16384, 0, 0, 0},
                                       {"io1", 4, 16384, 100, 64'000, 0},
                                       {"io2", 4, 65536, 100, 256'000, 0},
                                       {"standard", 1, 1024, 0, 0, 0}};
constexpr int64_t kSnapshotGib = 8;  // of every image in the catalogue

const VolumeType* find_volume_type(std::string_view name) {
  const auto* found = std::ranges::find(kVolumeTypes, name, &VolumeType::name);
  return found == std::end(kVolumeTypes) ? nullptr : found;
}

}  // namespace

void check_block_devices(const std::vector<BlockDeviceMapping>& mappings, const ImageFacts& image) {
  for (const BlockDeviceMapping& mapping : mappings) {
    const std::string device = mapping.DeviceName.value_or("");
    if (device != image.root_device)
      throw_error(
          "UnsupportedOperation",
          fmt::format("The parameter BlockDeviceMappings ({}) is not supported: an instance has its root "
                      "volume only, which is {} of image {}.",
                      device, image.root_device, image.id));
    if (mapping.Ebs && mapping.Ebs->SnapshotId.value_or(std::string(image.snapshot_id)) != image.snapshot_id)
      throw_error("InvalidBlockDeviceMapping",
                  fmt::format("The snapshot of the root device is that of the image, {}", image.snapshot_id));
  }
}

void take_root_settings(VolumeRecord& volume, const EbsBlockDevice& ebs) {
  if (ebs.VolumeType && *ebs.VolumeType != volume.type) {
    volume.type = *ebs.VolumeType;
    volume.iops = volume.type == "gp3" ? 3000 : 0;
    volume.throughput = volume.type == "gp3" ? kLeastThroughput : 0;
  }
  if (ebs.VolumeSize) volume.size_gib = *ebs.VolumeSize;
  if (ebs.Iops) volume.iops = *ebs.Iops;
  if (ebs.Throughput) volume.throughput = *ebs.Throughput;
  if (ebs.DeleteOnTermination) volume.delete_on_termination = *ebs.DeleteOnTermination;
  if (ebs.Encrypted) volume.encrypted = *ebs.Encrypted;
}

void check_volume(const VolumeRecord& volume) {
  const VolumeType* type = find_volume_type(volume.type);
  if (type == nullptr)
    throw_error("UnknownVolumeType",
                fmt::format("Unsupported volume type '{}' for volume creation.", volume.type));
  if (volume.size_gib < kSnapshotGib)
    throw_error("InvalidBlockDeviceMapping",
                fmt::format("Volume of size {}GB is smaller than snapshot '{}', expect size >= {}GB",
                            volume.size_gib, volume.snapshot_id, kSnapshotGib));
  if (volume.size_gib > type->most_gib)
    throw_invalid(fmt::format("Volume of {}GiB is too large for volume type {}; maximum is {}GiB.",
                              volume.size_gib, volume.type, type->most_gib));
  if (type->most_iops == 0 && volume.iops > 0)
    throw_error("InvalidParameterCombination",
                fmt::format("The parameter iops is not supported for {} volumes.", volume.type));
  if (type->most_iops > 0 && volume.iops == 0)
    throw_error("MissingParameter",
                fmt::format("The parameter iops must be specified for {} volumes.", volume.type));
  if (type->most_iops > 0 && (volume.iops < type->least_iops || volume.iops > type->most_iops))
    throw_invalid(fmt::format("Volume iops of {} is not valid; it must be between {} and {} for {} volumes.",
                              volume.iops, type->least_iops, type->most_iops, volume.type));
  if (type->most_throughput == 0 && volume.throughput > 0)
    throw_error("InvalidParameterCombination",
                fmt::format("The parameter throughput is not supported for {} volumes.", volume.type));
  if (type->most_throughput > 0 &&
      (volume.throughput < kLeastThroughput || volume.throughput > type->most_throughput))
    throw_invalid(fmt::format("Throughput of {} is not valid; it must be between {} and {} MiB/s.",
                              volume.throughput, kLeastThroughput, type->most_throughput));
}

}  // namespace landfall::ec2
