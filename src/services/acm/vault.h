// Vault: private keys at rest. AES-256-GCM under a key file of control's (mode 0600), bound to the
// certificate's ARN: a copy of the store alone gives no key away, and a sealed key cannot be moved to another
// certificate.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace landfall::acm {

class Vault {
 public:
  // Loads, or makes, <folder>/acm.key. Cheap: a handler opens it when it needs it, so that no state is
  // shared.
  static Result<Vault> open(const std::string& folder);

  std::string seal(std::string_view arn, const Secret& value, Random& random) const;  // base64
  Result<Secret> unseal(std::string_view arn, std::string_view sealed) const;

 private:
  explicit Vault(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace landfall::acm
