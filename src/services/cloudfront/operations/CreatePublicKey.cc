// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreatePublicKey.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

CreatePublicKeyResult CreatePublicKey(Call& call, const CreatePublicKeyRequest& in) {
  PublicKeyRecord record{.id = "K" + new_id(call).substr(1),
                         .etag = new_id(call),
                         .modified = call.now,
                         .config = *in.PublicKeyConfig};
  check_public_key(call, record.config);
  std::shared_ptr<const PublicKeyRecord> same;
  call.global_rows(kPublicKeys).each([&](std::string_view, const PublicKeyRecord& other) {
    if (other.config.CallerReference == record.config.CallerReference &&
        other.config.EncodedKey == record.config.EncodedKey && other.config.Name == record.config.Name) {
      same = std::make_shared<const PublicKeyRecord>(other);  // the same request again
      return;
    }
    if (other.config.CallerReference == record.config.CallerReference)
      throw PublicKeyAlreadyExists("The caller reference is that of another public key.");
    if (other.config.Name == record.config.Name)
      throw PublicKeyAlreadyExists("A public key with this name already exists: " + *record.config.Name);
  });
  if (same) {
    record = *same;
  } else {
    call.global_rows(kPublicKeys).put(record.id, record);
  }
  return {.PublicKey =
              PublicKey{.Id = record.id, .CreatedTime = record.modified, .PublicKeyConfig = record.config},
          .Location = "https://cloudfront.amazonaws.com/2020-05-31/public-key/" + record.id,
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
