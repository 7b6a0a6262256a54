// The prefix lists that AWS manages, as routes and security groups name them: the addresses of S3 and
// DynamoDB, and those that CloudFront comes from to its origins. Facts, no state.
// https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::ec2 {

struct PrefixListFacts {
  std::string id;    // "pl-63a5400a"
  std::string name;  // "com.amazonaws.us-east-1.s3"
  std::vector<std::string> cidrs;
};

// public_cidr: the range of Landfall's public addresses.
std::vector<PrefixListFacts> prefix_lists_of(std::string_view region, std::string_view public_cidr);
std::optional<PrefixListFacts> find_prefix_list(std::string_view region, std::string_view public_cidr,
                                                std::string_view id_or_name);
// In whatever region; none if there is no such list. Rules name lists by id alone. Without a public range:
// those within a VPC.
std::vector<std::string> prefix_list_cidrs(std::string_view id, std::string_view public_cidr = {});

}  // namespace landfall::ec2
