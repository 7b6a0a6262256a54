#include "aws/protocol/value.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/encoding.h"

namespace landfall::aws {

namespace {

template <class T>
const void* inside(const void* field) {
  const auto& optional = *static_cast<const std::optional<T>*>(field);
  return optional ? &*optional : nullptr;
}

template <class T>
void* fill(void* field) {
  return &static_cast<std::optional<T>*>(field)->emplace();
}

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

bool parse_number(std::string_view text, double& value) {
  if (text == "NaN") return value = std::numeric_limits<double>::quiet_NaN(), true;
  if (text == "Infinity") return value = std::numeric_limits<double>::infinity(), true;
  if (text == "-Infinity") return value = -std::numeric_limits<double>::infinity(), true;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string timestamp_text(TimestampFormat format, Timestamp time) {
  switch (format) {
    case TimestampFormat::http_date:
      return format_http_date(time);
    case TimestampFormat::unix_seconds:
      return time.unix_ms % 1000 == 0 ? std::to_string(time.unix_ms / 1000)
                                      : number_text(static_cast<double>(time.unix_ms) / 1000.0);
    case TimestampFormat::by_protocol:
    case TimestampFormat::iso8601:
      break;
  }
  return format_iso8601(time);
}

}  // namespace

bool is_scalar(Kind kind) { return kind != Kind::structure && kind != Kind::list && kind != Kind::map; }

bool in_integer_range(Kind kind, int64_t value) {
  return kind != Kind::integer ||
         (value >= std::numeric_limits<int32_t>::min() && value <= std::numeric_limits<int32_t>::max());
}

const void* value_of(const Member& member, const void* object) {
  const void* at = field(member, object);
  switch (member.shape->kind) {
    case Kind::structure:
      return member.boxed ? member.shape->struct_ops->get_box(at) : member.shape->struct_ops->get(at);
    case Kind::list:
    case Kind::map:
      return at;
    case Kind::string:
    case Kind::blob:
      return inside<std::string>(at);
    case Kind::integer:
    case Kind::long_:
      return inside<int64_t>(at);
    case Kind::float_:
    case Kind::double_:
      return inside<double>(at);
    case Kind::boolean:
      return inside<bool>(at);
    case Kind::timestamp:
      return inside<Timestamp>(at);
  }
  return nullptr;
}

void* make_value(const Member& member, void* object) {
  void* at = field(member, object);
  switch (member.shape->kind) {
    case Kind::structure:
      return member.boxed ? member.shape->struct_ops->emplace_box(at) : member.shape->struct_ops->emplace(at);
    case Kind::list:
    case Kind::map:
      return at;
    case Kind::string:
    case Kind::blob:
      return fill<std::string>(at);
    case Kind::integer:
    case Kind::long_:
      return fill<int64_t>(at);
    case Kind::float_:
    case Kind::double_:
      return fill<double>(at);
    case Kind::boolean:
      return fill<bool>(at);
    case Kind::timestamp:
      return fill<Timestamp>(at);
  }
  return nullptr;
}

bool has_content(const Member& member, const void* object) {
  const void* value = value_of(member, object);
  if (value == nullptr) return false;
  if (member.shape->kind == Kind::list) return member.shape->list_ops->size(value) > 0;
  if (member.shape->kind == Kind::map) return member.shape->map_ops->size(value) > 0;
  return true;
}

std::string scalar_to_text(const Shape& shape, TimestampFormat format, const void* value) {
  switch (shape.kind) {
    case Kind::string:
      return *static_cast<const std::string*>(value);
    case Kind::blob:
      return to_base64(*static_cast<const std::string*>(value));
    case Kind::integer:
    case Kind::long_:
      return std::to_string(*static_cast<const int64_t*>(value));
    case Kind::float_:
    case Kind::double_:
      return number_text(*static_cast<const double*>(value));
    case Kind::boolean:
      return *static_cast<const bool*>(value) ? "true" : "false";
    case Kind::timestamp:
      return timestamp_text(format, *static_cast<const Timestamp*>(value));
    case Kind::structure:
    case Kind::list:
    case Kind::map:
      break;
  }
  LF_INVARIANT(false, "not a scalar");
}

std::optional<Timestamp> timestamp_from_text(std::string_view text) {
  if (const auto time = parse_iso8601(text)) return *time;
  if (const auto time = parse_http_date(text)) return *time;
  double seconds = 0;
  constexpr double furthest = 253'402'300'799;  // the end of the year 9999
  if (parse_number(text, seconds) && std::fabs(seconds) <= furthest)
    return Timestamp{std::llround(seconds * 1000)};
  return std::nullopt;
}

bool scalar_from_text(const Shape& shape, std::string_view text, void* value) {
  switch (shape.kind) {
    case Kind::string:
      static_cast<std::string*>(value)->assign(text);
      return true;
    case Kind::blob: {
      auto bytes = from_base64(text);
      if (bytes) *static_cast<std::string*>(value) = std::move(*bytes);
      return bytes.has_value();
    }
    case Kind::integer:
    case Kind::long_: {
      int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error != std::errc() || end != text.data() + text.size()) return false;
      *static_cast<int64_t*>(value) = number;
      return in_integer_range(shape.kind, number);
    }
    case Kind::float_:
    case Kind::double_:
      return parse_number(text, *static_cast<double*>(value));
    case Kind::boolean: {
      const bool yes = text == "true" || text == "True" || text == "TRUE" || text == "1";
      const bool no = text == "false" || text == "False" || text == "FALSE" || text == "0";
      *static_cast<bool*>(value) = yes;
      return yes || no;
    }
    case Kind::timestamp: {
      const auto time = timestamp_from_text(text);
      if (time) *static_cast<Timestamp*>(value) = *time;
      return time.has_value();
    }
    case Kind::structure:
    case Kind::list:
    case Kind::map:
      break;
  }
  return false;
}

}  // namespace landfall::aws
