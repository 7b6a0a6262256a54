// ARNs: arn:partition:service:region:account-id:resource. The resource may itself hold colons and slashes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace landfall::aws {

inline constexpr std::string_view kPartition = "aws";

// The six fields, as views into the text they were split from.
struct ArnView {
  std::string_view partition, service, region, account, resource;

  // "user/dev/alice" -> "user"; "loadbalancer:x" -> "loadbalancer"; empty if the resource has no type.
  std::string_view resource_type() const;
  std::string_view resource_name() const;  // after the type
};

// nullopt unless the text starts with "arn:" and has at least six fields with a partition, service and
// resource.
std::optional<ArnView> split_arn(std::string_view text);

struct Arn {
  std::string partition{kPartition};
  std::string service, region, account, resource;
  bool operator==(const Arn&) const = default;
};

std::optional<Arn> parse_arn(std::string_view text);
std::string to_string(const Arn& arn);

// arn:aws:<service>:<region>:<account>:<resource>
std::string make_arn(std::string_view service, std::string_view region, std::string_view account,
                     std::string_view resource);

}  // namespace landfall::aws
