// The security policies that listeners name, as far as TLS 1.2 and 1.3 go (older versions are not spoken).
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
#pragma once

#include <string>
#include <string_view>

#include "net/tls.h"

namespace landfall::elbv2::dataplane {

struct TlsPolicy {
  net::TlsVersion minimum = net::TlsVersion::tls_1_2;
  net::TlsVersion maximum = net::TlsVersion::tls_1_3;
  std::string tls12_ciphers;
};

TlsPolicy tls_policy(std::string_view name);

}  // namespace landfall::elbv2::dataplane
