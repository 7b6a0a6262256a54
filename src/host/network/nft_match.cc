#include "host/network/nft_match.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace landfall::host {

static bool is_plain_id(const std::string& id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
}

Result<> check_id(const std::string& id) {
  if (!is_plain_id(id)) return fail("not an id: '" + id + "'");
  return {};
}

// A field of 16 bits or so, checked: what reaches the nft text is only ever a number of ours.
static Result<> check_range(const char* what, int64_t value, int64_t limit) {
  if (value < -1 || value > limit) return fail(fmt::format("{} {} is not -1 to {}", what, value, limit));
  return {};
}

static Result<std::string> port_match(const char* protocol, int64_t from_port, int64_t to_port) {
  LF_CHECK(check_range("from_port", from_port, 65535));
  LF_CHECK(check_range("to_port", to_port, 65535));
  if (from_port <= 0 && (to_port == -1 || to_port == 65535)) return fmt::format("meta l4proto {}", protocol);
  if (to_port < from_port) return fail(fmt::format("ports {}-{}", from_port, to_port));
  if (from_port == to_port) return fmt::format("{} dport {}", protocol, from_port);
  return fmt::format("{} dport {}-{}", protocol, std::max<int64_t>(from_port, 0), to_port);
}

static Result<std::string> icmp_match(int64_t type, int64_t code) {
  LF_CHECK(check_range("ICMP type", type, 255));
  LF_CHECK(check_range("ICMP code", code, 255));
  if (type == -1) return "meta l4proto icmp";
  if (code == -1) return fmt::format("icmp type {}", type);
  return fmt::format("icmp type {} icmp code {}", type, code);
}

Result<std::string> protocol_match(const std::string& protocol, int64_t from_port, int64_t to_port) {
  if (protocol == "-1") return std::string();
  if (protocol == "tcp" || protocol == "6") return port_match("tcp", from_port, to_port);
  if (protocol == "udp" || protocol == "17") return port_match("udp", from_port, to_port);
  if (protocol == "icmp" || protocol == "1") return icmp_match(from_port, to_port);
  if (protocol == "icmpv6") return "meta l4proto 58";  // never on IPv4: the rule is there and matches nothing
  int64_t number = -1;
  const auto [end, error] = std::from_chars(protocol.data(), protocol.data() + protocol.size(), number);
  if (error != std::errc{} || end != protocol.data() + protocol.size() || number < 0 || number > 255)
    return fail("protocol '" + protocol + "'");
  return fmt::format("meta l4proto {}", number);
}

std::string join(const std::string& a, const std::string& b) {
  return a.empty() ? b : b.empty() ? a : a + " " + b;
}

std::string identifier(const char* prefix, const std::string& id) {
  std::string out = prefix + id;
  std::ranges::replace(out, '-', '_');
  return out;
}

std::string router_device_name(const std::string& interface_id) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (unsigned char c : interface_id) hash = (hash ^ c) * 1099511628211u;
  return fmt::format("e{:014x}", hash & 0xffffffffffffff);
}

std::string quoted_device(const std::string& interface_id) {
  return "\"" + router_device_name(interface_id) + "\"";
}

}  // namespace landfall::host
