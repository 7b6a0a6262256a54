#include "services/cloudformation/template/template.h"

#include <boost/json.hpp>
#include <functional>

#include "aws/service_error.h"
#include "services/cloudformation/template/yaml.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

[[noreturn]] void invalid(const std::string& why) { throw ServiceError("ValidationError", 400, why); }

const json::object& object_of(const json::value& value, const std::string& where) {
  if (!value.is_object()) invalid("Template format error: " + where + " must be an object.");
  return value.as_object();
}

std::string text_of(const json::value& value, const std::string& where) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_int64() || value.is_double() || value.is_uint64() || value.is_bool())
    return json::serialize(value);
  invalid("Template format error: " + where + " must be a string.");
}

std::optional<double> number_of(const json::object& object, const char* name, const std::string& where) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  boost::system::error_code error;
  if (value->is_string()) {
    try {
      return std::stod(std::string(value->as_string()));
    } catch (const std::exception&) {
      invalid("Template format error: " + where + "." + name + " must be a number.");
    }
  }
  const double number = value->to_number<double>(error);
  if (error) invalid("Template format error: " + where + "." + name + " must be a number.");
  return number;
}

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
bool is_parameter_type(std::string_view type) {
  for (std::string_view wrapper : {kParameterStoreType, std::string_view("List<")})
    if (type.starts_with(wrapper) && type.ends_with('>')) {
      const std::string_view inner = type.substr(wrapper.size(), type.size() - wrapper.size() - 1);
      return !inner.starts_with(wrapper) && is_parameter_type(inner);
    }
  return type == "String" || type == "Number" || type == "CommaDelimitedList" || type.starts_with("AWS::");
}

DeclaredParameter parse_parameter(const std::string& name, const json::object& object) {
  const std::string where = "Parameters." + name;
  DeclaredParameter parameter;
  const json::value* type = object.if_contains("Type");
  if (type == nullptr) invalid("Template format error: Every Parameters object must contain a Type member.");
  parameter.type = text_of(*type, where + ".Type");
  if (!is_parameter_type(parameter.type))
    invalid("Template format error: Unrecognized parameter type: " + parameter.type);
  if (const auto* v = object.if_contains("Default"))
    parameter.default_value = text_of(*v, where + ".Default");
  if (const auto* v = object.if_contains("AllowedValues")) {
    if (!v->is_array()) invalid("Template format error: " + where + ".AllowedValues must be a list.");
    for (const auto& item : v->as_array())
      parameter.allowed_values.push_back(text_of(item, where + ".AllowedValues"));
  }
  if (const auto* v = object.if_contains("AllowedPattern"))
    parameter.allowed_pattern = text_of(*v, where + ".AllowedPattern");
  if (auto n = number_of(object, "MinLength", where)) parameter.min_length = static_cast<int64_t>(*n);
  if (auto n = number_of(object, "MaxLength", where)) parameter.max_length = static_cast<int64_t>(*n);
  parameter.min_value = number_of(object, "MinValue", where);
  parameter.max_value = number_of(object, "MaxValue", where);
  if (const auto* v = object.if_contains("ConstraintDescription"))
    parameter.constraint_description = text_of(*v, where);
  if (const auto* v = object.if_contains("Description")) parameter.description = text_of(*v, where);
  if (const auto* v = object.if_contains("NoEcho")) parameter.no_echo = text_of(*v, where) == "true";
  return parameter;
}

std::string policy_of(const json::object& object, const char* name, const std::string& where) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return "Delete";
  const std::string policy = text_of(*value, where + "." + name);
  if (policy != "Delete" && policy != "Retain" && policy != "Snapshot" && policy != "RetainExceptOnCreate")
    invalid("Template format error: Unrecognized " + std::string(name) + " " + policy + " for resource " +
            where);
  return policy;
}

DeclaredResource parse_resource(const std::string& id, const json::object& object) {
  static const std::set<std::string> kMembers{"Type",           "Properties",     "DependsOn",
                                              "Condition",      "DeletionPolicy", "Metadata",
                                              "CreationPolicy", "UpdatePolicy",   "UpdateReplacePolicy"};
  for (const auto& member : object)
    if (!kMembers.contains(std::string(member.key())))
      invalid("Template format error: Invalid template resource property '" + std::string(member.key()) +
              "'");
  DeclaredResource resource;
  const json::value* type = object.if_contains("Type");
  if (type == nullptr || !type->is_string())
    invalid("Template format error: [/Resources/" + id +
            "] Every Resources object must contain a Type member.");
  resource.type = std::string(type->as_string());
  if (const auto* v = object.if_contains("Properties"); v != nullptr && !v->is_null())
    resource.properties = object_of(*v, "/Resources/" + id + "/Properties");
  if (const auto* v = object.if_contains("DependsOn")) {
    if (v->is_array()) {
      for (const auto& item : v->as_array())
        resource.depends_on.push_back(text_of(item, "DependsOn of " + id));
    } else {
      resource.depends_on.push_back(text_of(*v, "DependsOn of " + id));
    }
  }
  if (const auto* v = object.if_contains("Condition")) resource.condition = text_of(*v, "Condition of " + id);
  resource.deletion_policy = policy_of(object, "DeletionPolicy", id);
  resource.update_replace_policy = policy_of(object, "UpdateReplacePolicy", id);
  if (const auto* v = object.if_contains("Metadata")) resource.metadata = *v;
  if (const auto* v = object.if_contains("CreationPolicy")) resource.creation_policy = *v;
  if (const auto* v = object.if_contains("UpdatePolicy")) resource.update_policy = *v;
  return resource;
}

