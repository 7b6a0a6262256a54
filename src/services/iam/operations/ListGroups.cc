#include "iam/errors.h"
#include "iam/operations.h"
#include "services/iam/answers.h"
#include "services/iam/records.h"

namespace landfall::iam {

ListGroupsResponse ListGroups(Call& call, const ListGroupsRequest& in) {
  ListGroupsResponse out;
  std::vector<Group> all;
  call.global_rows(kGroups).each([&](std::string_view, const GroupRecord& group) {
    if (group.entity.path.starts_with(in.PathPrefix.value_or("/"))) all.push_back(answer(group));
  });
  out.Groups = paginate(in, out, std::move(all), [](const Group& group) { return *group.GroupName; });
  return out;
}

}  // namespace landfall::iam
