#include "services/cloudformation/template/dynamic_references.h"

#include <boost/json.hpp>
#include <vector>

#include "aws/service_error.h"

namespace landfall::cloudformation {
namespace {

namespace json = boost::json;

constexpr std::string_view kBegin = "{{resolve:", kEnd = "}}";

[[noreturn]] void invalid(std::string_view reference, const std::string& why) {
  throw ServiceError("ValidationError", 400,
                     "Incorrect format is used in the following Dynamic Reference: [" + std::string(kBegin) +
                         std::string(reference) + std::string(kEnd) + "]" + why);
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  size_t at = 0;
  for (size_t colon; (colon = text.find(':', at)) != std::string_view::npos; at = colon + 1)
    parts.emplace_back(text.substr(at, colon - at));
  parts.emplace_back(text.substr(at));
  return parts;
}

DynamicReference parameter_of(std::string_view whole, std::string_view text, DynamicReference::Kind kind) {
  // The name may be an ARN: only digits behind the last colon are a version.
  DynamicReference reference{.kind = kind, .name = std::string(text)};
  if (const size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    const std::string_view last = text.substr(colon + 1);
    if (!last.empty() && last.find_first_not_of("0123456789") == std::string_view::npos) {
      reference.name = std::string(text.substr(0, colon));
      reference.version = std::string(last);
    } else if (!text.starts_with("arn:")) {
      invalid(whole, "");
    }
  }
  if (reference.name.empty()) invalid(whole, "");
  return reference;
}

// secret-id:SecretString:json-key:version-stage:version-id; the id may be an ARN, which has six colons of its
// own.
DynamicReference secret_of(std::string_view whole, std::string_view text) {
  std::vector<std::string> parts = split(text);
  constexpr size_t kArnParts = 7, kMost = 5;
  DynamicReference reference{.kind = DynamicReference::Kind::secretsmanager};
  size_t used = 1;
  reference.name = parts[0];
  if (parts[0] == "arn" && parts.size() >= kArnParts) {
    used = kArnParts;
    for (size_t i = 1; i < kArnParts; ++i) reference.name += ":" + parts[i];
  }
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(used));
  if (reference.name.empty() || parts.size() + 1 > kMost) invalid(whole, "");
  parts.resize(kMost - 1);
  if (!parts[0].empty() && parts[0] != "SecretString") invalid(whole, "");
  reference.json_key = parts[1];
  reference.stage = parts[2];
  reference.version = parts[3];
  if (!reference.stage.empty() && !reference.version.empty())
    invalid(whole, ": version-stage and version-id exclude each other");
  return reference;
}

class Resolution {
 public:
  explicit Resolution(const ReferenceResolver& resolver) : resolver_(resolver) {}

  json::value value(const json::value& in, const std::string& path) {
    if (in.is_string()) return json::string(text(in.as_string(), path));
    if (in.is_array()) {
      json::array out;
      for (const auto& item : in.as_array()) out.push_back(value(item, path));
      return out;
    }
    if (!in.is_object()) return in;
    json::object out;
    for (const auto& member : in.as_object())
      out[member.key()] = value(member.value(), path + "/" + std::string(member.key()));
    return out;
  }

 private:
  std::string text(std::string_view in, const std::string& path) {
    std::string out;
    size_t at = 0;
    for (size_t begin; (begin = in.find(kBegin, at)) != std::string_view::npos;) {
      const size_t end = in.find(kEnd, begin);
      if (end == std::string_view::npos) break;  // no reference: plain text
      if (++count_ > kMaxDynamicReferences)
        throw ServiceError("ValidationError", 400, "A template can have at most 60 dynamic references.");
      out += in.substr(at, begin - at);
      const size_t inner = begin + kBegin.size();
      out += resolver_(parse_dynamic_reference(in.substr(inner, end - inner)), path);
      at = end + kEnd.size();
    }
    out += in.substr(at);
    return out;
  }

  const ReferenceResolver& resolver_;
  size_t count_ = 0;
};

}  // namespace

DynamicReference parse_dynamic_reference(std::string_view text) {
  using Kind = DynamicReference::Kind;
  const size_t colon = text.find(':');
  const std::string_view service = text.substr(0, colon);
  const std::string_view rest = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (rest.empty() || text.find('{') != std::string_view::npos) invalid(text, "");
  if (service == "ssm") return parameter_of(text, rest, Kind::ssm);
  if (service == "ssm-secure") return parameter_of(text, rest, Kind::ssm_secure);
  if (service == "secretsmanager") return secret_of(text, rest);
  invalid(text, "");
}

json::value resolve_references(const json::value& value, const ReferenceResolver& resolver) {
  return Resolution(resolver).value(value, "");
}

}  // namespace landfall::cloudformation
