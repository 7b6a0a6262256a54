// ASCII letters, whatever the locale: what host names, header names and AWS's case-insensitive identifiers
// are made of.
#pragma once

#include <string>
#include <string_view>

namespace landfall {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }

inline std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = ascii_lower(c);
  return out;
}

}  // namespace landfall
