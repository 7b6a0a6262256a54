// What of an instance is told back as it was given: credits, CPU options, tenancy, capacity, recovery, names.
#pragma once

#include <string>

#include "ec2/shapes.h"
#include "services/ec2/instance_types.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

// Throws InvalidParameterValue, InvalidParameterCombination.
InstanceSettingsRecord settings_of(const RunInstancesRequest& in, const InstanceTypeFacts& type);
std::string cpu_credits_of(const InstanceRecord& instance);  // of a burstable one: given, or its type's own
std::string checked_credits(const std::string& credits);
std::string checked_recovery(const std::string& recovery);
std::string checked_hostname_type(const std::string& type);
std::string checked_capacity(const std::string& preference);

}  // namespace landfall::ec2
