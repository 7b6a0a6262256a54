// A Procfile: what processes an application has. Pure.
// https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/go-procfile.html
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::agent {

// "web: ./server --flag" a line; blank lines and those that start with '#' are skipped. Name -> command.
Result<std::map<std::string, std::string>> parse_procfile(std::string_view text);

}  // namespace landfall::agent
