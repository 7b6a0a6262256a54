#include "aws/protocol/json_shape.h"

#include <cmath>

#include "aws/protocol/codec_internal.h"
#include "aws/protocol/value.h"
#include "base/encoding.h"

namespace landfall::aws {

namespace {

class JsonWriter {
 public:
  JsonWriter(JsonStyle style, std::string& out) : style_(style), out_(out) {}

  void value(const Shape& shape, TimestampFormat format, const void* value) {
    switch (shape.kind) {
      case Kind::structure:
        structure(shape, value);
        return;
      case Kind::list:
        list(shape, format, value);
        return;
      case Kind::map:
        map(shape, value);
        return;
      case Kind::string:
        fields::append_quoted(out_, *static_cast<const std::string*>(value));
        return;
      case Kind::blob:
        fields::append_quoted(out_, to_base64(*static_cast<const std::string*>(value)));
        return;
      case Kind::float_:
      case Kind::double_:
        number(*static_cast<const double*>(value));
        return;
      case Kind::timestamp:
        timestamp(format, *static_cast<const Timestamp*>(value));
        return;
      case Kind::integer:
      case Kind::long_:
      case Kind::boolean:
        out_ += scalar_to_text(shape, format, value);
    }
  }

 private:
  void structure(const Shape& shape, const void* object) {
    out_ += '{';
    bool first = true;
    for (const Member& m : shape.members) {
      const void* at = value_of(m, object);
      if (at == nullptr || (style_ == JsonStyle::stored && !has_content(m, object))) continue;
      if (!first) out_ += ',';
      first = false;
      fields::append_quoted(out_, style_ == JsonStyle::stored ? m.name : m.wire_name);
      out_ += ':';
      value(*m.shape, m.timestamp_format, at);
    }
    out_ += '}';
  }

  void list(const Shape& shape, TimestampFormat format, const void* list) {
    out_ += '[';
    const size_t count = shape.list_ops->size(list);
    for (size_t i = 0; i < count; ++i) {
      if (i > 0) out_ += ',';
      value(*shape.element, format, shape.list_ops->at(list, i));
    }
    out_ += ']';
  }

  void map(const Shape& shape, const void* map) {
    struct Context {
      JsonWriter* writer;
      const Shape* element;
      bool first;
    } context{this, shape.element, true};
    out_ += '{';
    shape.map_ops->each(map, &context, [](void* c, const std::string& key, const void* entry) {
      auto& [writer, element, first] = *static_cast<Context*>(c);
      if (!first) writer->out_ += ',';
      first = false;
      fields::append_quoted(writer->out_, key);
      writer->out_ += ':';
      writer->value(*element, TimestampFormat::by_protocol, entry);
    });
    out_ += '}';
  }

  void number(double value) {
    if (std::isfinite(value)) {
      fields::append_number(out_, value);
    } else {
      fields::append_quoted(out_, std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
    }
  }

  void timestamp(TimestampFormat format, Timestamp time) {
    if (style_ == JsonStyle::stored || format == TimestampFormat::iso8601) {
      fields::append_quoted(out_, format_iso8601(time));
    } else if (format == TimestampFormat::http_date) {
      fields::append_quoted(out_, format_http_date(time));
    } else if (time.unix_ms % 1000 == 0) {
      out_ += std::to_string(time.unix_ms / 1000);
    } else {
      fields::append_number(out_, static_cast<double>(time.unix_ms) / 1000.0);
    }
  }

  JsonStyle style_;
  std::string& out_;
};

class JsonReader {
 public:
  Result<> value(const Shape& shape, const fields::Node* node, void* value, size_t depth) {
    if (depth > DecodeLimits::max_depth) return fail("nested too deeply");
    switch (shape.kind) {
      case Kind::structure:
        return structure(shape, node, value, depth);
      case Kind::list:
        return list(shape, node, value, depth);
      case Kind::map:
        return map(shape, node, value, depth);
      default:
        return scalar(shape, node, value);
    }
  }

