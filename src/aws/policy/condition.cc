#include "aws/policy/condition.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "aws/arn.h"
#include "http/message.h"

namespace landfall::aws::policy {
namespace {

using std::string;
using std::string_view;

struct Named {
  string_view name;
  Operator op;
  bool negated;
};
constexpr Named kOperators[] = {
    {"StringEquals", Operator::string_equals, false},
    {"StringNotEquals", Operator::string_equals, true},
    {"StringEqualsIgnoreCase", Operator::string_equals_ignore_case, false},
    {"StringNotEqualsIgnoreCase", Operator::string_equals_ignore_case, true},
    {"StringLike", Operator::string_like, false},
    {"StringNotLike", Operator::string_like, true},
    {"NumericEquals", Operator::numeric_equals, false},
    {"NumericNotEquals", Operator::numeric_equals, true},
    {"NumericLessThan", Operator::numeric_less, false},
    {"NumericLessThanEquals", Operator::numeric_less_equals, false},
    {"NumericGreaterThan", Operator::numeric_greater, false},
    {"NumericGreaterThanEquals", Operator::numeric_greater_equals, false},
    {"DateEquals", Operator::date_equals, false},
    {"DateNotEquals", Operator::date_equals, true},
    {"DateLessThan", Operator::date_less, false},
    {"DateLessThanEquals", Operator::date_less_equals, false},
    {"DateGreaterThan", Operator::date_greater, false},
    {"DateGreaterThanEquals", Operator::date_greater_equals, false},
    {"Bool", Operator::boolean, false},
    {"BinaryEquals", Operator::binary_equals, false},
    {"IpAddress", Operator::ip_address, false},
    {"NotIpAddress", Operator::ip_address, true},
    {"ArnEquals", Operator::arn_like, false},  // ArnEquals and ArnLike behave identically
    {"ArnLike", Operator::arn_like, false},
    {"ArnNotEquals", Operator::arn_like, true},
    {"ArnNotLike", Operator::arn_like, true},
    {"Null", Operator::null, false},
};

std::optional<double> parse_number(string_view text) {
  double value = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || stop != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// ISO 8601 (a date alone is its midnight) or seconds since the epoch.
std::optional<Timestamp> parse_time(string_view text) {
  if (auto time = parse_iso8601(text)) return *time;
  if (text.size() == 10 && text[4] == '-')
    if (auto time = parse_iso8601(string(text) + "T00:00:00Z")) return *time;
  int64_t seconds = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  constexpr int64_t kMaxSeconds = 1LL << 40;
  if (problem != std::errc() || stop != text.data() + text.size() || seconds > kMaxSeconds ||
      seconds < -kMaxSeconds)
    return std::nullopt;
  return Timestamp{seconds * 1000};
}

std::optional<bool> parse_flag(string_view text) {
  if (http::equals_ignoring_case(text, "true")) return true;
  if (http::equals_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

// Each of the six components is compared apart, so that a * does not run over a colon (but in the last, where
// it may).
bool arn_like(string_view pattern, string_view text) {
  for (int field = 0; field < 5; ++field) {
    const size_t p = pattern.find(':'), t = text.find(':');
    if (p == string_view::npos || t == string_view::npos) return pattern == string_view(&kAnyRun, 1);
    if (!glob_match(pattern.substr(0, p), text.substr(0, t), Case::sensitive)) return false;
    pattern.remove_prefix(p + 1);
    text.remove_prefix(t + 1);
  }
  return glob_match(pattern, text, Case::sensitive);
}

template <class T>
bool compare(Operator op, const T& given, const T& wanted) {
  switch (op) {
    case Operator::numeric_equals:
    case Operator::date_equals:
      return given == wanted;
    case Operator::numeric_less:
    case Operator::date_less:
      return given < wanted;
    case Operator::numeric_less_equals:
    case Operator::date_less_equals:
      return given <= wanted;
    case Operator::numeric_greater:
    case Operator::date_greater:
      return given > wanted;
    default:
      return given >= wanted;
  }
}

bool string_matches(Operator op, const ConditionValue& wanted, string_view given, const Context& context) {
  string scratch;
  const string* pattern = wanted.pattern.expand(context, scratch);
  if (pattern == nullptr) return false;
  switch (op) {
    case Operator::string_equals:
    case Operator::binary_equals:
      return *pattern == given;
    case Operator::string_equals_ignore_case:
      return http::equals_ignoring_case(*pattern, given);
    case Operator::string_like:
      return glob_match(*pattern, given, Case::sensitive);
    default:
      return arn_like(*pattern, given);
  }
}

// Whether one value of the request matches one of the policy, negation aside. What cannot be read matches
// nothing.
bool value_matches(Operator op, const ConditionValue& wanted, string_view given, const Context& context) {
  switch (op) {
    case Operator::string_equals:
    case Operator::string_equals_ignore_case:
    case Operator::string_like:
    case Operator::binary_equals:
    case Operator::arn_like:
      return string_matches(op, wanted, given, context);
    case Operator::numeric_equals:
    case Operator::numeric_less:
    case Operator::numeric_less_equals:
    case Operator::numeric_greater:
    case Operator::numeric_greater_equals: {
      const auto number = parse_number(given);
      return number && compare(op, *number, wanted.number);
    }
    case Operator::date_equals:
    case Operator::date_less:
    case Operator::date_less_equals:
    case Operator::date_greater:
    case Operator::date_greater_equals: {
      const auto time = parse_time(given);
      return time && compare(op, *time, wanted.time);
    }
    case Operator::boolean:
      return parse_flag(given) == wanted.flag;
    case Operator::ip_address: {
      const auto address = parse_cidr(given);
      return address && contains(wanted.network, *address);
    }
    case Operator::null:
      break;
  }
  return false;
}

bool one_value_holds(const Condition& condition, string_view given, const Context& context) {
  const bool any = std::ranges::any_of(condition.values, [&](const ConditionValue& wanted) {
    return value_matches(condition.op, wanted, given, context);
  });
  return any != condition.negated;
}

}  // namespace

std::optional<Cidr> parse_cidr(string_view text) {
  const size_t slash = text.find('/');
  const string address(text.substr(0, slash));
  Cidr cidr;
  int width = 128;
  if (in_addr v4; inet_pton(AF_INET, address.c_str(), &v4) == 1) {
    cidr.address[10] = cidr.address[11] = 0xff;
    std::memcpy(&cidr.address[12], &v4, 4);
    width = 32;
  } else if (inet_pton(AF_INET6, address.c_str(), cidr.address.data()) != 1) {
    return std::nullopt;
  }
  if (slash == string_view::npos) return cidr;
  const string_view bits = text.substr(slash + 1);
  int prefix = 0;
  const auto [stop, problem] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
  if (problem != std::errc() || stop != bits.data() + bits.size() || prefix < 0 || prefix > width)
    return std::nullopt;
  cidr.prefix_bits = prefix + 128 - width;
  return cidr;
}

bool contains(const Cidr& network, const Cidr& address) {
  const int whole = network.prefix_bits / 8, rest = network.prefix_bits % 8;
  if (!std::equal(network.address.begin(), network.address.begin() + whole, address.address.begin()))
    return false;
  if (rest == 0) return true;
  const int mask = 0xff << (8 - rest) & 0xff;
  return (network.address[whole] & mask) == (address.address[whole] & mask);
}

std::optional<OperatorName> parse_operator(string_view name) {
  OperatorName parsed{};
  if (name.starts_with("ForAnyValue:")) {
    parsed.quantifier = Quantifier::for_any_value;
    name.remove_prefix(12);
  } else if (name.starts_with("ForAllValues:")) {
    parsed.quantifier = Quantifier::for_all_values;
    name.remove_prefix(13);
  }
  if (name.ends_with("IfExists")) {
    parsed.if_exists = true;
    name.remove_suffix(8);
  }
  for (const Named& known : kOperators) {
    if (known.name != name) continue;
    if (known.op == Operator::null && parsed.if_exists) return std::nullopt;
    parsed.op = known.op;
    parsed.negated = known.negated;
    return parsed;
  }
  return std::nullopt;
}

std::optional<ConditionValue> parse_condition_value(Operator op, string_view text, Variables variables) {
  ConditionValue value;
  switch (op) {
    case Operator::string_like:
    case Operator::arn_like:
      value.pattern = Pattern::compile(text, Wildcards::yes, variables);
      break;
    case Operator::string_equals:
    case Operator::string_equals_ignore_case:
      value.pattern = Pattern::compile(text, Wildcards::no, variables);
      break;
    case Operator::binary_equals:
      value.pattern = Pattern::compile(text, Wildcards::no, Variables::no);
      break;
    case Operator::boolean:
    case Operator::null: {
      const auto flag = parse_flag(text);
      if (!flag) return std::nullopt;
      value.flag = *flag;
      break;
    }
    case Operator::ip_address: {
      const auto network = parse_cidr(text);
      if (!network) return std::nullopt;
      value.network = *network;
      break;
    }
    case Operator::date_equals:
    case Operator::date_less:
    case Operator::date_less_equals:
    case Operator::date_greater:
    case Operator::date_greater_equals: {
      const auto time = parse_time(text);
      if (!time) return std::nullopt;
      value.time = *time;
      break;
    }
    default: {
      const auto number = parse_number(text);
      if (!number) return std::nullopt;
      value.number = *number;
    }
  }
  return value;
}

bool holds(const Condition& condition, const Context& context) {
  const Context::Values given = context.find(condition.key);
  const bool present = !given.empty();
  if (condition.op == Operator::null) {
    // "true": the key must be absent; "false": it must be there.
    return std::ranges::any_of(condition.values, [&](const ConditionValue& v) { return v.flag == !present; });
  }
  if (!present) {
    if (condition.if_exists || condition.quantifier == Quantifier::for_all_values) return true;
    // "If the key is not present, negated matching operators return true"; ForAnyValue needs a value.
    return condition.negated && condition.quantifier == Quantifier::none;
  }
  auto one = [&](string_view value) { return one_value_holds(condition, value, context); };
  if (condition.quantifier == Quantifier::for_all_values) return std::ranges::all_of(given, one);
  // A negated operator without a quantifier says that none of the values is listed.
  if (condition.quantifier == Quantifier::none && condition.negated) return std::ranges::all_of(given, one);
  return std::ranges::any_of(given, one);
}

}  // namespace landfall::aws::policy
