// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
#include "cloudwatch/errors.h"
#include "cloudwatch/operations.h"
#include "gateway/call.h"
#include "services/cloudwatch/store.h"

namespace landfall::cloudwatch {

aws::Empty DeleteAlarms(Call& call, const DeleteAlarmsInput& in) {
  auto alarms = call.rows(kAlarms);
  for (const std::string& name : in.AlarmNames)
    if (!alarms.has(name)) throw ResourceNotFound("Unknown alarm " + name);
  for (const std::string& name : in.AlarmNames) alarms.erase(name);
  return {};
}

}  // namespace landfall::cloudwatch
