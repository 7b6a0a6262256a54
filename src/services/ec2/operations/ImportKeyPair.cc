#include "ec2/operations.h"
#include "services/ec2/key_pairs.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

ImportKeyPairResult ImportKeyPair(Call& call, const ImportKeyPairRequest& in) {
  const TagMap tags = tags_for(in.TagSpecifications, "key-pair");
  const KeyPairRecord record = import_key(call, in.KeyName.value_or(""), in.PublicKeyMaterial.value_or(""));
  put_tags(call, record.key_pair_id, "key-pair", tags);
  ImportKeyPairResult out;
  out.KeyFingerprint = record.fingerprint;
  out.KeyName = record.name;
  out.KeyPairId = record.key_pair_id;
  out.Tags = render_tags(tags);
  return out;
}

}  // namespace landfall::ec2
