#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListAccountAliasesResponse ListAccountAliases(Call& call, const ListAccountAliasesRequest& in) {
  static_cast<void>(call);
  ListAccountAliasesResponse out;
  out.AccountAliases =
      paginate(in, out, std::vector<std::string>{}, [](const std::string& alias) { return alias; });
  return out;
}

}  // namespace landfall::iam
