// Tags of whatever an ElastiCache ARN names.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "services/elasticache/groups.h"

namespace landfall::elasticache {

using Tags = std::map<std::string, std::string>;
// Lets `change` see and change the tags; written back if they changed. Throws what is not found, or
// InvalidARN.
Tags change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change);

}  // namespace landfall::elasticache
