// The security policies that a listener can have.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "elbv2/errors.h"

namespace landfall::elbv2 {

inline constexpr char kDefaultSslPolicy[] =
    "ELBSecurityPolicy-2016-08";  // of the API; the console has another

constexpr bool is_ssl_policy(std::string_view name) {
  constexpr std::string_view kPrefix = "ELBSecurityPolicy-";
  constexpr std::string_view kNames[] = {
      // TLS 1.3
      "TLS13-1-3-2021-06", "TLS13-1-2-2021-06", "TLS13-1-2-Res-2021-06", "TLS13-1-2-Ext1-2021-06",
      "TLS13-1-2-Ext2-2021-06", "TLS13-1-1-2021-06", "TLS13-1-0-2021-06",
      // with the FIPS module
      "TLS13-1-3-FIPS-2023-04", "TLS13-1-2-FIPS-2023-04", "TLS13-1-2-Res-FIPS-2023-04",
      "TLS13-1-2-Ext0-FIPS-2023-04", "TLS13-1-2-Ext1-FIPS-2023-04", "TLS13-1-2-Ext2-FIPS-2023-04",
      "TLS13-1-1-FIPS-2023-04", "TLS13-1-0-FIPS-2023-04",
      // with post-quantum key exchange
      "TLS13-1-3-PQ-2025-09", "TLS13-1-2-PQ-2025-09", "TLS13-1-2-Res-PQ-2025-09", "TLS13-1-2-Ext1-PQ-2025-09",
      "TLS13-1-2-Ext2-PQ-2025-09", "TLS13-1-0-PQ-2025-09", "TLS13-1-3-FIPS-PQ-2025-09",
      "TLS13-1-2-FIPS-PQ-2025-09", "TLS13-1-2-Res-FIPS-PQ-2025-09", "TLS13-1-2-Ext0-FIPS-PQ-2025-09",
      "TLS13-1-2-Ext1-FIPS-PQ-2025-09", "TLS13-1-2-Ext2-FIPS-PQ-2025-09", "TLS13-1-0-FIPS-PQ-2025-09",
      // up to TLS 1.2
      "FS-1-2-Res-2020-10", "FS-1-2-Res-2019-08", "FS-1-2-2019-08", "FS-1-1-2019-08", "FS-2018-06",
      "TLS-1-2-Ext-2018-06", "TLS-1-2-2017-01", "TLS-1-1-2017-01", "TLS-1-0-2015-04", "2016-08", "2015-05"};
  return name.starts_with(kPrefix) &&
         std::ranges::find(kNames, name.substr(kPrefix.size())) != std::end(kNames);
}

// A name with a slip in it would mean some other policy's protocols and ciphers.
inline void check_ssl_policy(const std::optional<std::string>& name) {
  if (name && !is_ssl_policy(*name)) throw SSLPolicyNotFoundException("SSL policy '" + *name + "' not found");
}

}  // namespace landfall::elbv2
