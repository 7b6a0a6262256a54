// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
#include <boost/json.hpp>

#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/store.h"
#include "services/cloudwatch/tagged.h"

namespace landfall::cloudwatch {

PutDashboardOutput PutDashboard(Call& call, const PutDashboardInput& in) {
  constexpr size_t kMaxName = 255;
  const bool named = !in.DashboardName->empty() && in.DashboardName->size() <= kMaxName &&
                     in.DashboardName->find_first_not_of(
                         "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "abcdefghijklmnopqrstuvwxyz-_") == std::string::npos;
  if (!named)
    throw DashboardInvalidInputError(
        "The value " + *in.DashboardName +
        " for field DashboardName contains invalid characters. It can only contain "
        "alphanumerics, dash (-) and underscore (_).");
  boost::system::error_code problem;
  const boost::json::value body = boost::json::parse(*in.DashboardBody, problem);
  if (problem || !body.is_object())
    throw DashboardInvalidInputError("The field DashboardBody must be a valid JSON object");
  auto rows = call.global_rows(kDashboards);
  const auto existing = rows.get(*in.DashboardName);
  DashboardRecord record = existing ? *existing : DashboardRecord{};
  record.body = *in.DashboardBody;
  record.modified = call.now;
  if (!existing) add_tags(call, record.tags, in.Tags);
  rows.put(*in.DashboardName, std::move(record));
  return {};
}

}  // namespace landfall::cloudwatch
