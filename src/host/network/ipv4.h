// IPv4 addresses and CIDR blocks, as numbers in host byte order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace landfall::host {

struct Ipv4 {
  uint32_t value = 0;
  auto operator<=>(const Ipv4&) const = default;
  std::string to_string() const;
  Ipv4 plus(uint32_t n) const { return {value + n}; }
};

struct Cidr {
  Ipv4 base;        // bits after the prefix are zero
  int prefix = 32;  // 0 to 32
  auto operator<=>(const Cidr&) const = default;
  uint32_t mask() const { return prefix == 0 ? 0 : ~uint32_t{0} << (32 - prefix); }
  bool contains(Ipv4 address) const { return (address.value & mask()) == base.value; }
  std::string to_string() const;
};

Result<Ipv4> parse_ipv4(std::string_view text);
Result<Cidr> parse_cidr(std::string_view text);  // "10.0.0.0/16"; set bits after the prefix are cleared

// The same addresses without blocks that lie in others, sorted.
std::vector<Cidr> without_overlaps(std::vector<Cidr> blocks);

}  // namespace landfall::host
