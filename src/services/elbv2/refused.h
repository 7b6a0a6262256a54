// What the API has and Landfall's load balancers have not: refused, wherever it comes.
#pragma once

#include "aws/protocol/refusals.h"
#include "elbv2/errors.h"
#include "elbv2/shapes.h"

namespace landfall::elbv2 {

inline constexpr char kNoIpv6[] = "Landfall has IPv4 only";
inline constexpr char kOfNetworkBalancers[] =
    "it is of Network Load Balancers, and Landfall has Application ones";
inline constexpr char kNoIpam[] = "Landfall has no IPAM pools";
inline constexpr char kNoMutualTls[] = "Landfall has no mutual authentication with trust stores";

// By what the requests have in common.
inline constexpr aws::Refusal kBalancerRefusals[] = {
    {"SubnetMappings.AllocationId", kOfNetworkBalancers, ""},
    {"SubnetMappings.PrivateIPv4Address", kOfNetworkBalancers, ""},
    {"SubnetMappings.IPv6Address", kOfNetworkBalancers, ""},
    {"SubnetMappings.SourceNatIpv6Prefix", kOfNetworkBalancers, ""},
    {"EnablePrefixForIpv6SourceNat", kOfNetworkBalancers, "off"}};
inline constexpr aws::Refusal kCreateBalancerRefusals[] = {
    {"CustomerOwnedIpv4Pool", "Landfall has no Outposts", ""}, {"IpamPools", kNoIpam, ""}};
inline constexpr aws::Refusal kListenerRefusals[] = {
    {"AlpnPolicy", kOfNetworkBalancers, ""},
    {"MutualAuthentication.Mode", kNoMutualTls, "off"},
    {"MutualAuthentication.TrustStoreArn", kNoMutualTls, ""},
    {"MutualAuthentication.IgnoreClientCertificateExpiry", kNoMutualTls, "false"},
    {"MutualAuthentication.AdvertiseTrustStoreCaNames", kNoMutualTls, "off"}};
inline constexpr aws::Refusal kTargetGroupRefusals[] = {
    {"Matcher.GrpcCode", "Landfall speaks HTTP/1.1 to targets", ""}};
inline constexpr aws::Refusal kCreateTargetGroupRefusals[] = {{"IpAddressType", kNoIpv6, "ipv4"}};
inline constexpr aws::Refusal kSecurityGroupRefusals[] = {
    {"EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", kOfNetworkBalancers, ""}};

template <class In>
void refuse(const In& in, std::span<const aws::Refusal> refusals) {
  if (const auto refused = aws::refused_in(in, refusals))
    throw InvalidConfigurationRequestException(refused->message());
}

}  // namespace landfall::elbv2
