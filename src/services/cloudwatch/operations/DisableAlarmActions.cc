// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DisableAlarmActions.html
#include "cloudwatch/operations.h"
#include "gateway/call.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

aws::Empty DisableAlarmActions(Call& call, const DisableAlarmActionsInput& in) {
  auto alarms = call.rows(kAlarms);
  for (const std::string& name : in.AlarmNames)
    if (const auto stored = alarms.get(name)) {
      AlarmRecord record = *stored;
      record.alarm.ActionsEnabled = false;
      alarms.put(name, record);
    }
  return {};
}

}  // namespace landfall::cloudwatch
