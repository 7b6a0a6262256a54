// Alarms: the state that the data says (pure), its changes, and what follows from them.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/call.h"
#include "services/cloudwatch/metrics.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

struct Verdict {
  std::string state;  // OK, ALARM, INSUFFICIENT_DATA; empty: stays as it is
  std::string reason;
};

// `periods` oldest first, one entry for each of the evaluation periods, nullopt where there is no data. Pure.
Verdict judge(const MetricAlarm& alarm, const std::vector<std::optional<double>>& periods);

// What DescribeAlarmHistory shows.
void add_history(Call& call, const std::string& alarm, const std::string& type, const std::string& summary,
                 const std::string& data);
// Sets the state, writes history. Actions follow from the reconciler.
void set_state(Call& call, AlarmRecord& record, const std::string& state, const std::string& reason,
               const std::string& data);

const std::vector<std::string>& actions_of(const MetricAlarm& alarm);  // of its present state

}  // namespace landfall::cloudwatch
