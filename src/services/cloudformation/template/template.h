// A CloudFormation template as a value: parsed from YAML (with the short function forms) or JSON, and
// checked. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
//
// Everything here is pure. Errors are ServiceError("ValidationError", 400, ...) as CloudFormation words them.
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::cloudformation {

inline constexpr size_t kMaxTemplateBytes = 1024 * 1024;  // quota: template body in S3; 51,200 in the request
inline constexpr size_t kMaxResources = 500;              // quota
inline constexpr size_t kMaxParameters = 200;             // quota
inline constexpr size_t kMaxOutputs = 200;                // quota
inline constexpr int kMaxTemplateDepth = 64;              // ours: nesting of values

// Parameters of these types are given the name of one of Systems Manager's; what is in the brackets is its
// value's type.
inline constexpr std::string_view kParameterStoreType = "AWS::SSM::Parameter::Value<";

struct DeclaredParameter {
  std::string type = "String";
  std::optional<std::string> default_value;
  std::vector<std::string> allowed_values;
  std::optional<std::string> allowed_pattern;
  std::optional<int64_t> min_length, max_length;
  std::optional<double> min_value, max_value;
  std::string constraint_description, description;
  bool no_echo = false;
};

struct DeclaredResource {
  std::string type;                // "AWS::EC2::VPC"
  boost::json::object properties;  // unevaluated
  std::vector<std::string> depends_on;
  std::string condition;                   // empty: none
  std::string deletion_policy = "Delete";  // Delete, Retain, Snapshot, RetainExceptOnCreate
  std::string update_replace_policy = "Delete";
  boost::json::value metadata, creation_policy, update_policy;
};

struct DeclaredOutput {
  boost::json::value value;        // unevaluated
  boost::json::value export_name;  // null: not exported
  std::string condition, description;
};

struct Template {
  std::string description;
  std::map<std::string, DeclaredParameter> parameters;
  boost::json::object mappings, conditions;
  std::map<std::string, DeclaredResource> resources;
  std::map<std::string, DeclaredOutput> outputs;
  boost::json::value metadata;

  // Parses and checks structure, names and references (that each Ref, GetAtt and DependsOn names something
  // there, that conditions exist, that resources do not depend on each other in a circle).
  static Template parse(std::string_view text);
};

// What `resource` refers to: Ref, Fn::GetAtt, Fn::Sub and DependsOn, resources only.
std::set<std::string> dependencies_of(const Template& body, const std::string& logical_id);

// The order of creation: each resource after all it depends on; ties by logical id. Only those in `wanted`.
// Throws "Circular dependency between resources: [A, B]".
std::vector<std::string> creation_order(const Template& body, const std::set<std::string>& wanted);

}  // namespace landfall::cloudformation
