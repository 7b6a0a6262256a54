// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_SetAlarmState.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "services/cloudwatch/alarms.h"

namespace landfall::cloudwatch {

aws::Empty SetAlarmState(Call& call, const SetAlarmStateInput& in) {
  auto alarms = call.rows(kAlarms);
  const auto stored = alarms.get(*in.AlarmName);
  if (!stored) throw ResourceNotFound("Unknown alarm " + *in.AlarmName);
  AlarmRecord record = *stored;
  set_state(call, record, *in.StateValue, *in.StateReason, in.StateReasonData.value_or(""));
  alarms.put(*in.AlarmName, record);
  return {};
}

}  // namespace landfall::cloudwatch
