#include "services/ec2/prefix_lists.h"

#include "net/public_range.h"
#include "services/ec2/cidr.h"
#include "services/ec2/regions.h"

namespace landfall::ec2 {

// Inside every VPC S3 is this address.
static constexpr char kS3Cidr[] = "169.254.169.251/32";

// us-east-1's are AWS's own; elsewhere the id is made of the zone id, and as stable.
static std::string made_id(const RegionFacts& region, std::string_view service) {
  uint32_t hash = 2166136261;  // FNV-1a
  for (const char c : std::string(region.name) + "/" + std::string(service))
    hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id = "pl-";
  for (int shift = 28; shift >= 0; shift -= 4) id += kDigits[hash >> shift & 15];
  return id;
}

static std::string id_of(const RegionFacts& region, std::string_view service) {
  if (region.name == "us-east-1") return service == "s3" ? "pl-63a5400a" : "pl-02cd2c6b";
  return made_id(region, service);
}

static PrefixListFacts list_of(const RegionFacts& region, std::string_view service) {
  PrefixListFacts out;
  out.id = id_of(region, service);
  out.name = "com.amazonaws." + std::string(region.name) + "." + std::string(service);
  if (service == "s3") out.cidrs.push_back(kS3Cidr);  // Landfall has no DynamoDB: its list is empty
  return out;
}

// The same in every region, but for its id.
static PrefixListFacts cloudfront_list(const RegionFacts& region, std::string_view public_cidr) {
  constexpr std::string_view kName = "com.amazonaws.global.cloudfront.origin-facing";
  PrefixListFacts out;
  out.id = region.name == "us-east-1" ? "pl-3b927c52" : made_id(region, kName);
  out.name = kName;
  if (const auto range = Cidr::parse_any(public_cidr))
    out.cidrs.push_back(format_ipv4(range->base + net::kCdnOffset) + "/32");
  return out;
}

std::vector<PrefixListFacts> prefix_lists_of(std::string_view region, std::string_view public_cidr) {
  const RegionFacts& facts = region_facts(region);
  return {list_of(facts, "dynamodb"), list_of(facts, "s3"), cloudfront_list(facts, public_cidr)};
}

std::optional<PrefixListFacts> find_prefix_list(std::string_view region, std::string_view public_cidr,
                                                std::string_view id_or_name) {
  for (PrefixListFacts& list : prefix_lists_of(region, public_cidr))
    if (list.id == id_or_name || list.name == id_or_name) return std::move(list);
  return std::nullopt;
}

std::vector<std::string> prefix_list_cidrs(std::string_view id, std::string_view public_cidr) {
  for (const RegionFacts& region : all_regions())
    if (auto list = find_prefix_list(region.name, public_cidr, id)) return std::move(list->cidrs);
  return {};
}

}  // namespace landfall::ec2
