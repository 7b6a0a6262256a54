// Values that a template names and does not hold: parameters of Systems Manager and secrets. They are asked
// for with the rights of the stack's role or caller.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>

#include "gateway/call.h"
#include "services/cloudformation/store.h"
#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {

// The properties with their dynamic references resolved. Throws what the services say, or ValidationError
// where ssm-secure may not stand.
boost::json::value resolved(Call& call, const StackCaller& caller, const std::string& type,
                            const boost::json::value& properties);

// The values of the template's parameters of types AWS::SSM::Parameter::Value<...>, by the parameters' names.
std::map<std::string, std::string> parameter_store_values(Call& call, const StackCaller& caller,
                                                          const Template& body,
                                                          const std::map<std::string, std::string>& given);

// A resource's real properties, sealed for the store: what may be shown is in its record in the clear.
std::string seal_properties(Call& call, const std::string& context, const boost::json::object& properties);
boost::json::object unseal_properties(const ControlPlane& plane, const std::string& context,
                                      const std::string& sealed);

}  // namespace landfall::cloudformation
