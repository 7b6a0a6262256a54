// CloudWatch for the rest of control: recording metrics, and who acts on alarms.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/call.h"
#include "services/service.h"

namespace landfall::cloudwatch {

std::unique_ptr<Service> make_service(ControlPlane& plane);

// One observation, or a summary of several.
struct Sample {
  std::string metric_namespace;                   // "AWS/EC2"
  std::string name;                               // "CPUUtilization"
  std::map<std::string, std::string> dimensions;  // {{"InstanceId", "i-1"}}
  std::string unit = "None";
  Timestamp at;
  double count = 1, sum = 0, minimum = 0, maximum = 0;
};
inline Sample single(std::string metric_namespace, std::string name,
                     std::map<std::string, std::string> dimensions, double value, Timestamp at,
                     std::string unit) {
  return {std::move(metric_namespace),
          std::move(name),
          std::move(dimensions),
          std::move(unit),
          at,
          1,
          value,
          value,
          value};
}
// In the call's account, region and transaction.
void record(Call& call, const std::vector<Sample>& samples);

// Called when an alarm is in a state whose actions name an ARN with that prefix: at each change, and for
// scaling policies each period while it stays in ALARM, as AWS does. In a transaction of its own; may throw
// ServiceError, which goes into the alarm's history.
using ActionHandler =
    std::function<void(Call& call, std::string_view action_arn, std::string_view alarm_name)>;
void handle_actions(std::string arn_prefix,
                    ActionHandler handler);  // before make_service's start(); "arn:aws:autoscaling:"

}  // namespace landfall::cloudwatch
