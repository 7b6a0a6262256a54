#include "ec2/operations.h"
#include "services/ec2/key_pairs.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

// Deleting what is not there succeeds, as in EC2.
DeleteKeyPairResult DeleteKeyPair(Call& call, const DeleteKeyPairRequest& in) {
  DeleteKeyPairResult out;
  out.Return = true;
  std::shared_ptr<const KeyPairRecord> key;
  if (in.KeyPairId) {
    key = require_key_by_id(call, *in.KeyPairId);
  } else if (in.KeyName) {
    key = rows(call, kKeyPairs).get(*in.KeyName);
  } else {
    throw_missing("KeyName or KeyPairId");
  }
  if (!key) return out;
  out.KeyPairId = key->key_pair_id;
  forget_tags(call, key->key_pair_id);
  rows(call, kKeyPairs).erase(std::string(key->name));
  return out;
}

}  // namespace landfall::ec2
