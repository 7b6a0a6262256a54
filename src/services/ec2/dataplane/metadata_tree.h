// What the metadata service knows of an instance, as a tree of paths: leaves with text, directories as
// listings. Pure. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "services/ec2/snapshot.h"

namespace landfall::ec2 {

// Paths below "/latest/", without a slash in front: "meta-data/placement/region".
class MetadataTree {
 public:
  MetadataTree(const MetadataSnapshot& vpc, const InstanceMetadata& instance);

  // The text of a leaf, or the listing of a directory (one name a line, directories with a slash). A
  // directory may be asked for with or without its final slash, a leaf only without.
  std::optional<std::string> find(std::string_view path) const;

 private:
  void add(std::string path, std::string text) { leaves_.emplace(std::move(path), std::move(text)); }
  void add_placement(const MetadataSnapshot& vpc, const InstanceMetadata& instance);
  void add_interface(const MetadataSnapshot& vpc, const InstanceMetadata& instance);
  void add_public_key(const InstanceMetadata& instance);
  std::optional<std::string> listing(const std::string& directory) const;

  std::map<std::string, std::string> leaves_;
  std::map<std::string, std::string>
      listed_as_;  // a directory's line in its parent's listing, where it is not "name/"
};

// The document whose signature AWS would vouch for; pretty-printed as AWS does.
std::string identity_document(const MetadataSnapshot& vpc, const InstanceMetadata& instance);

// Leaves that are made at the time they are asked for; in the tree they have empty text.
inline constexpr char kCredentialsDirectory[] = "meta-data/iam/security-credentials";
inline constexpr char kIamInfo[] = "meta-data/iam/info";

}  // namespace landfall::ec2
