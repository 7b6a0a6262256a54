// Parses policy documents strictly: what is not in the grammar is refused, with the sentence AWS gives for
// it.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "aws/arn.h"
#include "aws/policy/policy.h"

namespace landfall::aws::policy {
namespace {

namespace json = boost::json;
using std::string;
using std::string_view;
template <class T>
using Parsed = std::expected<T, PolicyError>;

constexpr char kSyntax[] = "Syntax errors in policy.";
constexpr int kMaxDepth = 12;  // a condition's values are at depth 5

std::unexpected<PolicyError> refuse(string message) {
  return std::unexpected(PolicyError{std::move(message)});
}
string_view view(const json::string& text) { return {text.data(), text.size()}; }

// One string or a list of strings.
Parsed<std::vector<string_view>> strings(const json::value& value) {
  std::vector<string_view> all;
  if (const auto* one = value.if_string()) {
    all.push_back(view(*one));
  } else if (const auto* list = value.if_array()) {
    for (const json::value& element : *list) {
      if (!element.is_string()) return refuse(kSyntax);
      all.push_back(view(element.get_string()));
    }
  } else {
    return refuse(kSyntax);
  }
  return all;
}

class Parser {
 public:
  explicit Parser(DocumentKind kind) : kind_(kind) {}

  Parsed<Policy> document(const json::object& root) {
    const json::value* statements = nullptr;
    for (const auto& [name, value] : root) {
      if (name == "Version") {
        const auto* version = value.if_string();
        if (version == nullptr || (*version != "2012-10-17" && *version != "2008-10-17"))
          return refuse(kSyntax);
        if (*version == "2012-10-17") policy_.variables = Variables::yes;
      } else if (name == "Id") {
        if (!value.is_string()) return refuse(kSyntax);
        policy_.id = view(value.get_string());
      } else if (name == "Statement") {
        statements = &value;
      } else {
        return refuse(kSyntax);
      }
    }
    if (statements == nullptr) return refuse(kSyntax);
    const json::array* list = statements->if_array();
    const size_t count = list != nullptr ? list->size() : 1;
    if (count == 0 || count > kMaxStatements) return refuse(kSyntax);
    for (size_t i = 0; i < count; ++i) {
      const json::object* one = list != nullptr ? (*list)[i].if_object() : statements->if_object();
      if (one == nullptr) return refuse(kSyntax);
      auto parsed = statement(*one);
      if (!parsed) return std::unexpected(parsed.error());
      policy_.statements.push_back(std::move(*parsed));
    }
    return std::move(policy_);
  }

 private:
  Parsed<Statement> statement(const json::object& object) {
    Statement s;
    bool has_effect = false, has_principal = false, has_action = false, has_resource = false;
    for (const auto& [key, value] : object) {
      const string_view name(key.data(), key.size());
      Parsed<void> outcome;
      if (name == "Sid") {
        outcome = sid(value, s);
      } else if (name == "Effect") {
        has_effect = true;
        outcome = effect(value, s);
      } else if (name == "Principal" || name == "NotPrincipal") {
        if (has_principal) return refuse(kSyntax);
        has_principal = true;
        s.not_principal = name == "NotPrincipal";
        outcome = principals(value, s);
      } else if (name == "Action" || name == "NotAction") {
        if (has_action) return refuse(kSyntax);
        has_action = true;
        s.not_action = name == "NotAction";
        outcome = actions(value, s);
      } else if (name == "Resource" || name == "NotResource") {
        if (has_resource) return refuse(kSyntax);
        has_resource = true;
        s.not_resource = name == "NotResource";
        outcome = resources(value, s);
      } else if (name == "Condition") {
        outcome = conditions(value, s);
      } else {
        outcome = refuse(kSyntax);
      }
      if (!outcome) return std::unexpected(outcome.error());
    }
    if (!has_effect) return refuse(kSyntax);
    if (s.actions.empty()) return refuse("Policy statement must contain actions.");
    if (auto shape = elements(s, has_principal, has_resource); !shape) return std::unexpected(shape.error());
    return s;
  }

