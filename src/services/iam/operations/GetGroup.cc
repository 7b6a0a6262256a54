#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

GetGroupResponse GetGroup(Call& call, const GetGroupRequest& in) {
  const GroupRecord group = find_group(call, in.GroupName.value());
  GetGroupResponse out{.Group = answer(group)};
  std::vector<User> all;
  for (const UserRecord& user : members_of(call, group.entity.name))
    all.push_back(answer(user, Detail::in_list));
  out.Users = paginate(in, out, std::move(all), [](const User& user) { return *user.UserName; });
  return out;
}

}  // namespace landfall::iam
