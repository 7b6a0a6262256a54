#include "services/ec2/cidr.h"

#include <charconv>

namespace landfall::ec2 {

static std::optional<uint32_t> parse_number(std::string_view text, uint32_t max) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > max) return std::nullopt;
  if (text.size() > 1 && text[0] == '0') return std::nullopt;
  return value;
}

std::optional<uint32_t> parse_ipv4(std::string_view text) {
  uint32_t address = 0;
  for (int i = 0; i < 4; ++i) {
    const size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (i == 3)) return std::nullopt;
    const auto octet = parse_number(text.substr(0, dot), 255);
    if (!octet) return std::nullopt;
    address = address << 8 | *octet;
    text.remove_prefix(i == 3 ? text.size() : dot + 1);
  }
  return address;
}

std::string format_ipv4(uint32_t a) {
  return std::to_string(a >> 24) + "." + std::to_string(a >> 16 & 255) + "." + std::to_string(a >> 8 & 255) +
         "." + std::to_string(a & 255);
}

std::optional<Cidr> Cidr::parse_any(std::string_view text) {
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto address = parse_ipv4(text.substr(0, slash));
  const auto prefix = parse_number(text.substr(slash + 1), 32);
  if (!address || !prefix) return std::nullopt;
  Cidr cidr{0, static_cast<int>(*prefix)};
  cidr.base = *address & cidr.mask();
  return cidr;
}

std::optional<Cidr> Cidr::parse(std::string_view text) {
  auto cidr = parse_any(text);
  if (!cidr || parse_ipv4(text.substr(0, text.find('/'))) != cidr->base) return std::nullopt;
  return cidr;
}

std::string Cidr::text() const { return format_ipv4(base) + "/" + std::to_string(prefix); }

bool is_usable(const Cidr& subnet, uint32_t address) {
  if (!subnet.contains(address)) return false;
  const uint64_t offset = address - subnet.base;
  return offset >= kReservedFirst && offset + kReservedLast < subnet.size();
}

uint64_t usable_addresses(const Cidr& subnet) {
  const uint64_t reserved = kReservedFirst + kReservedLast;
  return subnet.size() > reserved ? subnet.size() - reserved : 0;
}

std::optional<uint32_t> lowest_free(const Cidr& subnet, const std::set<uint32_t>& taken) {
  for (uint64_t offset = kReservedFirst; offset + kReservedLast < subnet.size(); ++offset) {
    const uint32_t address = subnet.base + static_cast<uint32_t>(offset);
    if (!taken.contains(address)) return address;
  }
  return std::nullopt;
}

}  // namespace landfall::ec2
