// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeEnvironments.html
#include <algorithm>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

EnvironmentDescriptionsMessage DescribeEnvironments(Call& call, const DescribeEnvironmentsMessage& in) {
  const auto among = [](const std::vector<std::string>& wanted, const std::optional<std::string>& value) {
    return wanted.empty() || std::ranges::find(wanted, value.value_or("")) != wanted.end();
  };
  EnvironmentDescriptionsMessage out;
  call.rows(kEnvironments).each([&](std::string_view, const EnvironmentRecord& record) {
    const EnvironmentDescription& one = record.shown;
    if (in.ApplicationName && one.ApplicationName != *in.ApplicationName) return;
    if (in.VersionLabel && one.VersionLabel != *in.VersionLabel) return;
    if (!among(in.EnvironmentIds, one.EnvironmentId) || !among(in.EnvironmentNames, one.EnvironmentName))
      return;
    if (!is_live(record) && (!in.IncludeDeleted.value_or(true) ||
                             (in.IncludedDeletedBackTo && *one.DateUpdated < *in.IncludedDeletedBackTo)))
      return;
    out.Environments.push_back(one);
  });
  // The living before the dead of the same name; newest first.
  std::ranges::stable_sort(out.Environments, [](const auto& a, const auto& b) {
    const bool a_gone = a.Status == "Terminated", b_gone = b.Status == "Terminated";
    return a_gone != b_gone ? b_gone : *b.DateCreated < *a.DateCreated;
  });
  out.Environments =
      page_of(in.NextToken, in.MaxRecords.value_or(1000), out.NextToken, std::move(out.Environments));
  return out;
}

}  // namespace landfall::elasticbeanstalk
