#include "services/cloudformation/template/evaluate.h"

#include <re2/re2.h>

#include <boost/json.hpp>

#include "aws/service_error.h"
#include "base/encoding.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

constexpr int kMaxConditionDepth = 32;  // conditions that use conditions

[[noreturn]] void invalid_value(const std::string& why) { throw ServiceError("ValidationError", 400, why); }
[[noreturn]] void template_error(const std::string& why) { invalid_value("Template error: " + why); }

std::string scalar_text(const json::value& value, const char* function) {
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool() || value.is_number()) return json::serialize(value);
  template_error(std::string("every value of ") + function + " must be a string");
}

std::vector<std::string> split(std::string_view text, std::string_view delimiter) {
  std::vector<std::string> parts;
  size_t at = 0;
  for (size_t end; (end = text.find(delimiter, at)) != std::string_view::npos; at = end + delimiter.size())
    parts.emplace_back(text.substr(at, end - at));
  parts.emplace_back(text.substr(at));
  return parts;
}

uint32_t parse_ipv4(std::string_view text) {
  uint32_t address = 0;
  const auto parts = split(text, ".");
  if (parts.size() != 4) template_error("Fn::Cidr needs an IPv4 block");
  for (const auto& part : parts) {
    if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string::npos ||
        std::stoi(part) > 255)
      template_error("Fn::Cidr needs an IPv4 block");
    address = address << 8 | static_cast<uint32_t>(std::stoi(part));
  }
  return address;
}

class Evaluator {
 public:
  explicit Evaluator(const Environment& environment) : env_(environment) {}

  // nullopt: AWS::NoValue.
  std::optional<json::value> value(const json::value& in) {
    if (in.is_array()) {
      json::array out;
      for (const auto& item : in.as_array())
        if (auto evaluated = value(item)) out.push_back(std::move(*evaluated));
      return out;
    }
    if (!in.is_object()) return in;
    const json::object& object = in.as_object();
    if (object.size() == 1) {
      const std::string name(object.begin()->key());
      if (name == "Ref" || name.starts_with("Fn::")) return function(name, object.begin()->value());
      if (name == "Condition" && object.begin()->value().is_string())
        return condition(std::string(object.begin()->value().as_string()));
    }
    json::object out;
    for (const auto& member : object)
      if (auto evaluated = value(member.value())) out[member.key()] = std::move(*evaluated);
    return out;
  }

  bool condition(const std::string& name) {
    const json::value* declared = env_.body->conditions.if_contains(name);
    if (declared == nullptr) template_error("unresolved condition dependency " + name);
    if (++depth_ > kMaxConditionDepth) template_error("conditions depend on each other in a circle: " + name);
    const json::value result = needed(*declared, "a condition");
    --depth_;
    return truth(result, name);
  }

 private:
  static bool truth(const json::value& value, const std::string& where) {
    if (value.is_bool()) return value.as_bool();
    if (value.is_string() && (value.as_string() == "true" || value.as_string() == "false"))
      return value.as_string() == "true";
    template_error("the condition " + where + " must be a boolean");
  }

  json::value needed(const json::value& in, const char* what) {
    auto evaluated = value(in);
    if (!evaluated) template_error(std::string("AWS::NoValue cannot stand in ") + what);
    return std::move(*evaluated);
  }

  json::array list(const json::value& in, const char* function) {
    json::value evaluated = needed(in, function);
    if (!evaluated.is_array()) template_error(std::string(function) + " requires a list");
    return std::move(evaluated.as_array());
  }

  std::optional<json::value> ref(const std::string& name) {
    if (name == "AWS::NoValue") return std::nullopt;
    if (name == "AWS::AccountId") return json::string(env_.account);
    if (name == "AWS::Region") return json::string(env_.region);
    if (name == "AWS::Partition") return json::string(env_.partition);
    if (name == "AWS::URLSuffix") return json::string(env_.url_suffix);
    if (name == "AWS::StackId") return json::string(env_.stack_id);
    if (name == "AWS::StackName") return json::string(env_.stack_name);
    if (name == "AWS::NotificationARNs") return json::value_from(env_.notification_arns);
    if (env_.mask_no_echo && depth_ == 0)
      if (auto declared = env_.body->parameters.find(name);
          declared != env_.body->parameters.end() && declared->second.no_echo)
        return json::string(kMaskedValue);
    if (auto it = env_.parameters.find(name); it != env_.parameters.end()) return it->second;
    if (env_.ref)
      if (auto physical = env_.ref(name)) return json::string(*physical);
    template_error("Unable to resolve the reference to " + name);
  }

