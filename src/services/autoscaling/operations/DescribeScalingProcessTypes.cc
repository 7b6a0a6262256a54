// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeScalingProcessTypes.html
#include "autoscaling/operations.h"
#include "services/autoscaling/groups.h"

namespace landfall::autoscaling {

ProcessesType DescribeScalingProcessTypes(Call&, const aws::Empty&) {
  ProcessesType out;
  for (const char* process : kProcesses) out.Processes.push_back({.ProcessName = process});
  return out;
}

}  // namespace landfall::autoscaling
