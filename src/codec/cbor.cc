#include "codec/cbor.h"

#include <bit>
#include <cmath>

namespace landfall::codec {

namespace {

// Section 3.4.2.
constexpr uint64_t tag_epoch_time = 1;

double half_to_double(uint16_t half) {  // appendix D
  const int exponent = (half >> 10) & 0x1f;
  const int mantissa = half & 0x3ff;
  double value = 0;
  if (exponent == 0) {
    value = std::ldexp(mantissa, -24);
  } else if (exponent != 31) {
    value = std::ldexp(mantissa + 1024, exponent - 25);
  } else {
    value = mantissa == 0 ? INFINITY : NAN;
  }
  return (half & 0x8000) != 0 ? -value : value;
}

class Parser {
 public:
  Parser(std::string_view bytes, const CborLimits& limits) : rest_(bytes), limits_(limits) {}

  Result<CborValue> whole() {
    CborValue value;
    LF_CHECK(read(value, 0));
    if (!rest_.empty()) return fail("CBOR: bytes after the value");
    return value;
  }

 private:
  struct Head {
    uint8_t major;
    uint8_t info;
    uint64_t argument;
    bool indefinite() const { return info == 31; }
  };

  Result<Head> head() {
    if (rest_.empty()) return fail("CBOR: truncated");
    const auto first = static_cast<uint8_t>(rest_[0]);
    rest_.remove_prefix(1);
    Head h{static_cast<uint8_t>(first >> 5), static_cast<uint8_t>(first & 31), 0};
    if (h.info < 24) {
      h.argument = h.info;
    } else if (h.info <= 27) {
      const size_t count = size_t{1} << (h.info - 24);
      if (rest_.size() < count) return fail("CBOR: truncated");
      for (size_t i = 0; i < count; ++i) h.argument = h.argument << 8 | static_cast<uint8_t>(rest_[i]);
      rest_.remove_prefix(count);
    } else if (h.info != 31) {
      return fail("CBOR: reserved length");
    }
    return h;
  }

  bool take_break() {
    if (rest_.empty() || rest_[0] != '\xff') return false;
    rest_.remove_prefix(1);
    return true;
  }

  Result<> read_string(const Head& h, std::string& out) {
    if (!h.indefinite()) {
      if (h.argument > rest_.size()) return fail("CBOR: truncated string");
      out.append(rest_.substr(0, h.argument));
      rest_.remove_prefix(h.argument);
      return {};
    }
    while (!take_break()) {  // section 3.2.3: definite pieces of the same type
      LF_TRY(Head piece, head());
      if (piece.major != h.major || piece.indefinite()) return fail("CBOR: malformed string piece");
      LF_CHECK(read_string(piece, out));
    }
    return {};
  }

  Result<> read_array(const Head& h, CborValue& value, size_t depth) {
    value.type = CborType::array;
    if (!h.indefinite() && h.argument > rest_.size()) return fail("CBOR: truncated array");
    for (uint64_t i = 0; h.indefinite() ? !take_break() : i < h.argument; ++i)
      LF_CHECK(read(value.array.emplace_back(), depth + 1));
    return {};
  }

  Result<> read_map(const Head& h, CborValue& value, size_t depth) {
    value.type = CborType::map;
    if (!h.indefinite() && h.argument > rest_.size() / 2) return fail("CBOR: truncated map");
    for (uint64_t i = 0; h.indefinite() ? !take_break() : i < h.argument; ++i) {
      LF_TRY(Head key, head());
      if (key.major != 3) return fail("CBOR: a key is not text");
      auto& [name, member] = value.map.emplace_back();
      LF_CHECK(read_string(key, name));
      LF_CHECK(read(member, depth + 1));
    }
    return {};
  }

  Result<> read_simple(const Head& h, CborValue& value) {
    switch (h.info) {
      case 20:
      case 21:
        value.type = CborType::boolean;
        value.boolean = h.info == 21;
        return {};
      case 22:
      case 23:
        value.type = CborType::null;
        return {};
      case 25:
        value.number = half_to_double(static_cast<uint16_t>(h.argument));
        break;
      case 26:
        value.number = std::bit_cast<float>(static_cast<uint32_t>(h.argument));
        break;
      case 27:
        value.number = std::bit_cast<double>(h.argument);
        break;
      default:
        return fail("CBOR: unexpected simple value or break");
    }
    value.type = CborType::number;
    return {};
  }

  Result<> read(CborValue& value, size_t depth) {
    if (depth > limits_.max_depth) return fail("CBOR: nested too deeply");
    if (++values_ > limits_.max_values) return fail("CBOR: too many values");
    LF_TRY(Head h, head());
    if (h.indefinite() && (h.major < 2 || h.major == 6)) return fail("CBOR: reserved length");
    switch (h.major) {
      case 0:
      case 1:
        value.type = h.major == 0 ? CborType::unsigned_integer : CborType::negative_integer;
        value.integer = h.argument;
        return {};
      case 2:
        value.type = CborType::bytes;
        return read_string(h, value.string);
      case 3:
        value.type = CborType::text;
        return read_string(h, value.string);
      case 4:
        return read_array(h, value, depth);
      case 5:
        return read_map(h, value, depth);
      case 6: {
        LF_CHECK(read(value, depth + 1));
        if (h.argument == tag_epoch_time) value.epoch_time = true;
        return {};
      }
      default:
        return read_simple(h, value);
    }
  }

  std::string_view rest_;
  const CborLimits& limits_;
  size_t values_ = 0;
};

}  // namespace

const CborValue* CborValue::member(std::string_view key) const {
  for (const auto& [name, value] : map)
    if (name == key) return &value;
  return nullptr;
}

Result<CborValue> parse_cbor(std::string_view bytes, const CborLimits& limits) {
  return Parser(bytes, limits).whole();
}

void CborWriter::head(uint8_t major, uint64_t argument) {
  const auto first = [&](unsigned info) { out_ += static_cast<char>(major << 5 | info); };
  int bytes = 0;
  if (argument < 24) {
    first(static_cast<unsigned>(argument));
  } else if (argument <= 0xff) {
    first(24);
    bytes = 1;
  } else if (argument <= 0xffff) {
    first(25);
    bytes = 2;
  } else if (argument <= 0xffffffff) {
    first(26);
    bytes = 4;
  } else {
    first(27);
    bytes = 8;
  }
  for (int i = bytes - 1; i >= 0; --i) out_ += static_cast<char>(argument >> (8 * i));
}

void CborWriter::integer(int64_t value) {
  if (value >= 0) {
    head(0, static_cast<uint64_t>(value));
  } else {
    head(1, static_cast<uint64_t>(-(value + 1)));
  }
}

void CborWriter::number(double value) {
  out_ += '\xfb';
  const auto bits = std::bit_cast<uint64_t>(value);
  for (int i = 7; i >= 0; --i) out_ += static_cast<char>(bits >> (8 * i));
}

void CborWriter::text(std::string_view value) {
  head(3, value.size());
  out_ += value;
}

void CborWriter::bytes(std::string_view value) {
  head(2, value.size());
  out_ += value;
}

void CborWriter::epoch_time(int64_t unix_ms) {
  head(6, tag_epoch_time);
  if (unix_ms % 1000 == 0) {
    integer(unix_ms / 1000);
  } else {
    number(static_cast<double>(unix_ms) / 1000.0);
  }
}

}  // namespace landfall::codec