  json::value get_att(const std::string& resource, const std::string& attribute) {
    if (!env_.get_att) template_error("Fn::GetAtt cannot be used here");
    return env_.get_att(resource, attribute);
  }

  std::optional<json::value> function(const std::string& name, const json::value& argument) {
    if (name == "Ref") return ref(scalar_text(argument, "Ref"));
    if (name == "Fn::GetAtt") return evaluate_get_att(argument);
    if (name == "Fn::Sub") return substitute(argument);
    if (name == "Fn::Join") return join(argument);
    if (name == "Fn::Select") return select(argument);
    if (name == "Fn::Split") return split_function(argument);
    if (name == "Fn::If") return if_function(argument);
    if (name == "Fn::FindInMap") return find_in_map(argument);
    if (name == "Fn::Base64") {
      json::value text = needed(argument, "Fn::Base64");
      if (env_.resolve) text = env_.resolve(text);
      return json::string(to_base64(scalar_text(text, "Fn::Base64")));
    }
    if (name == "Fn::GetAZs") return json::value_from(env_.availability_zones);
    if (name == "Fn::Cidr") return cidr(argument);
    if (name == "Fn::ImportValue") {
      if (!env_.import_value) template_error("Fn::ImportValue cannot be used here");
      return json::string(
          env_.import_value(scalar_text(needed(argument, "Fn::ImportValue"), "Fn::ImportValue")));
    }
    if (name == "Fn::Length") return static_cast<int64_t>(list(argument, "Fn::Length").size());
    if (name == "Fn::ToJsonString")
      return json::string(json::serialize(needed(argument, "Fn::ToJsonString")));
    if (name == "Fn::Equals") return equals(argument);
    if (name == "Fn::Not") return !all(argument, "Fn::Not", 1, 1, true);
    if (name == "Fn::And") return all(argument, "Fn::And", 2, 10, true);
    if (name == "Fn::Or") return all(argument, "Fn::Or", 2, 10, false);
    template_error("the function " + name + " is not supported");
  }

  json::value evaluate_get_att(const json::value& argument) {
    if (argument.is_string()) {
      const std::string text(argument.as_string());
      const size_t dot = text.find('.');
      if (dot == std::string::npos) template_error("every Fn::GetAtt needs \"resource.attribute\"");
      return get_att(text.substr(0, dot), text.substr(dot + 1));
    }
    if (!argument.is_array() || argument.as_array().size() != 2)
      template_error(
          "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
          "attribute");
    return get_att(scalar_text(argument.as_array()[0], "Fn::GetAtt"),
                   scalar_text(needed(argument.as_array()[1], "Fn::GetAtt"), "Fn::GetAtt"));
  }

  json::value substitute(const json::value& argument) {
    const json::value* text = &argument;
    json::object own;
    if (argument.is_array()) {
      if (argument.as_array().size() != 2 || !argument.as_array()[1].is_object())
        template_error(
            "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as "
            "first argument, and an optional second argument to specify a mapping of values to replace in "
            "the string");
      text = &argument.as_array()[0];
      own = needed(argument.as_array()[1], "Fn::Sub").as_object();
    }
    const std::string pattern = scalar_text(*text, "Fn::Sub");
    std::string out;
    size_t at = 0;
    for (size_t start; (start = pattern.find("${", at)) != std::string::npos;) {
      const size_t end = pattern.find('}', start);
      if (end == std::string::npos) break;
      out.append(pattern, at, start - at);
      const std::string name = pattern.substr(start + 2, end - start - 2);
      at = end + 1;
      if (!name.empty() && name[0] == '!') {  // ${!Literal}
        out += "${" + name.substr(1) + "}";
      } else if (const json::value* local = own.if_contains(name)) {
        out += scalar_text(*local, "Fn::Sub");
      } else if (const size_t dot = name.find('.'); dot != std::string::npos && !name.starts_with("AWS::")) {
        out += scalar_text(get_att(name.substr(0, dot), name.substr(dot + 1)), "Fn::Sub");
      } else {
        auto value = ref(name);
        if (!value) template_error("AWS::NoValue cannot stand in Fn::Sub");
        out += scalar_text(*value, "Fn::Sub");
      }
    }
    out.append(pattern, at);
    return json::string(out);
  }

