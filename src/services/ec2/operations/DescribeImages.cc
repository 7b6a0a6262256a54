#include "ec2/operations.h"
#include "services/ec2/describe.h"
#include "services/ec2/images.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

namespace {

Image render_image(const ImageFacts& facts) {
  Image out;
  out.PlatformDetails = "Linux/UNIX";
  out.UsageOperation = "RunInstances";
  BlockDeviceMapping& mapping = out.BlockDeviceMappings.emplace_back();
  mapping.DeviceName = std::string(facts.root_device);
  EbsBlockDevice& ebs = mapping.Ebs.emplace();
  ebs.DeleteOnTermination = true;
  ebs.Iops = 3000;
  ebs.SnapshotId = std::string(facts.snapshot_id);
  ebs.VolumeSize = 8;
  ebs.VolumeType = "gp3";
  ebs.Throughput = 125;
  ebs.Encrypted = false;
  out.Description = std::string(facts.description);
  out.EnaSupport = true;
  out.Hypervisor = "xen";
  if (!facts.owner_alias.empty()) out.ImageOwnerAlias = std::string(facts.owner_alias);
  out.Name = std::string(facts.name);
  out.RootDeviceName = std::string(facts.root_device);
  out.RootDeviceType = "ebs";
  out.SriovNetSupport = "simple";
  out.VirtualizationType = "hvm";
  out.BootMode = "uefi-preferred";
  out.ImdsSupport = "v2.0";
  out.ImageId = std::string(facts.id);
  out.ImageLocation = std::string(facts.owner_alias.empty() ? facts.owner_id : facts.owner_alias) + "/" +
                      std::string(facts.name);
  out.State = "available";
  out.OwnerId = std::string(facts.owner_id);
  out.CreationDate = std::string(facts.created);
  out.Public = true;
  out.Architecture = facts.architecture == Architecture::arm64 ? "arm64" : "x86_64";
  out.ImageType = "machine";
  return out;
}

FilterFields<Image> image_fields() {
  const auto of = [](std::optional<std::string> Image::* member) {
    return [member](const Image& i, Values& out) {
      if (i.*member) out.push_back(*(i.*member));
    };
  };
  const auto fixed = [](const char* value) {
    return [value](const Image&, Values& out) { out.push_back(value); };
  };
  return {
      {"architecture", of(&Image::Architecture)},
      {"block-device-mapping.device-name", of(&Image::RootDeviceName)},
      {"block-device-mapping.volume-type", fixed("gp3")},
      {"creation-date", of(&Image::CreationDate)},
      {"description", of(&Image::Description)},
      {"ena-support", fixed("true")},
      {"hypervisor", fixed("xen")},
      {"image-id", of(&Image::ImageId)},
      {"image-type", fixed("machine")},
      {"is-public", fixed("true")},
      {"name", of(&Image::Name)},
      {"owner-alias", of(&Image::ImageOwnerAlias)},
      {"owner-id", of(&Image::OwnerId)},
      {"platform", [](const Image&, Values&) {}},
      {"root-device-name", of(&Image::RootDeviceName)},
      {"root-device-type", fixed("ebs")},
      {"state", fixed("available")},
      {"virtualization-type", fixed("hvm")},
  };
}

bool owned_by(const Image& image, const std::vector<std::string>& owners) {
  if (owners.empty()) return true;
  return std::ranges::any_of(owners, [&](const std::string& owner) {
    return owner == image.OwnerId || owner == image.ImageOwnerAlias;
  });
}

}  // namespace

DescribeImagesResult DescribeImages(Call&, const DescribeImagesRequest& in) {
  for (const std::string& id : in.ImageIds)
    if (find_image(id) == nullptr)
      throw_error("InvalidAMIID.NotFound", fmt::format("The image id '[{}]' does not exist", id));
  std::vector<std::pair<std::string, Image>> chosen;
  for (const ImageFacts& facts : all_images()) {
    Image image = render_image(facts);
    if (!in.ImageIds.empty() && std::ranges::find(in.ImageIds, *image.ImageId) == in.ImageIds.end()) continue;
    if (!owned_by(image, in.Owners) ||
        !matches_filters(in.Filters, image_fields(), image, [] { return TagMap{}; }))
      continue;
    chosen.emplace_back(std::string(facts.id), std::move(image));
  }
  DescribeImagesResult out;
  out.NextToken = take_page(chosen, {in.MaxResults, in.NextToken});
  for (auto& [id, image] : chosen) out.Images.push_back(std::move(image));
  return out;
}

}  // namespace landfall::ec2
