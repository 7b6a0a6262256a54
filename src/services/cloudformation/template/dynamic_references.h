// Dynamic references: {{resolve:ssm:name:version}}, {{resolve:ssm-secure:...}} and
// {{resolve:secretsmanager:...}}, anywhere in the text of a property. Pure: who knows the values is asked.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <string>
#include <string_view>

namespace landfall::cloudformation {

inline constexpr size_t kMaxDynamicReferences = 60;  // quota: in a template

struct DynamicReference {
  enum class Kind { ssm, ssm_secure, secretsmanager };
  Kind kind = Kind::ssm;
  std::string name;      // of the parameter; of the secret, or its ARN
  std::string version;   // ssm: empty is the newest. secretsmanager: the version's id
  std::string stage;     // secretsmanager
  std::string json_key;  // secretsmanager: empty is the whole SecretString
};

// What stands between "{{resolve:" and "}}". Throws ServiceError("ValidationError").
DynamicReference parse_dynamic_reference(std::string_view text);

// The value with every reference in its strings replaced. `path` is where in the value it stands:
// "/UserData".
using ReferenceResolver = std::function<std::string(const DynamicReference&, const std::string& path)>;
boost::json::value resolve_references(const boost::json::value& value, const ReferenceResolver& resolver);

}  // namespace landfall::cloudformation
