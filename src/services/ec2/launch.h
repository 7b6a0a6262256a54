// RunInstances: the request with its launch template, checked, as instances.
#pragma once

#include <vector>

#include "ec2/shapes.h"
#include "services/ec2/launch_template_store.h"
#include "services/ec2/store.h"

namespace landfall {
struct Call;
}

namespace landfall::ec2 {

// The request with what the launch template says wherever the request is silent.
RunInstancesRequest merge_launch_template(const Call& call, const RunInstancesRequest& in);

// Makes the instances, all or none. Throws EC2's errors.
std::vector<InstanceRecord> launch(Call& call, const RunInstancesRequest& in);

}  // namespace landfall::ec2
