#include "services/cloudfront/dataplane/site.h"

#include <algorithm>

#include "base/encoding.h"
#include "services/cloudfront/dataplane/cache_key.h"
#include "services/cloudfront/dataplane/standard_log.h"

namespace landfall::cloudfront {
namespace {

constexpr int64_t kErrorSeconds = 10;  // what AWS remembers an error for unless configured

Result<net::TlsContext> context(const DistributionSnapshot& snapshot, const std::string& chain,
                                const Secret& key) {
  // Below TLS 1.2 nothing is offered, whatever the policy: "TLSv1" and "TLSv1.1_2016" mean 1.2 here.
  return net::make_server_tls({.chain_pem = chain,
                               .key_pem = key,
                               .alpn = snapshot.http2 ? net::Alpn::h2_and_http_1_1 : net::Alpn::http_1_1,
                               .minimum = snapshot.minimum_protocol_version.starts_with("TLSv1.3")
                                              ? net::TlsVersion::tls_1_3
                                              : net::TlsVersion::tls_1_2});
}

void index(Sites& sites, const SitePtr& site) {
  sites.by_id[site->snapshot.id] = site;
  sites.by_name[site->snapshot.domain] = site;
  for (const std::string& alias : site->snapshot.aliases) {
    if (alias.starts_with("*.")) {
      sites.by_wildcard[alias.substr(1)] = site;
    } else {
      sites.by_name[alias] = site;
    }
  }
}

}  // namespace

const BehaviorSnapshot& Site::behavior_for(std::string_view path) const {
  for (const BehaviorSnapshot& behavior : snapshot.behaviors)
    if (path_matches(behavior.path_pattern, path)) return behavior;
  return snapshot.behaviors.back();
}

const OriginSnapshot* Site::origin(std::string_view id) const {
  const auto it = std::ranges::find(snapshot.origins, id, &OriginSnapshot::id);
  return it == snapshot.origins.end() ? nullptr : &*it;
}

const OriginGroupSnapshot* Site::origin_group(std::string_view id) const {
  const auto it = std::ranges::find(snapshot.origin_groups, id, &OriginGroupSnapshot::id);
  return it == snapshot.origin_groups.end() ? nullptr : &*it;
}

const ErrorResponseSnapshot* Site::error_response(int status) const {
  const auto it = std::ranges::find(snapshot.error_responses, status, &ErrorResponseSnapshot::error_code);
  return it == snapshot.error_responses.end() ? nullptr : &*it;
}

int64_t Site::error_seconds(int status) const {
  const ErrorResponseSnapshot* response = error_response(status);
  return response == nullptr ? kErrorSeconds : response->caching_seconds;
}

Result<SitePtr> make_site(DistributionSnapshot snapshot) {
  if (snapshot.behaviors.empty()) return fail("distribution " + snapshot.id + " has no behaviour");
  auto site = std::make_shared<Site>();
  if (!snapshot.default_chain_pem.empty()) {
    LF_TRY(site->default_tls, context(snapshot, snapshot.default_chain_pem, snapshot.default_key_pem));
  }
  if (!snapshot.chain_pem.empty()) {
    LF_TRY(site->alias_tls, context(snapshot, snapshot.chain_pem, snapshot.key_pem));
  }
  LF_TRY(site->signer_keys, signer_keys(snapshot.public_keys));
  for (const FunctionSnapshot& function : snapshot.functions) {
    LF_TRY(std::string code, from_base64(function.code_base64));
    site->functions[function.arn] =
        std::make_shared<const javascript::Function>(function.version, std::move(code));
  }
  for (BehaviorSnapshot& behavior : snapshot.behaviors)
    if (behavior.restricted) remove_signing_parameters(behavior);
  site->log = standard_log_destination(snapshot);
  site->snapshot = std::move(snapshot);
  site->hit_lines = "X-Cache: Hit from cloudfront\r\nVia: 1.1 " + site->snapshot.domain +
                    " (CloudFront)\r\nX-Amz-Cf-Pop: " + kPop + "\r\nX-Amz-Cf-Id: ";
  return site;
}

SitePtr Sites::find(std::string_view host) const {
  if (const auto it = by_name.find(host); it != by_name.end()) return it->second;
  for (size_t dot = host.find('.'); dot != std::string_view::npos; dot = host.find('.', dot + 1))
    if (const auto it = by_wildcard.find(host.substr(dot)); it != by_wildcard.end()) return it->second;
  return nullptr;
}

net::TlsContext Sites::tls_for(std::string_view server_name) const {
  if (const SitePtr site = find(server_name))
    return server_name == site->snapshot.domain || !site->alias_tls ? site->default_tls : site->alias_tls;
  // Clients without a server name, and names of distributions that are gone, get the certificate of
  // *.cloudfront.net and then an error page.
  if (!server_name.empty() && !server_name.ends_with(".cloudfront.net")) return nullptr;
  for (const auto& [id, site] : by_id)
    if (site->default_tls) return site->default_tls;
  return nullptr;
}

std::shared_ptr<const Sites> changed(const Sites& sites, const std::string& id, SitePtr site) {
  auto next = std::make_shared<Sites>();
  for (const auto& [other, kept] : sites.by_id)
    if (other != id) index(*next, kept);
  if (site) index(*next, site);
  return next;
}

std::string host_name(std::string_view authority) {
  std::string host(
      authority.substr(0, authority.starts_with('[') ? std::string_view::npos : authority.find(':')));
  for (char& c : host)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  if (host.ends_with('.')) host.pop_back();
  return host;
}

}  // namespace landfall::cloudfront
