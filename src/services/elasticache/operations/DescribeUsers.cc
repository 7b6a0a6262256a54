// https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_DescribeUsers.html
#include "base/ascii.h"
#include "elasticache/errors.h"
#include "elasticache/operations.h"
#include "services/elasticache/groups.h"
#include "services/elasticache/users.h"

namespace landfall::elasticache {

DescribeUsersResult DescribeUsers(Call& call, const DescribeUsersMessage& in) {
  DescribeUsersResult out;
  if (in.UserId) {
    out.Users.push_back(shown_user(call, find_user(call, *in.UserId)));
    return out;
  }
  std::map<std::string, UserRecord> users{{"default", find_user(call, "default")}};
  for (const auto& [id, record] : call.rows(kUsers).all()) users[id] = *record;
  for (const auto& [id, record] : users) {
    if ((in.Marker && id <= *in.Marker) || (in.Engine && ascii_lower(*in.Engine) != *record.shown.Engine))
      continue;
    if (out.Users.size() == static_cast<size_t>(in.MaxRecords.value_or(100))) {
      out.Marker = out.Users.back().UserId;
      break;
    }
    out.Users.push_back(shown_user(call, record));
  }
  return out;
}

}  // namespace landfall::elasticache
