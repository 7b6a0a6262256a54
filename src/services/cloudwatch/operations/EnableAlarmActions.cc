// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_EnableAlarmActions.html
#include "cloudwatch/operations.h"
#include "gateway/call.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

aws::Empty EnableAlarmActions(Call& call, const EnableAlarmActionsInput& in) {
  auto alarms = call.rows(kAlarms);
  for (const std::string& name : in.AlarmNames)
    if (const auto stored = alarms.get(name)) {
      AlarmRecord record = *stored;
      record.alarm.ActionsEnabled = true;
      alarms.put(name, record);
    }
  return {};
}

}  // namespace landfall::cloudwatch
