// What the files of AWS::IAM::* share.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "services/cloudformation/resource_type.h"

namespace landfall::cloudformation {

struct EntityKind {      // the operations' names differ by these
  const char* noun;      // Role, User, Group
  const char* name_key;  // RoleName, UserName, GroupName
};
inline constexpr EntityKind kRole{"Role", "RoleName"}, kUser{"User", "UserName"},
    kGroup{"Group", "GroupName"};

// A policy as the operations take it: templates write it as an object or as text.
std::string document(const boost::json::value& policy);

// Brings the holder's ManagedPolicyArns and Policies from what `before` says to what `now` does.
void change_policies(Work& work, const EntityKind& kind, const std::string& holder,
                     const boost::json::object& before, const boost::json::object& now);

}  // namespace landfall::cloudformation
