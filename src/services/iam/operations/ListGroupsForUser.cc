#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListGroupsForUserResponse ListGroupsForUser(Call& call, const ListGroupsForUserRequest& in) {
  ListGroupsForUserResponse out;
  std::vector<Group> all;
  for (const std::string& name : find_user(call, in.UserName.value()).groups)
    all.push_back(answer(find_group(call, name)));
  out.Groups = paginate(in, out, std::move(all), [](const Group& group) { return *group.GroupName; });
  return out;
}

}  // namespace landfall::iam
