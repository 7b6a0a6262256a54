#include "services/cloudwatch/alarms.h"

#include <fmt/format.h>

#include <algorithm>

namespace landfall::cloudwatch {
namespace {

bool breaches(const MetricAlarm& alarm, double value) {
  const std::string comparison = alarm.ComparisonOperator.value_or("");
  const double threshold = alarm.Threshold.value_or(0);
  if (comparison == "GreaterThanThreshold") return value > threshold;
  if (comparison == "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison == "LessThanThreshold") return value < threshold;
  return value <= threshold;  // LessThanOrEqualToThreshold; others are refused by PutMetricAlarm
}

}  // namespace

Verdict judge(const MetricAlarm& alarm, const std::vector<std::optional<double>>& periods) {
  const std::string missing = alarm.TreatMissingData.value_or("missing");
  const auto needed =
      static_cast<size_t>(alarm.DatapointsToAlarm.value_or(alarm.EvaluationPeriods.value_or(1)));
  size_t breaching = 0, present = 0;
  std::string values;
  for (const auto& period : periods) {
    bool bad = missing == "breaching";
    if (period) {
      ++present;
      bad = breaches(alarm, *period);
      values += fmt::format("{}{}", values.empty() ? "" : ", ", *period);
    }
    breaching += bad;
  }
  if (present == 0 && missing == "missing")
    return {"INSUFFICIENT_DATA",
            fmt::format("Insufficient Data: {} datapoints were unknown.", periods.size())};
  if (present == 0 && missing == "ignore") return {};
  const std::string crossed = fmt::format(
      "Threshold Crossed: {} out of the last {} datapoints [{}] {} the threshold ({}) (minimum {} "
      "datapoint{} for OK -> ALARM transition).",
      breaching, periods.size(), values, "crossed", alarm.Threshold.value_or(0), needed,
      needed == 1 ? "" : "s");
  if (breaching >= needed) return {"ALARM", crossed};
  // With data missing in the range and the alarm "ignore"d or undecided, what is there decides.
  if (present + (missing == "missing" || missing == "ignore" ? 0 : periods.size()) == 0) return {};
  return {"OK", crossed};
}

void add_history(Call& call, const std::string& alarm, const std::string& type, const std::string& summary,
                 const std::string& data) {
  auto history = call.rows(kHistory);
  std::vector<std::string> ids;
  call.txn.each<HistoryRecord>(
      kHistory, call.scope() + alarm + "/",
      [&](std::string_view id, const HistoryRecord&) { ids.emplace_back(id.substr(call.scope().size())); });
  for (size_t i = 0; ids.size() >= kHistoryPerAlarm && i <= ids.size() - kHistoryPerAlarm; ++i)
    history.erase(ids[i]);
  history.put(fmt::format("{}/{:015d}-{}", alarm, call.now.unix_ms, call.random().hex(4)),
              {alarm, type, summary, data, call.now});
}

void set_state(Call& call, AlarmRecord& record, const std::string& state, const std::string& reason,
               const std::string& data) {
  const std::string before = record.alarm.StateValue.value_or("INSUFFICIENT_DATA");
  record.alarm.StateReason = reason;
  if (!data.empty()) record.alarm.StateReasonData = data;
  record.alarm.StateUpdatedTimestamp = call.now;
  if (before == state) return;
  record.alarm.StateValue = state;
  record.alarm.StateTransitionedTimestamp = call.now;
  add_history(call, record.alarm.AlarmName.value_or(""), "StateUpdate",
              "Alarm updated from " + before + " to " + state, data);
}

const std::vector<std::string>& actions_of(const MetricAlarm& alarm) {
  const std::string state = alarm.StateValue.value_or("");
  if (state == "ALARM") return alarm.AlarmActions;
  if (state == "OK") return alarm.OKActions;
  return alarm.InsufficientDataActions;
}

}  // namespace landfall::cloudwatch
