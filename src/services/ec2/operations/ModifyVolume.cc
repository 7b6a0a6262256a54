#include "ec2/operations.h"
#include "services/ec2/resources.h"
#include "services/ec2/volumes.h"

namespace landfall::ec2 {

namespace {
int64_t checked_size(const ModifyVolumeRequest& in, const VolumeRecord& volume) {
  const int64_t size = in.Size.value_or(volume.size_gib);
  if (size < volume.size_gib)
    throw_invalid(fmt::format("New size cannot be smaller than existing size ({} GiB)", volume.size_gib));
  if (size > 16384) throw_invalid(fmt::format("Volume of {}GiB is too large; maximum is 16384GiB.", size));
  return size;
}
}  // namespace

ModifyVolumeResult ModifyVolume(Call& call, const ModifyVolumeRequest& in) {
  VolumeRecord volume = *require(call, kVolumes, in.VolumeId.value_or(""));
  ModifyVolumeResult out;
  VolumeModification& shown = out.VolumeModification.emplace();
  shown.VolumeId = volume.volume_id;
  shown.OriginalSize = volume.size_gib;
  shown.OriginalVolumeType = volume.type;
  volume.size_gib = checked_size(in, volume);
  if (in.MultiAttachEnabled.value_or(false))
    throw_error("UnsupportedOperation", "MultiAttachEnabled is of volumes of the types io1 and io2 only");
  EbsBlockDevice change;
  change.VolumeType = in.VolumeType;
  change.Iops = in.Iops;
  change.Throughput = in.Throughput;
  take_root_settings(volume, change);
  check_volume(volume);
  volume.modified_at = call.now;
  shown.TargetSize = volume.size_gib;
  shown.TargetVolumeType = volume.type;
  shown.ModificationState = "completed";
  shown.Progress = 100;
  shown.StartTime = shown.EndTime = call.now;
  rows(call, kVolumes).put(volume.volume_id, volume);
  return out;
}

}  // namespace landfall::ec2
