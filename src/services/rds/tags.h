// Tags of whatever an RDS ARN names.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "services/rds/instances.h"

namespace landfall::rds {

// Lets `change` see and change the tags of the thing; written back if they changed. Throws what is not found.
void change_tags(Call& call, const std::string& arn,
                 const std::function<void(std::map<std::string, std::string>&)>& change);

}  // namespace landfall::rds
