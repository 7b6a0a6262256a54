// The model's constraints on an input, before the handler sees it: required members, lengths and ranges,
// enumerations, patterns. How strictly each service does this, and with which error, differs: validate.cc
// says how.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/protocol/shape.h"

namespace landfall::aws {

// Throws ServiceError as the operation's service words it. `in` is a value of operation.input.
void validate_input(Protocol protocol, const OperationModel& operation, const void* in);

struct Violation {
  enum class Kind { missing, length, value, enumeration, pattern };
  Kind kind;
  std::string path;        // as AWS writes it: "tags.1.member.key"
  std::string member;      // the last name of the path, in the model's spelling
  std::string value;       // as text; "***" of sensitive members
  std::string constraint;  // "Member must not be null"
  bool in_body = true;     // rest-xml
};
// At most this many are collected: an error message has an end.
constexpr size_t max_violations = 10;
// A list or map does not tell absent from empty. Where it is required, the query protocols take empty for
// absent (they have no other way to write it), and so do flattened lists.
enum class EmptyRequired : bool { allowed, missing };
std::vector<Violation> find_violations(const Shape& shape, const void* value, EmptyRequired empty_required);

// An AWS (Java) pattern in RE2's syntax: \uXXXX written \x{XXXX}, repetitions beyond RE2's 1,000 unbounded.
std::string re2_pattern(std::string_view pattern);
// Whether the whole text matches. A pattern that RE2 cannot express (look-around) matches everything.
// Compiled once per pattern; thread safe.
bool matches_pattern(std::string_view pattern, std::string_view text);
bool is_pattern_supported(std::string_view pattern);

}  // namespace landfall::aws
