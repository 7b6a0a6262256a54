// Vault: secrets at rest. AES-256-GCM under a key file of control's (mode 0600), bound to a context, the ARN
// of what the secret belongs to: a copy of the store alone gives no secret away, and a sealed value cannot be
// moved to another resource. Each service has a key of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace landfall {

class Vault {
 public:
  // Loads the key file, or makes it. Cheap: a handler opens it when it needs it, so that no state is shared.
  static Result<Vault> open(const std::string& key_file);

  std::string seal(std::string_view context, const Secret& value, Random& random) const;  // base64
  Result<Secret> unseal(std::string_view context, std::string_view sealed) const;

 private:
  explicit Vault(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace landfall
