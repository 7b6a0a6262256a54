// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ResumeProcesses.html
#include <algorithm>

#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

aws::Empty ResumeProcesses(Call& call, const ScalingProcessQuery& in) {
  GroupRecord record = find_group(call, *in.AutoScalingGroupName);
  std::vector<std::string> processes = in.ScalingProcesses;
  if (processes.empty()) processes.assign(std::begin(kProcesses), std::end(kProcesses));
  for (const std::string& process : processes) {
    if (std::ranges::find(kProcesses, process) == std::end(kProcesses))
      throw ServiceError("ValidationError", 400, "Invalid scaling process: " + process);
    record.suspended.erase(process);
  }
  put_group(call, record);
  return {};
}

}  // namespace landfall::autoscaling
