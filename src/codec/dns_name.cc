#include "codec/dns_name.h"

#include <algorithm>
#include <cstring>

namespace landfall::dns {
namespace {

bool octal(char c) { return c >= '0' && c <= '7'; }

bool plain(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// Reads one possibly escaped character of `text` at `i`, moving i past it. -1: a broken escape.
int read_character(std::string_view text, size_t& i) {
  if (text[i] != '\\') return static_cast<unsigned char>(text[i++]);
  if (i + 3 < text.size() && octal(text[i + 1]) && octal(text[i + 2]) && octal(text[i + 3])) {
    const int value = (text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0');
    i += 4;
    return value <= 255 ? value : -1;
  }
  if (i + 1 >= text.size()) return -1;
  i += 2;
  return static_cast<unsigned char>(text[i - 1]);
}

}  // namespace

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

Name::Name(std::string_view wire) : size_(static_cast<uint8_t>(wire.size())) {
  LF_INVARIANT(!wire.empty() && wire.size() <= kMaxNameBytes, "a domain name of 1 to 255 octets");
  std::memcpy(bytes_, wire.data(), wire.size());
}

Result<Name> Name::from_text(std::string_view text) {
  Name name;
  if (text == ".") return name;
  if (text.empty()) return fail("a domain name is empty");
  std::string label;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '.') {
      if (label.empty()) return fail("a domain name has an empty label");
      if (!name.append_label(label)) return fail("a domain name or label is too long");
      label.clear();
      ++i;
      continue;
    }
    const int c = read_character(text, i);
    if (c < 0) return fail("a domain name has a broken escape");
    label += static_cast<char>(c);
  }
  if (!label.empty() && !name.append_label(label)) return fail("a domain name or label is too long");
  return name;
}

Name Name::lower() const {
  Name out;
  out.size_ = size_;
  // A length octet is at most 63 and so below 'A': lowering the whole name leaves lengths alone.
  std::transform(bytes_, bytes_ + size_, out.bytes_, dns::lower);
  return out;
}

bool Name::append_label(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabelBytes || size_ + 1 + label.size() > kMaxNameBytes)
    return false;
  bytes_[size_ - 1] = static_cast<char>(label.size());
  std::memcpy(bytes_ + size_, label.data(), label.size());
  size_ = static_cast<uint8_t>(size_ + label.size() + 1);
  bytes_[size_ - 1] = 0;
  return true;
}

std::string to_lower(std::string_view wire) {
  std::string out(wire);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_text(std::string_view wire) {
  if (is_root(wire)) return ".";
  std::string out;
  for (; !is_root(wire); wire = parent(wire)) {
    for (unsigned char c : first_label(wire)) {
      if (plain(c)) {
        out += static_cast<char>(c);
      } else {
        out += '\\';
        out += static_cast<char>('0' + (c >> 6));
        out += static_cast<char>('0' + (c >> 3 & 7));
        out += static_cast<char>('0' + (c & 7));
      }
    }
    out += '.';
  }
  return out;
}

bool is_root(std::string_view wire) { return wire.size() <= 1; }

std::string_view first_label(std::string_view wire) {
  return is_root(wire) ? std::string_view{} : wire.substr(1, static_cast<uint8_t>(wire[0]));
}

std::string_view parent(std::string_view wire) {
  return is_root(wire) ? wire : wire.substr(1 + static_cast<uint8_t>(wire[0]));
}

size_t label_count(std::string_view wire) {
  size_t count = 0;
  for (; !is_root(wire); wire = parent(wire)) ++count;
  return count;
}

bool is_at_or_below(std::string_view name, std::string_view zone) {
  while (name.size() > zone.size()) name = parent(name);
  return name == zone;
}

}  // namespace landfall::dns
