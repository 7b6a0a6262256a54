// Calling other services' operations by name, with the rights of a stack's caller.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "gateway/call.h"

namespace landfall::cloudformation {

struct StackCaller;

// Authorises as the caller (through plane.authorize_operation), then runs the handler in call's transaction.
boost::json::object invoke(Call& call, const StackCaller& caller, std::string_view service,
                           std::string_view operation, const boost::json::object& input);

// The principal that S3 requests of the stack are made as: JSON for S3Client::Request::principal.
std::string s3_principal(const Call& call, const StackCaller& caller);

}  // namespace landfall::cloudformation