 private:
  Result<> structure(const Shape& shape, const fields::Node* node, void* object, size_t depth) {
    Result<> result;
    const auto visit = [&](std::string_view key, const fields::Node* item) {
      for (const Member& m : shape.members) {
        if ((m.wire_name != key && m.name != key) || fields::is_null(item)) continue;
        result = value(*m.shape, item, make_value(m, object), depth + 1);
        if (!result) result = fail(std::string(m.name) + ": " + result.error().message);
        break;
      }
      return result.has_value();
    };
    if (!fields::for_each_member(node, visit) && result) return fail("not an object");
    return result;
  }

  Result<> list(const Shape& shape, const fields::Node* node, void* list, size_t depth) {
    size_t count = 0;
    if (!fields::for_each_element(node, [&](const fields::Node*) { return ++count, true; }))
      return fail("not an array");
    if (!budget_.take(count)) return fail("too many elements");
    shape.list_ops->resize(list, count);
    Result<> result;
    size_t i = 0;
    fields::for_each_element(node, [&](const fields::Node* item) {
      result = value(*shape.element, item, shape.list_ops->mutable_at(list, i++), depth + 1);
      return result.has_value();
    });
    return result;
  }

  Result<> map(const Shape& shape, const fields::Node* node, void* map, size_t depth) {
    Result<> result;
    const auto visit = [&](std::string_view key, const fields::Node* item) {
      if (!budget_.take(1)) {
        result = fail("too many entries");
      } else if (!fields::is_null(item)) {
        result = value(*shape.element, item, shape.map_ops->insert(map, key), depth + 1);
      }
      return result.has_value();
    };
    if (!fields::for_each_member(node, visit) && result) return fail("not an object");
    return result;
  }

  static Result<> scalar(const Shape& shape, const fields::Node* node, void* value) {
    const auto expect = [](bool ok, const char* what) -> Result<> {
      if (ok) return {};
      return fail(std::string("not ") + what);
    };
    std::string text;
    switch (shape.kind) {
      case Kind::string:
        return expect(fields::read_string(node, *static_cast<std::string*>(value)), "a string");
      case Kind::boolean:
        return expect(fields::read_bool(node, *static_cast<bool*>(value)), "a boolean");
      case Kind::integer:
      case Kind::long_: {
        auto& number = *static_cast<int64_t*>(value);
        return expect(fields::read_int(node, number) && in_integer_range(shape.kind, number), "an integer");
      }
      case Kind::float_:
      case Kind::double_:
        if (fields::read_double(node, *static_cast<double*>(value))) return {};
        return expect(fields::read_string(node, text) && scalar_from_text(shape, text, value), "a number");
      case Kind::timestamp: {
        double seconds = 0;
        if (fields::read_double(node, seconds))
          text = std::to_string(seconds);
        else if (!fields::read_string(node, text))
          return fail("not a timestamp");
        return expect(scalar_from_text(shape, text, value), "a timestamp");
      }
      case Kind::blob:
        return expect(fields::read_string(node, text) && scalar_from_text(shape, text, value), "base64");
      default:
        return fail("not a scalar");
    }
  }

  ElementBudget budget_;
};

}  // namespace

void append_json(const Shape& shape, const void* value, JsonStyle style, std::string& out) {
  JsonWriter(style, out).value(shape, TimestampFormat::by_protocol, value);
}

Result<> read_json(const Shape& shape, const fields::Node* node, void* value) {
  return JsonReader().value(shape, node, value, 0);
}

void append_shape_json(const Shape& shape, const void* value, std::string& out) {
  append_json(shape, value, JsonStyle::stored, out);
}

Result<> read_shape_json(const Shape& shape, const fields::Node* node, void* value) {
  return read_json(shape, node, value);
}

std::string shape_to_json(const Shape& shape, const void* value, JsonStyle style) {
  std::string out;
  append_json(shape, value, style, out);
  return out;
}

Result<> shape_from_json(const Shape& shape, std::string_view text, void* value) {
  LF_TRY(const fields::Document document, fields::Document::parse(text));
  return read_json(shape, document.root(), value);
}

}  // namespace landfall::aws
