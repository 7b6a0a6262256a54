// SSH key pairs: made or imported, kept as OpenSSH public keys.
#pragma once

#include <memory>
#include <string>

#include "services/ec2/resources.h"

namespace landfall::ec2 {

struct CreatedKey {
  KeyPairRecord record;
  Secret private_key_pem;  // PKCS#8 or PKCS#1 PEM; not kept
};
// type: "rsa" (2048 bits) or "ed25519".
CreatedKey create_key(Call& call, const std::string& name, const std::string& type);
// material: OpenSSH's "ssh-rsa AAAA... comment".
KeyPairRecord import_key(Call& call, const std::string& name, const std::string& material);
std::shared_ptr<const KeyPairRecord> require_key_by_id(const Call& call, const std::string& id);

}  // namespace landfall::ec2