  json::value join(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() != 2 || !argument.as_array()[0].is_string())
      template_error(
          "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings "
          "to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.");
    const std::string delimiter(argument.as_array()[0].as_string());
    std::string out;
    bool first = true;
    for (const auto& item : list(argument.as_array()[1], "Fn::Join")) {
      if (!first) out += delimiter;
      first = false;
      out += scalar_text(item, "Fn::Join");
    }
    return json::string(out);
  }

  json::value select(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() != 2)
      template_error("Fn::Select requires a list argument with two elements: an integer index and a list");
    const json::value index_value = needed(argument.as_array()[0], "Fn::Select");
    const std::string index_text = scalar_text(index_value, "Fn::Select");
    json::array items = list(argument.as_array()[1], "Fn::Select");
    if (index_text.empty() || index_text.find_first_not_of("0123456789") != std::string::npos ||
        index_text.size() > 6 || static_cast<size_t>(std::stoi(index_text)) >= items.size())
      template_error("Fn::Select cannot select nonexistent value at index " + index_text);
    return std::move(items[static_cast<size_t>(std::stoi(index_text))]);
  }

  json::value split_function(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() != 2)
      template_error(
          "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be "
          "split");
    const std::string delimiter = scalar_text(argument.as_array()[0], "Fn::Split");
    if (delimiter.empty()) template_error("Fn::Split delimiter cannot be empty");
    return json::value_from(
        split(scalar_text(needed(argument.as_array()[1], "Fn::Split"), "Fn::Split"), delimiter));
  }

  std::optional<json::value> if_function(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() != 3 || !argument.as_array()[0].is_string())
      template_error("Fn::If requires a list argument with three elements");
    const json::array& parts = argument.as_array();
    return value(condition(std::string(parts[0].as_string())) ? parts[1] : parts[2]);
  }

  json::value find_in_map(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() < 3)
      template_error(
          "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for "
          "return value");
    std::string keys[3];
    for (size_t i = 0; i < 3; ++i)
      keys[i] = scalar_text(needed(argument.as_array()[i], "Fn::FindInMap"), "Fn::FindInMap");
    const json::value* map = env_.body->mappings.if_contains(keys[0]);
    if (map == nullptr)
      template_error("Mapping named '" + keys[0] + "' is not present in the 'Mappings' section of template.");
    const json::value* row = map->is_object() ? map->as_object().if_contains(keys[1]) : nullptr;
    const json::value* cell =
        row != nullptr && row->is_object() ? row->as_object().if_contains(keys[2]) : nullptr;
    if (cell == nullptr)
      template_error("Unable to get mapping for " + keys[0] + "::" + keys[1] + "::" + keys[2]);
    return *cell;
  }

  json::value cidr(const json::value& argument) {
    const json::array parts = list(argument, "Fn::Cidr");
    if (parts.size() < 2) template_error("Fn::Cidr requires an ip block and a count");
    const std::string block = scalar_text(parts[0], "Fn::Cidr");
    const size_t slash = block.find('/');
    if (slash == std::string::npos) template_error("Fn::Cidr needs an IPv4 block");
    const uint32_t base = parse_ipv4(std::string_view(block).substr(0, slash));
    const auto number = [&](const json::value& value) {
      const std::string text = scalar_text(value, "Fn::Cidr");
      if (text.empty() || text.size() > 3 || text.find_first_not_of("0123456789") != std::string::npos)
        template_error("Fn::Cidr needs numbers");
      return std::stoi(text);
    };
    const int count = number(parts[1]);
    const int bits = parts.size() > 2 ? number(parts[2]) : 8;
    if (count < 1 || count > 256 || bits < 1 || bits > 30)
      template_error("Fn::Cidr: count must be 1 to 256, cidrBits 1 to 30");
    json::array out;
    for (int i = 0; i < count; ++i) {
      const uint32_t address = base + (static_cast<uint32_t>(i) << bits);
      out.push_back(json::string(std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) +
                                 "." + std::to_string(address >> 8 & 255) + "." +
                                 std::to_string(address & 255) + "/" + std::to_string(32 - bits)));
    }
    return out;
  }

  json::value equals(const json::value& argument) {
    if (!argument.is_array() || argument.as_array().size() != 2)
      template_error("Fn::Equals requires a list argument with two elements");
    const json::value left = needed(argument.as_array()[0], "Fn::Equals"),
                      right = needed(argument.as_array()[1], "Fn::Equals");
    if (left.is_structured() || right.is_structured()) return left == right;
    return scalar_text(left, "Fn::Equals") == scalar_text(right, "Fn::Equals");
  }

  bool all(const json::value& argument, const std::string& name, size_t least, size_t most, bool wanted) {
    if (!argument.is_array() || argument.as_array().size() < least || argument.as_array().size() > most)
      template_error(name + " requires a list of " + std::to_string(least) + " to " + std::to_string(most) +
                     " conditions");
    for (const auto& item : argument.as_array())
      if (truth(needed(item, name.c_str()), name) != wanted) return !wanted;
    return wanted;
  }

  const Environment& env_;
  int depth_ = 0;
};

