// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
#include <algorithm>

#include "cloudwatch/operations.h"
#include "gateway/call.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

DescribeAlarmHistoryOutput DescribeAlarmHistory(Call& call, const DescribeAlarmHistoryInput& in) {
  std::vector<AlarmHistoryItem> items;
  call.rows(kHistory).each([&](std::string_view, const HistoryRecord& record) {
    if (in.AlarmName && record.alarm != *in.AlarmName) return;
    if (in.HistoryItemType && record.type != *in.HistoryItemType) return;
    if ((in.StartDate && record.at < *in.StartDate) || (in.EndDate && *in.EndDate < record.at)) return;
    items.push_back({.AlarmName = record.alarm,
                     .AlarmType = "MetricAlarm",
                     .Timestamp = record.at,
                     .HistoryItemType = record.type,
                     .HistorySummary = record.summary});
  });
  const bool ascending = in.ScanBy.value_or("TimestampDescending") == "TimestampAscending";
  std::ranges::stable_sort(items, [&](const auto& a, const auto& b) {
    return ascending ? *a.Timestamp < *b.Timestamp : *b.Timestamp < *a.Timestamp;
  });
  if (const auto limit = static_cast<size_t>(in.MaxRecords.value_or(100)); items.size() > limit)
    items.resize(limit);
  return {.AlarmHistoryItems = std::move(items)};
}

}  // namespace landfall::cloudwatch
