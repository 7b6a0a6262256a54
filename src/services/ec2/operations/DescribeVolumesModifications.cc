#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// The last modification of each volume that had one: it was complete at once.
DescribeVolumesModificationsResult DescribeVolumesModifications(
    Call& call, const DescribeVolumesModificationsRequest& in) {
  const FilterFields<VolumeRecord> fields{
      {"modification-state", [](const VolumeRecord&, Values& out) { out.push_back("completed"); }},
      {"target-size", [](const VolumeRecord& v, Values& out) { out.push_back(std::to_string(v.size_gib)); }},
      {"target-volume-type", [](const VolumeRecord& v, Values& out) { out.push_back(v.type); }},
      {"volume-id", [](const VolumeRecord& v, Values& out) { out.push_back(v.volume_id); }},
  };
  const auto page = describe(call, kVolumes, query_of(in, in.VolumeIds), fields);
  DescribeVolumesModificationsResult out;
  for (const auto& [id, volume] : page.rows) {
    if (volume->modified_at.unix_ms == 0) continue;
    VolumeModification& shown = out.VolumesModifications.emplace_back();
    shown.VolumeId = id;
    shown.ModificationState = "completed";
    shown.TargetSize = volume->size_gib;
    shown.TargetVolumeType = volume->type;
    shown.Progress = 100;
    shown.StartTime = shown.EndTime = volume->modified_at;
  }
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
