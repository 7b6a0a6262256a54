#include "services/elbv2/dataplane/tls_policy.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr std::string_view kForwardSecretGcm =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-"
    "AES256-GCM-SHA384";
constexpr std::string_view kForwardSecretCbc =
    ":ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384";
constexpr std::string_view kForwardSecretSha1 =
    ":ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA:ECDHE-ECDSA-AES256-SHA";
constexpr std::string_view kRsa = ":AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256";
constexpr std::string_view kRsaSha1 = ":AES128-SHA:AES256-SHA";

bool has(std::string_view name, std::string_view part) { return name.find(part) != std::string_view::npos; }

}  // namespace

TlsPolicy tls_policy(std::string_view name) {
  TlsPolicy policy;
  if (has(name, "TLS13-1-3")) policy.minimum = net::TlsVersion::tls_1_3;
  if (!has(name, "TLS13") && !name.empty()) policy.maximum = net::TlsVersion::tls_1_2;
  policy.tls12_ciphers = kForwardSecretGcm;
  if (has(name, "-Res")) return policy;
  policy.tls12_ciphers += kForwardSecretCbc;
  if (has(name, "TLS13-1-2-2021") || has(name, "TLS13-1-2-FIPS") || has(name, "TLS13-1-2-PQ") ||
      has(name, "FS-1-2-2019"))
    return policy;
  if (has(name, "FS-") || has(name, "Ext0") || has(name, "Ext2") || has(name, "TLS13-1-0") ||
      has(name, "TLS13-1-1") || has(name, "2016-08") || has(name, "2015-05") || has(name, "TLS-1-1") ||
      has(name, "Ext-2018"))
    policy.tls12_ciphers += kForwardSecretSha1;
  if (has(name, "FS-") || has(name, "Ext0")) return policy;
  policy.tls12_ciphers += kRsa;
  if (has(name, "Ext2") || has(name, "2016-08") || has(name, "2015-05") || has(name, "Ext-2018") ||
      has(name, "TLS-1-1"))
    policy.tls12_ciphers += kRsaSha1;
  return policy;
}

}  // namespace landfall::elbv2::dataplane
