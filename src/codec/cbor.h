// CBOR (RFC 8949), the part that Smithy's rpc-v2-cbor uses: a strict reader into a tree, and a writer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace landfall::codec {

enum class CborType : uint8_t {
  unsigned_integer,
  negative_integer,
  bytes,
  text,
  array,
  map,
  boolean,
  null,
  number
};

struct CborMember;

// Tags are dropped but for tag 1 (epoch time), which is remembered: the schema says what a value is.
struct CborValue {
  CborType type = CborType::null;
  bool epoch_time = false;
  bool boolean = false;
  uint64_t integer = 0;  // negative_integer: the value is -1 - integer
  double number = 0;
  std::string string;  // bytes and text
  std::vector<CborValue> array;
  std::vector<CborMember> map;  // text keys only, in order

  const CborValue* member(std::string_view key) const;
};

// Not std::pair: clang with g++ 12's library cannot take a pair of an incomplete type.
struct CborMember {
  std::string key;
  CborValue value;
};

struct CborLimits {
  size_t max_depth = 64;
  size_t max_values = 200'000;  // PutMetricData at its limit of 1,000 data points of 150 values each
};

// One value and nothing after it. Strings must be in one piece or well-formed pieces; simple values other
// than true, false, null and undefined are refused.
Result<CborValue> parse_cbor(std::string_view bytes, const CborLimits& limits = {});

class CborWriter {
 public:
  explicit CborWriter(std::string& out) : out_(out) {}
  void integer(int64_t value);
  void number(double value);  // as a 64-bit float
  void boolean(bool value) { out_ += value ? '\xf5' : '\xf4'; }
  void null() { out_ += '\xf6'; }
  void text(std::string_view value);
  void bytes(std::string_view value);
  void array(size_t count) { head(4, count); }
  void map(size_t count) { head(5, count); }
  void begin_map() { out_ += '\xbf'; }  // of unknown length, until end()
  void end() { out_ += '\xff'; }
  void epoch_time(int64_t unix_ms);  // tag 1

 private:
  void head(uint8_t major, uint64_t argument);
  std::string& out_;
};

}  // namespace landfall::codec
