// Site: one distribution as edge serves it, and Sites: all of them by host name. Immutable once made.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "delivery/destination.h"
#include "javascript/runner.h"
#include "net/tls.h"
#include "services/cloudfront/dataplane/signed_content.h"
#include "services/cloudfront/snapshot.h"

namespace landfall::cloudfront {

inline constexpr char kPop[] = "IAD50-C1";  // this one edge location's name

struct Site {
  DistributionSnapshot snapshot;
  std::map<std::string, std::shared_ptr<const javascript::Function>, std::less<>> functions;  // by ARN
  SignerKeys signer_keys;
  std::optional<delivery::Destination> log;  // of standard logs
  net::TlsContext default_tls;               // for its cloudfront.net name
  net::TlsContext alias_tls;                 // for the aliases; null without a certificate
  std::string hit_lines;  // X-Cache of a hit, and Via, X-Amz-Cf-Pop and "X-Amz-Cf-Id: " without its value

  const BehaviorSnapshot& behavior_for(
      std::string_view path) const;                         // the first that matches; the default last
  const OriginSnapshot* origin(std::string_view id) const;  // null: broken snapshot
  const OriginGroupSnapshot* origin_group(std::string_view id) const;  // null: it is an origin's id
  const ErrorResponseSnapshot* error_response(int status) const;       // null: none configured
  int64_t error_seconds(int status) const;                             // error caching minimum TTL
};
using SitePtr = std::shared_ptr<const Site>;

Result<SitePtr> make_site(DistributionSnapshot snapshot);

struct Sites {
  std::map<std::string, SitePtr, std::less<>> by_id;
  std::map<std::string, SitePtr, std::less<>> by_name;  // cloudfront.net names and exact aliases, lower case
  std::map<std::string, SitePtr, std::less<>> by_wildcard;  // ".example.com" of "*.example.com"

  // An exact name first, then the longest wildcard. Null: nobody's.
  SitePtr find(std::string_view host) const;
  net::TlsContext tls_for(std::string_view server_name) const;
};
// The sites with one changed or, if `site` is null, gone.
std::shared_ptr<const Sites> changed(const Sites& sites, const std::string& id, SitePtr site);

// "Example.com:8080" -> "example.com".
std::string host_name(std::string_view authority);

}  // namespace landfall::cloudfront
