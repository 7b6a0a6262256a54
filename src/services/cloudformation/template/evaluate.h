// Evaluation of a template's values: Ref, Fn::* and conditions, against parameters and the resources made so
// far. Pure.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
#pragma once

#include <boost/json/value.hpp>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {

struct Environment {
  const Template* body = nullptr;
  std::map<std::string, boost::json::value> parameters;  // resolved: strings, or arrays for list types
  // Pseudo parameters.
  std::string account, region, partition = "aws", url_suffix = "amazonaws.com", stack_id, stack_name;
  std::vector<std::string> notification_arns, availability_zones;
  // Of a resource that exists; nullopt: not made (yet). Missing attributes are refused by throwing.
  std::function<std::optional<std::string>(const std::string& logical_id)> ref;
  std::function<boost::json::value(const std::string& logical_id, const std::string& attribute)> get_att;
  std::function<std::string(const std::string& name)> import_value;
  // For what is shown: a NoEcho parameter is "****", except in conditions.
  bool mask_no_echo = false;
  // Dynamic references of what Fn::Base64 encodes; later nobody could see them. Empty: they stay as they are.
  std::function<boost::json::value(const boost::json::value&)> resolve;
};

inline constexpr char kMaskedValue[] = "****";

// Parameters as given and defaults, checked against their declarations; list types split at commas. Throws
// ValidationError.
// `stored`: the values of those of type AWS::SSM::Parameter::Value<...>, as far as they are known.
std::map<std::string, boost::json::value> resolve_parameters(
    const Template& body, const std::map<std::string, std::string>& given,
    const std::map<std::string, std::string>& stored = {});

bool evaluate_condition(const Environment& environment, const std::string& name);

// AWS::NoValue removes the member it stands in. Throws ServiceError("ValidationError").
boost::json::value evaluate(const Environment& environment, const boost::json::value& value);

}  // namespace landfall::cloudformation