  // Which elements this kind of document has.
  Parsed<void> elements(const Statement& s, bool has_principal, bool has_resource) const {
    switch (kind_) {
      case DocumentKind::identity:
        if (has_principal) return refuse("Policy document should not specify a principal.");
        if (s.resources.empty()) return refuse("Policy statement must contain resources.");
        break;
      case DocumentKind::trust:
        if (has_resource) return refuse("Has prohibited field Resource");
        if (!has_principal) return refuse("Missing required field Principal");
        break;
      case DocumentKind::resource:
        if (!has_principal) return refuse("Missing required field Principal");
        if (s.resources.empty()) return refuse("Missing required field Resource");
        break;
    }
    if (s.not_principal && s.effect == Effect::allow && kind_ == DocumentKind::trust)
      return refuse("Allow with NotPrincipal is not allowed.");
    return {};
  }

  Parsed<void> sid(const json::value& value, Statement& s) {
    if (!value.is_string()) return refuse(kSyntax);
    s.sid = view(value.get_string());
    if (s.sid.empty()) return {};
    // S3 and other resource policies take spaces and punctuation in a Sid; IAM does not.
    auto alphanumeric = [](unsigned char c) { return std::isalnum(c) != 0; };
    if (kind_ != DocumentKind::resource && !std::ranges::all_of(s.sid, alphanumeric))
      return refuse(
          "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression "
          "[0-9A-Za-z]*");
    if (!sids_.insert(s.sid).second) return refuse("Statement IDs (SID) in a single policy must be unique.");
    return {};
  }

  Parsed<void> effect(const json::value& value, Statement& s) {
    const auto* text = value.if_string();
    if (text == nullptr || (*text != "Allow" && *text != "Deny")) return refuse(kSyntax);
    s.effect = *text == "Allow" ? Effect::allow : Effect::deny;
    return {};
  }

  Parsed<void> principals(const json::value& value, Statement& s) {
    if (const auto* text = value.if_string()) {
      if (*text != "*") return refuse("Invalid principal in policy");
      s.principals.push_back({PrincipalType::everyone, "*"});
      return {};
    }
    const auto* object = value.if_object();
    if (object == nullptr || object->empty()) return refuse("Invalid principal in policy");
    for (const auto& [key, list] : *object) {
      PrincipalType type;
      if (key == "AWS")
        type = PrincipalType::aws;
      else if (key == "Service")
        type = PrincipalType::service;
      else if (key == "Federated")
        type = PrincipalType::federated;
      else if (key == "CanonicalUser")
        type = PrincipalType::canonical_user;
      else
        return refuse("Invalid principal in policy");
      auto values = strings(list);
      if (!values || values->empty()) return refuse("Invalid principal in policy");
      for (string_view text : *values)
        if (auto added = principal(type, text, s); !added) return added;
    }
    return {};
  }

  Parsed<void> principal(PrincipalType type, string_view text, Statement& s) {
    const auto invalid = [&](string_view of) {
      return refuse("Invalid principal in policy: \"" + string(of) + "\":\"" + string(text) + "\"");
    };
    if (text.empty()) return invalid("AWS");
    if (text == "*" && (type == PrincipalType::aws || type == PrincipalType::federated)) {
      if (type == PrincipalType::federated) return invalid("Federated");
      s.principals.push_back({PrincipalType::everyone, "*"});
      return {};
    }
    if (text.find_first_of("*?") != string_view::npos)
      return invalid(type == PrincipalType::service ? "Service" : "AWS");
    if (type == PrincipalType::service && text.find('.') == string_view::npos) return invalid("SERVICE");
    if (type != PrincipalType::aws) {
      s.principals.push_back({type, string(text)});
      return {};
    }
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool account = text.size() == 12 && std::ranges::all_of(text, digit);
    const bool unique_id = text.starts_with("AIDA") || text.starts_with("AROA");
    if (account || unique_id) {
      s.principals.push_back({type, string(text)});
      return {};
    }
    const auto arn = split_arn(text);
    if (!arn || (arn->service != "iam" && arn->service != "sts") || arn->account.empty())
      return invalid("AWS");
    s.principals.push_back({type, string(arn->resource == "root" ? arn->account : text)});
    return {};
  }

