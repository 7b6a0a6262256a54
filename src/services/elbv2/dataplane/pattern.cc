#include "services/elbv2/dataplane/pattern.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <string>

#include "base/ascii.h"

namespace landfall::elbv2::dataplane {
namespace {

bool same(char a, char b, Case match) {
  return match == Case::ignored ? ascii_lower(a) == ascii_lower(b) : a == b;
}

struct Address {
  unsigned char bytes[16];
  int bits = 0;  // 0: no address
};

Address parse_address(std::string_view text) {
  Address address{};
  const std::string copy(text);
  if (inet_pton(AF_INET, copy.c_str(), address.bytes) == 1)
    address.bits = 32;
  else if (inet_pton(AF_INET6, copy.c_str(), address.bytes) == 1)
    address.bits = 128;
  return address;
}

int parse_number(std::string_view text) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : -1;
}

}  // namespace

bool matches_wildcard(std::string_view pattern, std::string_view text, Case match) {
  size_t p = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t], match))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool in_cidr(std::string_view cidr, std::string_view address) {
  const size_t slash = cidr.find('/');
  const Address network = parse_address(cidr.substr(0, slash));
  const Address host = parse_address(address);
  if (network.bits == 0 || network.bits != host.bits) return false;
  const int prefix = slash == std::string_view::npos ? network.bits : parse_number(cidr.substr(slash + 1));
  if (prefix < 0 || prefix > network.bits) return false;
  const int whole = prefix / 8;
  if (std::memcmp(network.bytes, host.bytes, static_cast<size_t>(whole)) != 0) return false;
  if (prefix % 8 == 0) return true;
  const int shift = 8 - prefix % 8;
  return network.bytes[whole] >> shift == host.bytes[whole] >> shift;
}

bool matches_codes(std::string_view matcher, int status) {
  while (!matcher.empty()) {
    const size_t comma = matcher.find(',');
    std::string_view part = matcher.substr(0, comma);
    matcher.remove_prefix(comma == std::string_view::npos ? matcher.size() : comma + 1);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    const size_t dash = part.find('-');
    const int first = parse_number(part.substr(0, dash));
    const int last = dash == std::string_view::npos ? first : parse_number(part.substr(dash + 1));
    if (first >= 0 && status >= first && status <= last) return true;
  }
  return false;
}

}  // namespace landfall::elbv2::dataplane
