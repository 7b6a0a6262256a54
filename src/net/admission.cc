#include "net/admission.h"

#include <arpa/inet.h>

#include <charconv>
#include <optional>

namespace landfall::net {
namespace {

std::optional<uint32_t> ipv4(std::string_view text) {
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

}  // namespace

Admission::Admission(const AdmissionRules& rules)
    : groups_(ready(rules.groups)), acl_in_(ready(rules.acl_in)), acl_out_(ready(rules.acl_out)) {}

std::vector<Admission::Rule> Admission::ready(const std::vector<AdmissionRule>& rules) {
  std::vector<Rule> out;
  for (const AdmissionRule& rule : rules) {
    const std::string_view cidr = rule.cidr;
    const size_t slash = cidr.find('/');
    const auto base = ipv4(cidr.substr(0, slash));
    if (!base) continue;
    uint32_t prefix = 32;
    if (slash != std::string_view::npos) {
      const std::string_view digits = cidr.substr(slash + 1);
      const auto [end, bad] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix);
      if (bad != std::errc() || end != digits.data() + digits.size() || prefix > 32) continue;
    }
    const uint32_t mask = prefix == 0 ? 0 : ~uint32_t{0} << (32 - prefix);
    out.push_back({*base & mask, mask, rule.first_port, rule.last_port, rule.allow});
  }
  return out;
}

bool Admission::allowed(const std::vector<Rule>& rules, uint32_t address, uint16_t port) {
  for (const Rule& rule : rules)
    if ((address & rule.mask) == rule.base && port >= rule.first_port && port <= rule.last_port)
      return rule.allow;
  return false;
}

bool Admission::admits(std::string_view client_address, uint16_t client_port, uint16_t port) const {
  const auto address = ipv4(client_address);
  return address && allowed(acl_in_, *address, port) && allowed(groups_, *address, port) &&
         allowed(acl_out_, *address, client_port);
}

}  // namespace landfall::net
