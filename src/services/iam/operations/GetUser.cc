#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetUserResponse GetUser(Call& call, const GetUserRequest& in) {
  const std::string name = user_or_caller(call, in.UserName);
  if (!name.empty()) return {.User = answer(find_user(call, name), Detail::full)};
  // The root user: no name of its own, its id is the account's.
  User root{.Path = "/", .UserName = "root", .UserId = call.account, .Arn = call.global_arn("iam", "root")};
  if (auto account = call.global_rows(kAccounts).get(kAccountRow)) root.CreateDate = account->created;
  return {.User = std::move(root)};
}

}  // namespace landfall::iam
