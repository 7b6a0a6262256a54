// Condition operators.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/policy/context.h"
#include "aws/policy/pattern.h"
#include "base/clock.h"

namespace landfall::aws::policy {

enum class Operator {
  string_equals,
  string_equals_ignore_case,
  string_like,
  numeric_equals,
  numeric_less,
  numeric_less_equals,
  numeric_greater,
  numeric_greater_equals,
  date_equals,
  date_less,
  date_less_equals,
  date_greater,
  date_greater_equals,
  boolean,
  binary_equals,
  ip_address,
  arn_like,
  null,
};

enum class Quantifier { none, for_any_value, for_all_values };

// An IPv4 or IPv6 network. IPv4 is kept in its IPv6-mapped form, so that ::ffff:10.0.0.1 is 10.0.0.1.
struct Cidr {
  std::array<uint8_t, 16> address{};
  int prefix_bits = 128;
};
std::optional<Cidr> parse_cidr(std::string_view text);  // "203.0.113.0/24", "2001:db8::/32", or one address
bool contains(const Cidr& network, const Cidr& address);

struct ConditionValue {
  Pattern pattern;    // String*, Arn*, Binary
  double number = 0;  // Numeric*
  Timestamp time;     // Date*
  Cidr network;       // IpAddress
  bool flag = false;  // Bool, Null
};

struct Condition {
  Operator op = Operator::string_equals;
  bool negated = false;  // StringNotEquals, NotIpAddress...
  bool if_exists = false;
  Quantifier quantifier = Quantifier::none;
  std::string key;
  std::vector<ConditionValue> values;
};

struct OperatorName {  // "ForAnyValue:StringNotLikeIfExists" taken apart
  Operator op;
  bool negated;
  bool if_exists;
  Quantifier quantifier;
};
std::optional<OperatorName> parse_operator(std::string_view name);
std::optional<ConditionValue> parse_condition_value(Operator op, std::string_view text, Variables variables);

bool holds(const Condition& condition, const Context& context);

}  // namespace landfall::aws::policy
