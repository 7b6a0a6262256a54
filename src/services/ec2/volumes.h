// Volumes: an instance's root volume, by its mapping.
// https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html
#pragma once

#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/images.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

// Throws for a device that is not the image's root, or a snapshot that is not the image's.
void check_block_devices(const std::vector<BlockDeviceMapping>& mappings, const ImageFacts& image);
void take_root_settings(VolumeRecord& volume, const EbsBlockDevice& ebs);
// Throws InvalidParameterValue for a type, size, IOPS or throughput that no such volume has.
void check_volume(const VolumeRecord& volume);

}  // namespace landfall::ec2
