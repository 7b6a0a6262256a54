// What control tells edge about the region's own endpoints: the certificate for their names.
// kind "EndpointSnapshot", id "region".
#pragma once

#include <string>
#include <vector>

#include "base/secret.h"

namespace landfall::roles {

inline constexpr char kEndpointKind[] = "EndpointSnapshot";

struct EndpointSnapshot {
  std::string chain_pem;
  Secret key_pem;
  std::vector<std::string> names;
  template <class V>
  void fields(V& v) {
    v("chain_pem", chain_pem);
    v("key_pem", key_pem);
    v("names", names);
  }
};

}  // namespace landfall::roles
