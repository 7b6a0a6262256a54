#include "ec2/operations.h"
#include "services/ec2/key_pairs.h"
#include "services/ec2/resources.h"

namespace landfall::ec2 {

KeyPair CreateKeyPair(Call& call, const CreateKeyPairRequest& in) {
  if (in.KeyFormat.value_or("pem") != "pem")
    throw_invalid(fmt::format("Invalid value '{}' for KeyFormat. Only pem is offered.", *in.KeyFormat));
  const TagMap tags = tags_for(in.TagSpecifications, "key-pair");
  const CreatedKey created = create_key(call, in.KeyName.value_or(""), in.KeyType.value_or("rsa"));
  put_tags(call, created.record.key_pair_id, "key-pair", tags);
  KeyPair out;
  out.KeyPairId = created.record.key_pair_id;
  out.Tags = render_tags(tags);
  out.KeyName = created.record.name;
  out.KeyFingerprint = created.record.fingerprint;
  out.KeyMaterial = created.private_key_pem.reveal();
  return out;
}

}  // namespace landfall::ec2
