// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeletePublicKey.html
#include <algorithm>
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"
#include "services/cloudfront/policies.h"

#include "services/cloudfront/keys.h"

namespace landfall::cloudfront {

aws::Empty DeletePublicKey(Call& call, const DeletePublicKeyRequest& in) {
  const PublicKeyRecord record = find_public_key(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  call.global_rows(kKeyGroups).each([&](std::string_view id, const KeyGroupRecord& group) {
    if (std::ranges::find(group.config.Items, record.id) != group.config.Items.end())
      throw PublicKeyInUse("The public key is used by the key group " + std::string(id) + ".");
  });
  call.global_rows(kPublicKeys).erase(record.id);
  return {};
}

}  // namespace landfall::cloudfront
