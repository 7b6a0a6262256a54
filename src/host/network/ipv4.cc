#include "host/network/ipv4.h"

#include <algorithm>
#include <charconv>

namespace landfall::host {

namespace {

Result<uint32_t> parse_number(std::string_view text, uint32_t limit) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool leading_zero = text.size() > 1 && text[0] == '0';  // some read it as octal: refuse
  if (error != std::errc{} || end != text.data() + text.size() || value > limit || leading_zero)
    return fail("not a number up to " + std::to_string(limit) + ": '" + std::string(text) + "'");
  return value;
}

}  // namespace

std::string Ipv4::to_string() const {
  return std::to_string(value >> 24) + "." + std::to_string(value >> 16 & 255) + "." +
         std::to_string(value >> 8 & 255) + "." + std::to_string(value & 255);
}

std::string Cidr::to_string() const { return base.to_string() + "/" + std::to_string(prefix); }

Result<Ipv4> parse_ipv4(std::string_view text) {
  Ipv4 address;
  std::string_view rest = text;
  for (int i = 0; i < 4; ++i) {
    const size_t dot = rest.find('.');
    if ((dot == std::string_view::npos) != (i == 3))
      return fail("not an IPv4 address: '" + std::string(text) + "'");
    const Result<uint32_t> part = parse_number(rest.substr(0, dot), 255);
    if (!part) return fail("not an IPv4 address: '" + std::string(text) + "'");
    address.value = address.value << 8 | *part;
    if (i < 3) rest.remove_prefix(dot + 1);
  }
  return address;
}

Result<Cidr> parse_cidr(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return fail("not a CIDR block: '" + std::string(text) + "'");
  LF_TRY(const Ipv4 base, parse_ipv4(text.substr(0, slash)));
  LF_TRY(const uint32_t prefix, parse_number(text.substr(slash + 1), 32));
  Cidr cidr{base, static_cast<int>(prefix)};
  cidr.base.value &= cidr.mask();
  return cidr;
}

std::vector<Cidr> without_overlaps(std::vector<Cidr> blocks) {
  std::ranges::sort(blocks);  // by base, then the wider first
  std::vector<Cidr> out;
  for (const Cidr& block : blocks)
    if (out.empty() || !out.back().contains(block.base)) out.push_back(block);
  return out;
}

}  // namespace landfall::host
