#include "roles/vpc_endpoints.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "aws/policy/policy.h"
#include "base/log.h"
#include "codec/fields.h"
#include "services/ec2/snapshot.h"

namespace landfall::roles {
namespace {

// What is read of EC2's document.
struct Document {
  std::vector<ec2::VpcEndpointSnapshot> endpoints;
  template <class V>
  void fields(V& v) {
    v("endpoints", endpoints);
  }
};

Result<uint32_t> parse_address(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return fail("not an IPv4 address: " + text);
  return ntohl(address.s_addr);
}

Result<std::pair<uint32_t, uint32_t>> parse_network(const std::string& text) {
  const size_t slash = text.find('/');
  int prefix = -1;
  if (slash != std::string::npos) std::from_chars(text.data() + slash + 1, text.data() + text.size(), prefix);
  if (prefix < 1 || prefix > 32) return fail("not a subnet's CIDR block: " + text);
  LF_TRY(const uint32_t base, parse_address(text.substr(0, slash)));
  return std::pair{base, ~uint32_t{0} << (32 - prefix)};
}

aws::policy::NamedPolicy compiled(const ec2::VpcEndpointSnapshot& endpoint) {
  auto parsed = aws::policy::parse_policy(endpoint.policy, aws::policy::DocumentKind::resource);
  if (!parsed)
    log::error("the policy of {} does not load: {}", endpoint.vpc_endpoint_id, parsed.error().message);
  return {endpoint.vpc_endpoint_id,
          std::make_shared<const aws::policy::Policy>(parsed ? *std::move(parsed) : aws::policy::Policy{})};
}

}  // namespace

Result<std::shared_ptr<const VpcEndpoints>> VpcEndpoints::read(std::string_view vpc_id,
                                                               std::string_view document) {
  LF_TRY(const Document said, from_json<Document>(document));
  auto out = std::make_shared<VpcEndpoints>();
  for (const ec2::VpcEndpointSnapshot& endpoint : said.endpoints) {
    out->addresses_.insert(endpoint.addresses.begin(), endpoint.addresses.end());
    if (!endpoint.service_name.ends_with(".s3")) continue;
    s3::VpcEndpointOrigin origin{
        .vpc_id = std::string(vpc_id), .vpc_endpoint_id = endpoint.vpc_endpoint_id, .policy = {}};
    if (!endpoint.policy.empty()) origin.policy = compiled(endpoint);
    Endpoint& made = out->s3_.emplace_back();
    made.origin = std::make_shared<const s3::VpcEndpointOrigin>(std::move(origin));
    made.addresses = endpoint.addresses;
    for (const std::string& cidr : endpoint.subnet_cidrs) {
      LF_TRY(const auto network, parse_network(cidr));
      made.subnets.push_back({network.first, network.second});
    }
  }
  return out;
}

std::shared_ptr<const s3::VpcEndpointOrigin> VpcEndpoints::origin_of(const std::string& client,
                                                                     const std::string& asked) const {
  for (const Endpoint& endpoint : s3_)
    if (std::ranges::find(endpoint.addresses, asked) != endpoint.addresses.end()) return endpoint.origin;
  const Result<uint32_t> address = parse_address(client);
  if (!address) return nullptr;
  for (const Endpoint& endpoint : s3_)
    for (const Network& subnet : endpoint.subnets)
      if ((*address & subnet.mask) == subnet.base) return endpoint.origin;
  return nullptr;
}

}  // namespace landfall::roles
