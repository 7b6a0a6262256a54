// The prefix lists that AWS manages: the addresses of S3 and DynamoDB, as routes and security groups name
// them. Facts, no state.
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

std::vector<PrefixListFacts> prefix_lists_of(std::string_view region);
std::optional<PrefixListFacts> find_prefix_list(std::string_view region, std::string_view id_or_name);
// In whatever region; none if there is no such list. Rules name lists by id alone.
std::vector<std::string> prefix_list_cidrs(std::string_view id);

}  // namespace landfall::ec2
