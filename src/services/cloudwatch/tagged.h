// The tags of alarms and dashboards, by ARN.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cloudwatch/shapes.h"
#include "gateway/call.h"

namespace landfall::cloudwatch {

using Tags = std::map<std::string, std::string>;

// Lets `change` edit the tags of what the ARN names and keeps them. Throws ResourceNotFoundException.
void change_tags(Call& call, const std::string& arn, const std::function<void(Tags&)>& change);
Tags tags_of(Call& call, const std::string& arn);
// Sets tags; throws InvalidParameterValueException.
void add_tags(const Call& call, Tags& tags, const std::vector<Tag>& added);

std::string dashboard_arn(const Call& call, const std::string& name);

}  // namespace landfall::cloudwatch
