// TextWriter: many short pieces behind what a string holds. Room is looked for once a put() and the string's
// length set once at the end, where std::string::append() does both, and a call, for each piece. Until its
// destruction the string is the writer's. One thread.
#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace landfall {

class TextWriter {
 public:
  // `out` outlives it; `room`: bytes that are likely to come.
  explicit TextWriter(std::string& out, size_t room = 512) : out_(out), length_(out.size()) {
    make_room(room);
  }
  TextWriter(const TextWriter&) = delete;
  TextWriter& operator=(const TextWriter&) = delete;
  ~TextWriter() { out_.resize(length_); }

  // Characters, text, and integers in decimal.
  template <class... Pieces>
  TextWriter& put(const Pieces&... pieces) {
    const size_t bytes = (most(pieces) + ...);
    if (bytes > out_.size() - length_) [[unlikely]]
      make_room(bytes);
    char* at = out_.data() + length_;
    ((at = copy(at, pieces)), ...);
    length_ = static_cast<size_t>(at - out_.data());
    return *this;
  }
  // With zeros before it.
  TextWriter& put_padded(uint64_t number, size_t width) {
    char digits[kDigits];
    const auto length = static_cast<size_t>(copy(digits, number) - digits);
    for (size_t i = length; i < width; ++i) put('0');
    return put(std::string_view(digits, length));
  }
  // Its last `digits` ones to the base of 16, lower case.
  TextWriter& put_hex(uint64_t number, size_t digits) {
    if (digits > out_.size() - length_) [[unlikely]]
      make_room(digits);
    for (char* at = out_.data() + length_ + digits; at != out_.data() + length_; number >>= 4)
      *--at = "0123456789abcdef"[number & 15];
    length_ += digits;
    return *this;
  }

 private:
  static constexpr size_t kDigits = 20;  // of 64 bits, or 19 and a sign

  template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
  static constexpr size_t most(Number) {
    return kDigits;
  }
  static constexpr size_t most(char) { return 1; }
  static constexpr size_t most(std::string_view text) { return text.size(); }
  template <size_t N>
  static constexpr size_t most(const char (&)[N]) {
    return N - 1;
  }

  template <std::integral Number>
    requires(!std::same_as<Number, char> && !std::same_as<Number, bool>)
  static char* copy(char* at, Number number) {
    return std::to_chars(at, at + kDigits, number).ptr;
  }
  static char* copy(char* at, char c) {
    *at = c;
    return at + 1;
  }
  static char* copy(char* at, std::string_view text) {
    if (!text.empty()) std::memcpy(at, text.data(), text.size());
    return at + text.size();
  }
  template <size_t N>
  static char* copy(char* at, const char (&literal)[N]) {
    std::memcpy(at, literal, N - 1);
    return at + N - 1;
  }

  void make_room(size_t bytes) {
    const size_t wanted = length_ + bytes;
    const size_t size = wanted > out_.capacity() ? std::max(wanted, 2 * out_.capacity()) : out_.capacity();
    out_.resize_and_overwrite(size, [](char*, size_t all) { return all; });
  }

  std::string& out_;
  size_t length_;  // written; out_.size() is the room's end
};

}  // namespace landfall
