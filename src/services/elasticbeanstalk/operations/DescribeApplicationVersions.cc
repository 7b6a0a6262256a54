// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_DescribeApplicationVersions.html
#include <algorithm>

#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

ApplicationVersionDescriptionsMessage DescribeApplicationVersions(
    Call& call, const DescribeApplicationVersionsMessage& in) {
  ApplicationVersionDescriptionsMessage out;
  for (const auto& [key, record] : call.rows(kVersions).all()) {
    if (in.ApplicationName && record->shown.ApplicationName != *in.ApplicationName) continue;
    if (!in.VersionLabels.empty() &&
        std::ranges::find(in.VersionLabels, *record->shown.VersionLabel) == in.VersionLabels.end())
      continue;
    out.ApplicationVersions.push_back(record->shown);
  }
  std::ranges::stable_sort(out.ApplicationVersions,
                           [](const auto& a, const auto& b) { return *b.DateCreated < *a.DateCreated; });
  out.ApplicationVersions =
      page_of(in.NextToken, in.MaxRecords.value_or(1000), out.NextToken, std::move(out.ApplicationVersions));
  return out;
}

}  // namespace landfall::elasticbeanstalk