  Parsed<void> actions(const json::value& value, Statement& s) {
    auto values = strings(value);
    if (!values) return std::unexpected(values.error());
    for (string_view text : *values) {
      const size_t colon = text.find(':');
      if (text != "*" && (colon == string_view::npos || colon == 0))
        return refuse("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
      if (text != "*" &&
          text.substr(0, colon).find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                  "0123456789-*?") != string_view::npos)
        return refuse("Vendor " + string(text.substr(0, colon)) + " is not valid");
      if (text.substr(colon + 1).empty())
        return refuse("Actions/Conditions do not support multi-byte or empty names.");
      s.actions.push_back(Pattern::compile(text, Wildcards::yes, Variables::no));
    }
    return {};
  }

  Parsed<void> resources(const json::value& value, Statement& s) {
    auto values = strings(value);
    if (!values) return std::unexpected(values.error());
    for (string_view text : *values) {
      if (text != "*" && !resource_shaped(text))
        return refuse("Resource " + string(text) + " must be in ARN format or \"*\".");
      s.resources.push_back(Pattern::compile(text, Wildcards::yes, policy_.variables));
    }
    return {};
  }

  // An ARN pattern: "arn" and five colons, or a wildcard that may stand for the rest.
  static bool resource_shaped(string_view text) {
    if (!text.starts_with("arn:")) return text.find_first_not_of('*') == string_view::npos && !text.empty();
    return std::ranges::count(text, ':') >= 5 || text.find('*') != string_view::npos;
  }

  Parsed<void> conditions(const json::value& value, Statement& s) {
    const auto* object = value.if_object();
    if (object == nullptr) return refuse(kSyntax);
    for (const auto& [name, keys] : *object) {
      const auto parsed = parse_operator({name.data(), name.size()});
      if (!parsed) return refuse("Invalid Condition type : " + string(name));
      const auto* tests = keys.if_object();
      if (tests == nullptr) return refuse(kSyntax);
      for (const auto& [key, wanted] : *tests) {
        Condition condition{.op = parsed->op,
                            .negated = parsed->negated,
                            .if_exists = parsed->if_exists,
                            .quantifier = parsed->quantifier,
                            .key = string(key)};
        if (condition.key.find(':') == string::npos)
          return refuse("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
        if (auto added = condition_values(wanted, condition); !added) return added;
        s.conditions.push_back(std::move(condition));
      }
    }
    return {};
  }

  Parsed<void> condition_values(const json::value& value, Condition& condition) {
    if (const auto* list = value.if_array()) {
      for (const json::value& element : *list)
        if (auto added = condition_value(element, condition); !added) return added;
      return {};
    }
    return condition_value(value, condition);
  }

  Parsed<void> condition_value(const json::value& value, Condition& condition) {
    string text;
    if (const auto* s = value.if_string())
      text = view(*s);
    else if (value.is_bool() || value.is_number())
      text = json::serialize(value);
    else
      return refuse(kSyntax);
    auto parsed = parse_condition_value(condition.op, text, policy_.variables);
    if (!parsed) return refuse("Invalid value for condition key " + condition.key + ": " + text);
    condition.values.push_back(std::move(*parsed));
    return {};
  }

  DocumentKind kind_;
  Policy policy_;
  std::set<string> sids_;
};

}  // namespace

std::expected<Policy, PolicyError> parse_policy(string_view text, DocumentKind kind) {
  if (text.size() > kMaxDocumentBytes) return refuse(kSyntax);
  boost::system::error_code problem;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::value root = json::parse({text.data(), text.size()}, problem, {}, options);
  if (problem || !root.is_object()) {
    if (kind == DocumentKind::resource)
      return refuse("Policies must be valid JSON and the first byte must be '{'");
    return refuse(kind == DocumentKind::trust ? "This policy contains invalid Json" : kSyntax);
  }
  // Version decides whether ${} means anything, and may come after the statements: it is looked up first.
  json::object& object = root.get_object();
  json::object ordered;
  if (auto* version = object.if_contains("Version")) ordered["Version"] = *version;
  for (auto& [name, value] : object)
    if (name != "Version") ordered[name] = std::move(value);
  return Parser(kind).document(ordered);
}

size_t policy_size(string_view text) {
  size_t count = 0;
  bool quoted = false, escaped = false;
  for (char c : text) {
    if (!quoted && (c == ' ' || c == '\n' || c == '\r' || c == '\t')) continue;
    ++count;
    if (escaped)
      escaped = false;
    else if (quoted && c == '\\')
      escaped = true;
    else if (c == '"')
      quoted = !quoted;
  }
  return count;
}

}  // namespace landfall::aws::policy
