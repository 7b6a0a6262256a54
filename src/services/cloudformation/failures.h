// Why a step of a resource failed, as CloudFormation says it, and whether it shall be tried again.
#pragma once

#include <functional>
#include <string>

#include "gateway/call.h"

namespace landfall::cloudformation {

// What another service answers while a resource is between two states, or is away itself: CloudFormation asks
// again.
bool passes(const ServiceError& error);
std::string reason_of(const ServiceError& error);

// A type's functions take the values of its properties for what they must be: where a template has a text for
// a list, or a member is missing further in, Boost.JSON throws. Then this throws a ValidationError.
void with_checked_values(const std::string& id, const std::function<void()>& body);

}  // namespace landfall::cloudformation
