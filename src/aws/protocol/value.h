// Reading and filling the members of generated structs through their Shape, with the wrappers (optional, Box)
// hidden. "Value" below is a pointer to the plain T: std::string, int64_t, double, bool, Timestamp, a struct,
// vector, map.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/protocol/shape.h"
#include "base/clock.h"

namespace landfall::aws {

// Bounds on what one request may make us build, whatever the protocol.
struct DecodeLimits {
  static constexpr size_t max_depth = 32;              // CloudFront's and EC2's deepest inputs are under 12
  static constexpr size_t max_list_elements = 10'000;  // AWS's largest batches have 1,000 members
  static constexpr size_t max_elements = 50'000;       // over all lists: an element may take kilobytes
};

// Null where the member is absent; a list or map is never absent, it may be empty.
const void* value_of(const Member& member, const void* object);
// Makes the member present (with a default value) and gives its value.
void* make_value(const Member& member, void* object);
// Lists and maps: whether they have elements; others: whether they are present.
bool has_content(const Member& member, const void* object);

// Numbers, booleans, timestamps and strings as text; blobs as base64.
// `format` is the protocol's default for timestamps; the model's own goes first.
std::string scalar_to_text(const Shape& shape, TimestampFormat format, const void* value);
// False if the text is no such value; a timestamp may have any of the formats. Integers are checked for the
// range of their kind.
bool scalar_from_text(const Shape& shape, std::string_view text, void* value);

bool is_scalar(Kind kind);
bool in_integer_range(Kind kind, int64_t value);  // integer: 32 bits
inline TimestampFormat format_of(const Member& member, TimestampFormat by_protocol) {
  return member.timestamp_format == TimestampFormat::by_protocol ? by_protocol : member.timestamp_format;
}
inline TimestampFormat format_of(const Shape& shape, TimestampFormat by_protocol) {
  return shape.timestamp_format == TimestampFormat::by_protocol ? by_protocol : shape.timestamp_format;
}
std::optional<Timestamp> timestamp_from_text(std::string_view text);  // any of the three formats

}  // namespace landfall::aws
