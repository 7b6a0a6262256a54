// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdatePublicKey.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/keys.h"
#include "services/cloudfront/policies.h"

namespace landfall::cloudfront {

UpdatePublicKeyResult UpdatePublicKey(Call& call, const UpdatePublicKeyRequest& in) {
  PublicKeyRecord record = find_public_key(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  if (in.PublicKeyConfig->EncodedKey != record.config.EncodedKey ||
      in.PublicKeyConfig->CallerReference != record.config.CallerReference ||
      in.PublicKeyConfig->Name != record.config.Name)
    throw CannotChangeImmutablePublicKeyFields("You can't change the value of a public key.");
  record.config = *in.PublicKeyConfig;
  record.etag = new_id(call);
  call.global_rows(kPublicKeys).put(record.id, record);
  return {.PublicKey =
              PublicKey{.Id = record.id, .CreatedTime = record.modified, .PublicKeyConfig = record.config},
          .ETag = record.etag};
}

}  // namespace landfall::cloudfront
