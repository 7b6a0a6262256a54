#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListUsersResponse ListUsers(Call& call, const ListUsersRequest& in) {
  ListUsersResponse out;
  std::vector<User> all;
  call.global_rows(kUsers).each([&](std::string_view, const UserRecord& user) {
    if (user.entity.path.starts_with(in.PathPrefix.value_or("/")))
      all.push_back(answer(user, Detail::in_list));
  });
  out.Users = paginate(in, out, std::move(all), [](const User& user) { return *user.UserName; });
  return out;
}

}  // namespace landfall::iam