DeclaredOutput parse_output(const std::string& name, const json::object& object) {
  DeclaredOutput output;
  const json::value* value = object.if_contains("Value");
  if (value == nullptr) invalid("Template format error: Output " + name + " is malformed: it needs a Value.");
  output.value = *value;
  if (const auto* v = object.if_contains("Export")) {
    const json::object& exported = object_of(*v, "Outputs." + name + ".Export");
    if (const auto* export_name = exported.if_contains("Name")) output.export_name = *export_name;
  }
  if (const auto* v = object.if_contains("Condition")) output.condition = text_of(*v, "Outputs." + name);
  if (const auto* v = object.if_contains("Description")) output.description = text_of(*v, "Outputs." + name);
  return output;
}

// Calls `visit` with each name that the value refers to: {"Ref": n}, {"Fn::GetAtt": [n, ..]}, ${n} and ${n.a}
// in Fn::Sub.
void each_reference(const json::value& value, const std::function<void(const std::string&)>& visit) {
  if (value.is_array()) {
    for (const auto& item : value.as_array()) each_reference(item, visit);
    return;
  }
  if (!value.is_object()) return;
  const json::object& object = value.as_object();
  if (object.size() == 1) {
    const std::string_view function(object.begin()->key().data(), object.begin()->key().size());
    const json::value& argument = object.begin()->value();
    if (function == "Ref" && argument.is_string()) return visit(std::string(argument.as_string()));
    if (function == "Fn::GetAtt") {
      if (argument.is_string()) {
        const std::string text(argument.as_string());
        return visit(text.substr(0, text.find('.')));
      }
      if (argument.is_array() && !argument.as_array().empty() && argument.as_array()[0].is_string())
        return visit(std::string(argument.as_array()[0].as_string()));
    }
    if (function == "Fn::Sub") {
      const json::value* text = &argument;
      const json::object* own = nullptr;
      if (argument.is_array() && argument.as_array().size() == 2) {
        text = &argument.as_array()[0];
        own = argument.as_array()[1].if_object();
        each_reference(argument.as_array()[1], visit);
      }
      if (!text->is_string()) return;
      const std::string pattern(text->as_string());
      for (size_t at = pattern.find("${"); at != std::string::npos; at = pattern.find("${", at + 2)) {
        const size_t end = pattern.find('}', at);
        if (end == std::string::npos) return;
        std::string name = pattern.substr(at + 2, end - at - 2);
        if (name.empty() || name[0] == '!') continue;
        if (own != nullptr && own->contains(name)) continue;
        visit(name.substr(0, name.find('.')));
      }
      return;
    }
  }
  for (const auto& member : object) each_reference(member.value(), visit);
}

void each_condition(const json::value& value, const std::function<void(const std::string&)>& visit) {
  if (value.is_array()) {
    for (const auto& item : value.as_array()) each_condition(item, visit);
  } else if (value.is_object()) {
    for (const auto& member : value.as_object()) {
      if (member.key() == "Fn::If" && member.value().is_array() && !member.value().as_array().empty() &&
          member.value().as_array()[0].is_string())
        visit(std::string(member.value().as_array()[0].as_string()));
      each_condition(member.value(), visit);
    }
  }
}

void check_references(const Template& body) {
  const auto known = [&](const std::string& name) {
    return body.resources.contains(name) || body.parameters.contains(name) || name.starts_with("AWS::");
  };
  const auto check = [&](const json::value& value, const std::string& block) {
    each_reference(value, [&](const std::string& name) {
      if (!known(name))
        invalid("Template format error: Unresolved resource dependencies [" + name + "] in the " + block +
                " block of the template");
    });
    each_condition(value, [&](const std::string& name) {
      if (!body.conditions.contains(name))
        invalid("Template validation error: Template error: unresolved condition dependency " + name +
                " in Fn::If");
    });
  };
  for (const auto& [id, resource] : body.resources) {
    check(resource.properties, "Resources");
    if (!resource.condition.empty() && !body.conditions.contains(resource.condition))
      invalid("Template format error: Unresolved condition dependency " + resource.condition +
              " in the Resources block of the template");
    for (const auto& name : resource.depends_on)
      if (!body.resources.contains(name))
        invalid("Template format error: Unresolved resource dependencies [" + name +
                "] in the Resources block of the template");
  }
  for (const auto& [name, output] : body.outputs) {
    check(output.value, "Outputs");
    if (!output.condition.empty() && !body.conditions.contains(output.condition))
      invalid("Template format error: Unresolved condition dependency " + output.condition +
              " in the Outputs block of the template");
  }
}

