#include "secretsmanager/errors.h"
#include "secretsmanager/operations.h"
#include "services/secretsmanager/secrets.h"

namespace landfall::secretsmanager {

aws::Empty UntagResource(Call& call, const UntagResourceRequest& in) {
  SecretRecord secret = find_secret(call, *in.SecretId, "UntagResource");
  for (const std::string& key : in.TagKeys) secret.tags.erase(key);
  save(call, secret);
  return {};
}

}  // namespace landfall::secretsmanager
