#include <algorithm>
#include "logs/errors.h"
#include "logs/operations.h"
#include "services/logs/groups.h"

namespace landfall::logs {

namespace put_retention_policy {
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
constexpr int64_t kDays[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                             365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};
}  // namespace put_retention_policy

aws::Empty PutRetentionPolicy(Call& call, const PutRetentionPolicyRequest& in) {
  GroupRecord group = *find_group(call, *in.logGroupName);
  if (std::ranges::find(put_retention_policy::kDays, *in.retentionInDays) ==
      std::end(put_retention_policy::kDays)) {
    std::string known;
    for (int64_t days : put_retention_policy::kDays)
      known += (known.empty() ? "" : ", ") + std::to_string(days);
    throw InvalidParameterException(
        "1 validation error detected: Value '" + std::to_string(*in.retentionInDays) +
        "' at 'retentionInDays' failed to satisfy constraint: Member must satisfy "
        "enum value set: [" +
        known + "]");
  }
  group.retention_days = *in.retentionInDays;
  call.rows(kGroups).put(group.name, group);
  return {};
}

}  // namespace landfall::logs
