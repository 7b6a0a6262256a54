// Domain names in wire form (RFC 1035 section 3.1): length-prefixed labels ended by the root's zero octet,
// never compressed. A `wire` std::string_view anywhere in landfall::dns is such a name, whole and valid; Name
// owns one.
//
// Comparison is ASCII case-insensitive (RFC 4343); tables are keyed by to_lower(wire), so that a query costs
// hashes and no comparison in parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::dns {

inline constexpr size_t kMaxNameBytes = 255;  // RFC 1035 section 2.3.4, the root's octet included
inline constexpr size_t kMaxLabelBytes = 63;

class Name {
 public:
  Name() = default;  // the root
  // `wire` must be a valid name (views made by this module are).
  explicit Name(std::string_view wire);

  // Route 53's text form: labels joined by dots, the last dot optional, \ooo an octet in octal (AWS "DNS
  // domain name format"), \c the character c.
  static Result<Name> from_text(std::string_view text);

  std::string_view wire() const { return {bytes_, size_}; }
  Name lower() const;

  // Appends a label (without its length); false if it or the name would be too long.
  bool append_label(std::string_view label);

  friend bool operator==(const Name& a, const Name& b) { return a.wire() == b.wire(); }

 private:
  uint8_t size_ = 1;
  char bytes_[kMaxNameBytes] = {0};
};

char lower(char c);
std::string to_lower(std::string_view wire);
bool equal_ignoring_case(std::string_view a, std::string_view b);

// Route 53's text form with the final dot: what is not a-z 0-9 - _ is \ooo. The root is ".".
std::string to_text(std::string_view wire);

bool is_root(std::string_view wire);
std::string_view first_label(std::string_view wire);  // without its length; empty for the root
std::string_view parent(std::string_view wire);       // of the root: the root
size_t label_count(std::string_view wire);            // 0 for the root
// True if `name` is `zone` or below it. Both lower case.
bool is_at_or_below(std::string_view name, std::string_view zone);

}  // namespace landfall::dns
