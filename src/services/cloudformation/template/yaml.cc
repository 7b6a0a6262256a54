#include "services/cloudformation/template/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <charconv>
#include <sstream>

#include "aws/service_error.h"
#include "services/cloudformation/template/template.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

[[noreturn]] void invalid_format(const std::string& why) {
  throw ServiceError("ValidationError", 400, "Template format error: " + why);
}

// A plain scalar's type by YAML's core schema; quoted ones are strings. Dates stay strings, as CloudFormation
// has them.
json::value typed(const std::string& text) {
  if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL") return nullptr;
  if (text == "true" || text == "True" || text == "TRUE") return true;
  if (text == "false" || text == "False" || text == "FALSE") return false;
  const char* first = text.data();
  const char* last = first + text.size();
  const bool leading_zero = text.size() > 1 &&
                            (text[0] == '0' || (text[0] == '-' && text[1] == '0' && text.size() > 2)) &&
                            text.find('.') == std::string::npos;
  if (!leading_zero) {  // "012345678901" is an account id, not a number
    int64_t integer = 0;
    if (auto [end, error] = std::from_chars(first, last, integer); error == std::errc() && end == last)
      return integer;
    double number = 0;
    if (auto [end, error] = std::from_chars(first, last, number);
        error == std::errc() && end == last &&
        (std::isdigit(static_cast<unsigned char>(text[0])) || text[0] == '-' || text[0] == '.'))
      return number;
  }
  return json::string(text);
}

// "!GetAtt" -> "Fn::GetAtt"; "!Ref" and "!Condition" keep their names.
std::string long_form(const std::string& tag) {
  static const std::set<std::string> kKnown{"Base64",    "Cidr",        "FindInMap",    "GetAtt",  "GetAZs",
                                            "If",        "ImportValue", "Join",         "Select",  "Split",
                                            "Sub",       "And",         "Equals",       "Not",     "Or",
                                            "Transform", "Length",      "ToJsonString", "Contains"};
  const std::string name = tag.substr(1);
  if (name == "Ref" || name == "Condition") return name;
  if (kKnown.contains(name)) return "Fn::" + name;
  invalid_format("unsupported tag " + tag);
}

json::value with_tag(const std::string& tag, json::value value) {
  if (tag.size() < 2 || tag[0] != '!' || tag.starts_with("!!")) return value;
  const std::string name = long_form(tag);
  if (name == "Fn::GetAtt" && value.is_string()) {  // "a.b.c": the resource, then the attribute with its dots
    const std::string text(value.as_string());
    const size_t dot = text.find('.');
    if (dot == std::string::npos)
      invalid_format("Fn::GetAtt needs \"resource.attribute\", not \"" + text + "\"");
    value = json::array{json::string(text.substr(0, dot)), json::string(text.substr(dot + 1))};
  }
  return json::object{{name, std::move(value)}};
}

// Builds the JSON from yaml-cpp's events, so that depth is bounded and aliases are seen before they are
// followed.
class Builder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override { add(nullptr); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    invalid_format("YAML aliases are not allowed (line " + std::to_string(mark.line + 1) + ")");
  }
  void OnScalar(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    // yaml-cpp gives "?" to plain scalars and "!" to quoted ones.
    if (tag == "?" || tag.empty()) return add(is_key() ? json::value(json::string(value)) : typed(value));
    if (tag == "!") return add(json::string(value));
    add(with_tag(tag, json::string(value)));
  }
  void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(tag, json::array());
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    open(tag, json::object());
  }
  void OnMapEnd() override { close(); }

  json::value take() { return std::move(root_); }

 private:
  struct Frame {
    std::string tag;
    json::value value;
    std::optional<std::string> key;
  };
  bool is_key() const { return !stack_.empty() && stack_.back().value.is_object() && !stack_.back().key; }

  void open(const std::string& tag, json::value empty) {
    if (is_key()) invalid_format("a mapping's key must be a string");
    if (stack_.size() >= static_cast<size_t>(kMaxTemplateDepth)) invalid_format("nested too deeply");
    stack_.push_back({tag, std::move(empty), {}});
  }
  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    add(with_tag(frame.tag == "?" ? "" : frame.tag, std::move(frame.value)));
  }
  void add(json::value value) {
    if (stack_.empty()) {
      root_ = std::move(value);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.value.is_array()) {
      frame.value.as_array().push_back(std::move(value));
    } else if (!frame.key) {
      frame.key = value.is_string() ? std::string(value.as_string())
                  : value.is_null() ? ""
                                    : json::serialize(value);
      if (frame.value.as_object().contains(*frame.key))
        invalid_format("duplicate key \"" + *frame.key + "\"");
    } else {
      frame.value.as_object()[*frame.key] = std::move(value);
      frame.key.reset();
    }
  }

  std::vector<Frame> stack_;
  json::value root_;
};

}  // namespace

json::value parse_template_text(std::string_view text) {
  if (text.size() > kMaxTemplateBytes)
    invalid_format("larger than " + std::to_string(kMaxTemplateBytes) + " bytes");
  const size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) invalid_format("the template is empty");
  if (text[start] == '{') {
    json::parse_options options;
    options.max_depth = kMaxTemplateDepth;
    boost::system::error_code error;
    json::value value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error) invalid_format("JSON not well-formed: " + error.message());
    return value;
  }
  std::istringstream in{std::string(text)};
  try {
    YAML::Parser parser(in);
    Builder builder;
    if (!parser.HandleNextDocument(builder)) invalid_format("the template is empty");
    return builder.take();
  } catch (const YAML::Exception& error) {
    invalid_format("YAML not well-formed. (line " + std::to_string(error.mark.line + 1) + ", column " +
                   std::to_string(error.mark.column + 1) + ")");
  }
}

}  // namespace landfall::cloudformation
