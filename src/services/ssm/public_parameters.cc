#include "services/ssm/public_parameters.h"

#include "ec2/operations.h"
#include "services/ssm/parameters.h"

namespace landfall::ssm {
namespace {

struct PublicParameter {
  std::string_view name;   // below /aws/service/
  std::string_view image;  // the pattern of the image's name; the newest that matches
  std::string_view architecture;
  std::string_view data_type;
};

constexpr std::string_view kAl2023 = "al2023-ami-2023*";
constexpr std::string_view kAl2 = "amzn2-ami-hvm-*";
constexpr std::string_view kNoble = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-*";

// In the order of names.
constexpr PublicParameter kPublic[] = {
    {"ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64", kAl2023, "arm64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-kernel-6.1-x86_64", kAl2023, "x86_64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", kAl2023, "arm64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", kAl2023, "x86_64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-arm64", kAl2023, "arm64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-minimal-kernel-6.1-x86_64", kAl2023, "x86_64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-arm64", kAl2023, "arm64", "text"},
    {"ami-amazon-linux-latest/al2023-ami-minimal-kernel-default-x86_64", kAl2023, "x86_64", "text"},
    {"ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-ebs", kAl2, "x86_64", "text"},
    {"ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", kAl2, "x86_64", "text"},
    {"ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-ebs", kAl2, "x86_64", "text"},
    {"ami-amazon-linux-latest/amzn2-ami-kernel-5.10-hvm-x86_64-gp2", kAl2, "x86_64", "text"},
    {"canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", kNoble, "x86_64",
     "aws:ec2:image"},
    {"canonical/ubuntu/server/noble/stable/current/amd64/hvm/ebs-gp3/ami-id", kNoble, "x86_64",
     "aws:ec2:image"},
    {"debian/release/12/latest/amd64", "debian-12-*", "x86_64", "aws:ec2:image"},
    {"debian/release/bookworm/latest/amd64", "debian-12-*", "x86_64", "aws:ec2:image"},
};

std::optional<Parameter> made(Call& call, const PublicParameter& facts) {
  Call service = call.as_service("ssm.amazonaws.com");
  ec2::DescribeImagesRequest in;
  in.Filters = {{"name", {std::string(facts.image)}}, {"architecture", {std::string(facts.architecture)}}};
  std::string newest, created;
  for (const ec2::Image& image : ec2::DescribeImages(service, in).Images) {
    if (*image.CreationDate < created) continue;
    newest = *image.ImageId;
    created = *image.CreationDate;
  }
  if (newest.empty()) return std::nullopt;
  const std::string name = std::string(kPublicPath) + std::string(facts.name);
  Parameter out;
  out.Name = name;
  out.Type = "String";
  out.Value = newest;
  out.Version = 1;
  if (auto at = parse_iso8601(created)) out.LastModifiedDate = *at;
  out.ARN = "arn:" + call.partition() + ":ssm:" + call.region + "::parameter" + name;
  out.DataType = std::string(facts.data_type);
  return out;
}

}  // namespace

std::optional<Parameter> find_public_parameter(Call& call, std::string_view name) {
  name.remove_prefix(kPublicPath.size());
  for (const PublicParameter& facts : kPublic)
    if (facts.name == name) return made(call, facts);
  return std::nullopt;
}

std::vector<Parameter> public_parameters_below(Call& call, std::string_view path, bool recursive) {
  std::vector<Parameter> out;
  for (const PublicParameter& facts : kPublic) {
    if (!below(std::string(kPublicPath) + std::string(facts.name), path, recursive)) continue;
    if (auto parameter = made(call, facts)) out.push_back(std::move(*parameter));
  }
  return out;
}

}  // namespace landfall::ssm
