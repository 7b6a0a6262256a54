// Smithy's rpc-v2-cbor: POST /service/<target prefix>/operation/<operation>, bodies in CBOR.
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
#include <cmath>

#include "aws/protocol/codec_internal.h"
#include "aws/protocol/value.h"
#include "codec/cbor.h"

namespace landfall::aws {

namespace {

using codec::CborType;
using codec::CborValue;

class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}

  void value(const Shape& shape, const void* value) {
    switch (shape.kind) {
      case Kind::structure:
        structure(shape, value);
        return;
      case Kind::list:
        list(shape, value);
        return;
      case Kind::map:
        map(shape, value);
        return;
      case Kind::string:
        out_.text(*static_cast<const std::string*>(value));
        return;
      case Kind::blob:
        out_.bytes(*static_cast<const std::string*>(value));
        return;
      case Kind::integer:
      case Kind::long_:
        out_.integer(*static_cast<const int64_t*>(value));
        return;
      case Kind::float_:
      case Kind::double_:
        out_.number(*static_cast<const double*>(value));
        return;
      case Kind::boolean:
        out_.boolean(*static_cast<const bool*>(value));
        return;
      case Kind::timestamp:
        out_.epoch_time(static_cast<const Timestamp*>(value)->unix_ms);
    }
  }

 private:
  void structure(const Shape& shape, const void* object) {
    out_.begin_map();
    for (const Member& m : shape.members) {
      const void* at = value_of(m, object);
      if (at == nullptr) continue;
      out_.text(m.name);
      value(*m.shape, at);
    }
    out_.end();
  }

  void list(const Shape& shape, const void* list) {
    const size_t count = shape.list_ops->size(list);
    out_.array(count);
    for (size_t i = 0; i < count; ++i) value(*shape.element, shape.list_ops->at(list, i));
  }

  void map(const Shape& shape, const void* map) {
    struct Context {
      CborWriter* writer;
      const Shape* element;
    } context{this, shape.element};
    out_.map(shape.map_ops->size(map));
    shape.map_ops->each(map, &context, [](void* c, const std::string& key, const void* entry) {
      const auto& [writer, element] = *static_cast<Context*>(c);
      writer->out_.text(key);
      writer->value(*element, entry);
    });
  }

  codec::CborWriter out_;
};

class CborReader {
 public:
  bool value(const Shape& shape, const CborValue& from, void* value, size_t depth) {
    if (depth > DecodeLimits::max_depth) return false;
    switch (shape.kind) {
      case Kind::structure:
        return structure(shape, from, value, depth);
      case Kind::list:
        return list(shape, from, value, depth);
      case Kind::map:
        return map(shape, from, value, depth);
      default:
        return scalar(shape, from, value) || failed(shape.name);
    }
  }
  const std::string& where() const { return where_; }

 private:
  bool failed(std::string_view where) {
    if (where_.empty()) where_ = where;
    return false;
  }

  bool structure(const Shape& shape, const CborValue& from, void* object, size_t depth) {
    if (from.type != CborType::map) return failed(shape.name);
    for (const auto& [key, item] : from.map) {
      const Member* m = shape.member(key);
      if (m == nullptr || item.type == CborType::null) continue;
      if (!value(*m->shape, item, make_value(*m, object), depth + 1)) return failed(m->name);
    }
    return true;
  }

  bool list(const Shape& shape, const CborValue& from, void* list, size_t depth) {
    if (from.type != CborType::array || !budget_.take(from.array.size())) return failed(shape.name);
    shape.list_ops->resize(list, from.array.size());
    for (size_t i = 0; i < from.array.size(); ++i)
      if (!value(*shape.element, from.array[i], shape.list_ops->mutable_at(list, i), depth + 1)) return false;
    return true;
  }

  bool map(const Shape& shape, const CborValue& from, void* map, size_t depth) {
    if (from.type != CborType::map || !budget_.take(from.map.size())) return failed(shape.name);
    for (const auto& [key, item] : from.map)
      if (item.type != CborType::null &&
          !value(*shape.element, item, shape.map_ops->insert(map, key), depth + 1))
        return false;
    return true;
  }

  static bool number(const CborValue& from, double& out) {
    switch (from.type) {
      case CborType::unsigned_integer:
        out = static_cast<double>(from.integer);
        return true;
      case CborType::negative_integer:
        out = -1.0 - static_cast<double>(from.integer);
        return true;
      case CborType::number:
        out = from.number;
        return true;
      default:
        return false;
    }
  }

  static bool integer(const CborValue& from, int64_t& out) {
    if (from.integer > static_cast<uint64_t>(INT64_MAX)) return false;
    if (from.type == CborType::unsigned_integer) return out = static_cast<int64_t>(from.integer), true;
    if (from.type == CborType::negative_integer) return out = -1 - static_cast<int64_t>(from.integer), true;
    return false;
  }

  static bool scalar(const Shape& shape, const CborValue& from, void* value) {
    switch (shape.kind) {
      case Kind::string:
      case Kind::blob:
        *static_cast<std::string*>(value) = from.string;
        return from.type == (shape.kind == Kind::string ? CborType::text : CborType::bytes);
      case Kind::integer:
      case Kind::long_: {
        auto& out = *static_cast<int64_t*>(value);
        return integer(from, out) && in_integer_range(shape.kind, out);
      }
      case Kind::float_:
      case Kind::double_:
        return number(from, *static_cast<double*>(value));
      case Kind::boolean:
        *static_cast<bool*>(value) = from.boolean;
        return from.type == CborType::boolean;
      case Kind::timestamp: {
        double seconds = 0;
        constexpr double furthest = 253'402'300'799;  // the end of the year 9999
        if (!number(from, seconds) || !(std::fabs(seconds) <= furthest)) return false;
        static_cast<Timestamp*>(value)->unix_ms = std::llround(seconds * 1000);
        return true;
      }
      default:
        return false;
    }
  }

  ElementBudget budget_;
  std::string where_;
};

}  // namespace

void decode_cbor(const OperationModel& operation, std::string_view body, void* in) {
  if (body.empty()) return;  // an operation without input may have no body
  const auto tree = codec::parse_cbor(body);
  if (!tree) throw ServiceError("SerializationException", 400, tree.error().message);
  CborReader reader;
  if (!reader.value(*operation.input, *tree, in, 0))
    throw ServiceError("SerializationException", 400,
                       "CBOR: the value of " + reader.where() + " is of another type");
}

WireResponse encode_cbor(const OperationModel& operation, const void* out, std::string_view) {
  WireResponse response;
  response.headers.add("smithy-protocol", "rpc-v2-cbor");
  if (operation.has_output) {
    response.headers.add("Content-Type", "application/cbor");
    CborWriter(response.body).value(*operation.output, out);
  }
  return response;
}

}  // namespace landfall::aws
