// IPv4 blocks and addresses, as EC2 counts them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace landfall::ec2 {

std::optional<uint32_t> parse_ipv4(std::string_view text);  // dotted quad, no leading zeros; host byte order
std::string format_ipv4(uint32_t address);

struct Cidr {
  uint32_t base = 0;  // host bits are zero
  int prefix = 32;

  static std::optional<Cidr> parse(std::string_view text);      // refuses set host bits
  static std::optional<Cidr> parse_any(std::string_view text);  // clears them, as EC2 does
  uint32_t mask() const { return prefix == 0 ? 0 : ~uint32_t{0} << (32 - prefix); }
  uint64_t size() const { return uint64_t{1} << (32 - prefix); }
  bool contains(uint32_t address) const { return (address & mask()) == base; }
  bool contains(const Cidr& inner) const { return inner.prefix >= prefix && contains(inner.base); }
  bool overlaps(const Cidr& other) const { return contains(other) || other.contains(*this); }
  std::string text() const;
};

// AWS keeps the first four addresses of a subnet and the last: network, router, DNS, future use, broadcast.
// https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
inline constexpr uint32_t kReservedFirst = 4, kReservedLast = 1;
bool is_usable(const Cidr& subnet, uint32_t address);
uint64_t usable_addresses(const Cidr& subnet);
std::optional<uint32_t> lowest_free(const Cidr& subnet, const std::set<uint32_t>& taken);

}  // namespace landfall::ec2
