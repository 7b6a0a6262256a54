// The other services' resources that an environment is made of: made, changed and taken down within one
// transaction.
#pragma once

#include <string>

#include "agent/document.h"
#include "services/elasticbeanstalk/options.h"
#include "services/elasticbeanstalk/store.h"

namespace landfall::elasticbeanstalk {

// Makes what is missing and changes what is otherwise than the plan; tells it as events. Throws ServiceError.
void apply_plan(Call& call, EnvironmentRecord& record, const Plan& plan, const VersionRecord* version);

// Takes down everything but what the Auto Scaling group's instances still need.
void take_down_group(Call& call, EnvironmentRecord& record);
bool group_is_gone(Call& call, const EnvironmentRecord& record);
// The rest, once the group is gone. Throws DependencyViolation while somebody uses a security group.
void take_down_rest(Call& call, EnvironmentRecord& record);

// The user data of an instance: writes the document and starts the agent. Pure.
std::string user_data_of(const agent::Document& document);

}  // namespace landfall::elasticbeanstalk
