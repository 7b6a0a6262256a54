// What the files of AWS::EC2::* share.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

boost::json::array tag_specifications(const Work& work, const boost::json::object& properties,
                                      const char* resource_type);

// The named properties, with the resource's tags as a Create* operation takes them.
boost::json::object tagged(Work& work, const boost::json::object& properties, const char* resource_type,
                           std::initializer_list<std::string_view> names);

// Sets the tags of now and removes those that were there before only.
void retag(Work& work, const boost::json::object& before, const boost::json::object& now,
           const std::string& resource_id);

// The association of the subnet with its network ACL, whichever that is.
std::string acl_association_of(Work& work, const std::string& subnet_id);

}  // namespace landfall::cloudformation
