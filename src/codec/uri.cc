#include "codec/uri.h"

#include <algorithm>

namespace landfall::codec {

namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

Result<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) return fail("malformed percent-encoding");
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else if (text[i] == '+' && plus == Plus::is_space) {
      out += ' ';
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string percent_encode(std::string_view text, Slash slash) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (c == '/' && slash == Slash::kept)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

Result<Pairs> parse_form(std::string_view text, const FormLimits& limits) {
  Pairs pairs;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view piece = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (piece.empty()) continue;
    if (pairs.size() == limits.max_pairs) return fail("too many parameters");
    const size_t equals = std::min(piece.find('='), piece.size());
    if (equals > limits.max_key_bytes) return fail("a parameter's name is too long");
    LF_TRY(std::string key, percent_decode(piece.substr(0, equals), Plus::is_space));
    LF_TRY(std::string value,
           percent_decode(equals < piece.size() ? piece.substr(equals + 1) : std::string_view(),
                          Plus::is_space));
    pairs.emplace_back(std::move(key), std::move(value));
  }
  return pairs;
}

}  // namespace landfall::codec
