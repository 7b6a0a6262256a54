#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

aws::Empty TagResource(Call& call, const TagResourceRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "TagResource");
  add_tags(call, secret, in.Tags);
  save(call, secret);
  return {};
}

}  // namespace landfall::secretsmanager