void check_parameter(const std::string& name, const DeclaredParameter& declared, const std::string& value) {
  const auto refuse = [&](const std::string& why) {
    invalid_value("Parameter '" + name + "' " +
                  (declared.constraint_description.empty()
                       ? why
                       : "failed to satisfy constraint: " + declared.constraint_description));
  };
  if (!declared.allowed_values.empty() &&
      std::find(declared.allowed_values.begin(), declared.allowed_values.end(), value) ==
          declared.allowed_values.end()) {
    std::string allowed;
    for (const auto& item : declared.allowed_values) allowed += (allowed.empty() ? "" : ", ") + item;
    refuse("must be one of AllowedValues: [" + allowed + "]");
  }
  if (declared.allowed_pattern && !RE2::FullMatch(value, *declared.allowed_pattern))
    refuse("must match pattern " + *declared.allowed_pattern);
  if (declared.type == "Number") {
    char* end = nullptr;
    const double number = std::strtod(value.c_str(), &end);
    if (value.empty() || *end != '\0') refuse("must be a number");
    if (declared.min_value && number < *declared.min_value)
      refuse("must be a number not less than " + std::to_string(static_cast<int64_t>(*declared.min_value)));
    if (declared.max_value && number > *declared.max_value)
      refuse("must be a number not greater than " +
             std::to_string(static_cast<int64_t>(*declared.max_value)));
  } else {
    if (declared.min_length && static_cast<int64_t>(value.size()) < *declared.min_length)
      refuse("must contain at least " + std::to_string(*declared.min_length) + " characters");
    if (declared.max_length && static_cast<int64_t>(value.size()) > *declared.max_length)
      refuse("must contain at most " + std::to_string(*declared.max_length) + " characters");
  }
}

}  // namespace

namespace {

// The type of the value itself.
std::string_view value_type(std::string_view type) {
  if (!type.starts_with(kParameterStoreType)) return type;
  return type.substr(kParameterStoreType.size(), type.size() - kParameterStoreType.size() - 1);
}

}  // namespace

std::map<std::string, json::value> resolve_parameters(const Template& body,
                                                      const std::map<std::string, std::string>& given,
                                                      const std::map<std::string, std::string>& stored) {
  std::string unknown, missing;
  for (const auto& [name, value] : given)
    if (!body.parameters.contains(name)) unknown += (unknown.empty() ? "" : ", ") + name;
  if (!unknown.empty()) invalid_value("Parameters: [" + unknown + "] do not exist in the template");
  std::map<std::string, json::value> resolved;
  for (const auto& [name, declared] : body.parameters) {
    auto it = given.find(name);
    if (it == given.end() && !declared.default_value) {
      missing += (missing.empty() ? "" : ", ") + name;
      continue;
    }
    const std::string& own = it == given.end() ? *declared.default_value : it->second;
    check_parameter(name, declared, own);
    const auto of_store = stored.find(name);
    const std::string& value = of_store == stored.end() ? own : of_store->second;
    const std::string_view type = value_type(declared.type);
    if (type == "CommaDelimitedList" || type.starts_with("List<")) {
      json::array items;
      if (!value.empty())
        for (std::string& item : split(value, ",")) {
          item.erase(0, item.find_first_not_of(' '));
          item.erase(item.find_last_not_of(' ') + 1);
          items.push_back(json::string(item));
        }
      resolved[name] = std::move(items);
    } else {
      resolved[name] = json::string(value);
    }
  }
  if (!missing.empty()) invalid_value("Parameters: [" + missing + "] must have values");
  return resolved;
}

bool evaluate_condition(const Environment& environment, const std::string& name) {
  return Evaluator(environment).condition(name);
}

json::value evaluate(const Environment& environment, const json::value& value) {
  auto result = Evaluator(environment).value(value);
  return result ? std::move(*result) : json::value(nullptr);
}

}  // namespace landfall::cloudformation
