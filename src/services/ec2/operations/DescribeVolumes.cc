#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

Volume render_volume(const Call& call, const VolumeRecord& volume) {
  Volume out;
  out.Tags = rendered_tags(call, volume.volume_id);
  out.VolumeType = volume.type;
  out.MultiAttachEnabled = false;
  out.VolumeId = volume.volume_id;
  out.Size = volume.size_gib;
  out.SnapshotId = volume.snapshot_id;
  out.AvailabilityZone = volume.availability_zone;
  out.State = "in-use";
  out.CreateTime = volume.created_at;
  out.Encrypted = volume.encrypted;
  if (volume.iops > 0) out.Iops = volume.iops;
  if (volume.type == "gp3") out.Throughput = volume.throughput;
  VolumeAttachment& attachment = out.Attachments.emplace_back();
  attachment.DeleteOnTermination = volume.delete_on_termination;
  attachment.VolumeId = volume.volume_id;
  attachment.InstanceId = volume.instance_id;
  attachment.Device = volume.device;
  attachment.State = "attached";
  attachment.AttachTime = volume.created_at;
  return out;
}

FilterFields<VolumeRecord> volume_fields() {
  using V = VolumeRecord;
  return {
      {"attachment.attach-time",
       [](const V& v, Values& out) { out.push_back(format_iso8601(v.created_at)); }},
      {"attachment.delete-on-termination",
       [](const V& v, Values& out) { out.push_back(text_of(v.delete_on_termination)); }},
      {"attachment.device", [](const V& v, Values& out) { out.push_back(v.device); }},
      {"attachment.instance-id", [](const V& v, Values& out) { out.push_back(v.instance_id); }},
      {"attachment.status", [](const V&, Values& out) { out.push_back("attached"); }},
      {"availability-zone", [](const V& v, Values& out) { out.push_back(v.availability_zone); }},
      {"create-time", [](const V& v, Values& out) { out.push_back(format_iso8601(v.created_at)); }},
      {"encrypted", [](const V& v, Values& out) { out.push_back(text_of(v.encrypted)); }},
      {"size", [](const V& v, Values& out) { out.push_back(std::to_string(v.size_gib)); }},
      {"snapshot-id", [](const V& v, Values& out) { out.push_back(v.snapshot_id); }},
      {"status", [](const V&, Values& out) { out.push_back("in-use"); }},
      {"volume-id", [](const V& v, Values& out) { out.push_back(v.volume_id); }},
      {"volume-type", [](const V& v, Values& out) { out.push_back(v.type); }},
  };
}

}  // namespace

DescribeVolumesResult DescribeVolumes(Call& call, const DescribeVolumesRequest& in) {
  const auto page = describe(call, kVolumes, query_of(in, in.VolumeIds), volume_fields());
  DescribeVolumesResult out;
  for (const auto& [id, record] : page.rows) out.Volumes.push_back(render_volume(call, *record));
  out.NextToken = page.next_token;
  return out;
}

}  // namespace landfall::ec2