bool alphanumeric(std::string_view name) {
  return !name.empty() && name.size() <= 255 &&
         std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
}

}  // namespace

Template Template::parse(std::string_view text) {
  const json::value root = parse_template_text(text);
  static const std::set<std::string> kSections{"AWSTemplateFormatVersion",
                                               "Description",
                                               "Metadata",
                                               "Parameters",
                                               "Mappings",
                                               "Conditions",
                                               "Resources",
                                               "Outputs",
                                               "Rules",
                                               "Transform",
                                               "Hooks"};
  const json::object& top = object_of(root, "the template");
  for (const auto& member : top)
    if (!kSections.contains(std::string(member.key())))
      invalid("Invalid template property or properties [" + std::string(member.key()) + "]");
  if (top.contains("Transform"))
    invalid("Transforms (macros) are not supported by Landfall: remove the Transform section");

  Template body;
  if (const auto* v = top.if_contains("AWSTemplateFormatVersion");
      v != nullptr && text_of(*v, "AWSTemplateFormatVersion") != "2010-09-09")
    invalid("Template format error: unsupported value for AWSTemplateFormatVersion.");
  if (const auto* v = top.if_contains("Description")) body.description = text_of(*v, "Description");
  if (const auto* v = top.if_contains("Metadata")) body.metadata = *v;
  if (const auto* v = top.if_contains("Parameters"))
    for (const auto& member : object_of(*v, "Parameters")) {
      const std::string name(member.key());
      if (!alphanumeric(name))
        invalid("Template format error: Parameter name " + name + " is non alphanumeric.");
      body.parameters[name] = parse_parameter(name, object_of(member.value(), "Parameters." + name));
    }
  if (const auto* v = top.if_contains("Mappings")) body.mappings = object_of(*v, "Mappings");
  if (const auto* v = top.if_contains("Conditions")) body.conditions = object_of(*v, "Conditions");
  const auto* resources = top.if_contains("Resources");
  if (resources == nullptr || !resources->is_object() || resources->as_object().empty())
    invalid("Template format error: At least one Resources member must be defined.");
  for (const auto& member : resources->as_object()) {
    const std::string id(member.key());
    if (!alphanumeric(id)) invalid("Template format error: Resource name " + id + " is non alphanumeric.");
    body.resources[id] = parse_resource(id, object_of(member.value(), "/Resources/" + id));
  }
  if (const auto* v = top.if_contains("Outputs"))
    for (const auto& member : object_of(*v, "Outputs"))
      body.outputs[std::string(member.key())] =
          parse_output(std::string(member.key()), object_of(member.value(), "Outputs"));

  const auto limit = [](size_t count, size_t most, const char* what) {
    if (count > most)
      invalid("Template format error: Number of " + std::string(what) + ", " + std::to_string(count) +
              ", is greater than maximum allowed, " + std::to_string(most));
  };
  limit(body.resources.size(), kMaxResources, "resources");
  limit(body.parameters.size(), kMaxParameters, "parameters");
  limit(body.outputs.size(), kMaxOutputs, "outputs");
  check_references(body);
  std::set<std::string> all;
  for (const auto& [id, resource] : body.resources) all.insert(id);
  creation_order(body, all);  // refuses circles
  return body;
}

std::set<std::string> dependencies_of(const Template& body, const std::string& logical_id) {
  std::set<std::string> found;
  const DeclaredResource& resource = body.resources.at(logical_id);
  each_reference(resource.properties, [&](const std::string& name) {
    if (body.resources.contains(name)) found.insert(name);
  });
  found.insert(resource.depends_on.begin(), resource.depends_on.end());
  return found;
}

std::vector<std::string> creation_order(const Template& body, const std::set<std::string>& wanted) {
  std::vector<std::string> order;
  std::set<std::string> placed, left = wanted;
  while (!left.empty()) {
    std::vector<std::string> ready;
    for (const std::string& id : left) {
      bool free = true;
      for (const std::string& dependency : dependencies_of(body, id))
        free = free && (placed.contains(dependency) || !wanted.contains(dependency));
      if (free) ready.push_back(id);
    }
    if (ready.empty()) {
      std::string names;
      for (const std::string& id : left) names += (names.empty() ? "" : ", ") + id;
      invalid("Circular dependency between resources: [" + names + "]");
    }
    for (std::string& id : ready) {
      left.erase(id);
      placed.insert(id);
      order.push_back(std::move(id));
    }
  }
  return order;
}

}  // namespace landfall::cloudformation
