// HTTP messages as values: Headers, Request, Response. No I/O. RFC 9110.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ascii.h"

namespace landfall::http {

// A view into Headers, valid until they change. The name is as received or as to be sent; compared without
// case.
struct Header {
  std::string_view name, value;
};

using landfall::equals_ignoring_case;  // ASCII

// "Name: value\r\n". CR, LF and NUL become spaces: no value can break the framing.
void append_field(std::string& out, std::string_view name, std::string_view value);

// Fields in order of arrival; several of one name are kept. They lie in one buffer as the lines that HTTP/1.1
// sends (append_field()), so that a message costs two allocations however many fields it has.
class Headers {
 public:
  class Iterator;
  // Where a field's line lies in a text.
  struct Line {
    uint32_t begin, name_length, value_length;
  };

  Headers() = default;
  // `text` is lines as append_field() writes them, one after the other from lines[0].begin = 0 on.
  Headers(std::string text, std::vector<Line> lines) : text_(std::move(text)), lines_(std::move(lines)) {}

  std::optional<std::string_view> get(std::string_view name) const;  // the first
  std::vector<std::string_view> get_all(std::string_view name) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  void add(std::string_view name, std::string_view value);  // may be views into these Headers
  void add_all(const Headers& more);
  void set(std::string_view name, std::string_view value);  // replaces all of that name
  void remove(std::string_view name);
  void reserve(size_t fields, size_t bytes);  // bytes: of names and values
  Iterator begin() const;
  Iterator end() const;
  size_t size() const { return lines_.size(); }

 private:
  Header at(const Line& line) const {
    const std::string_view text = text_;
    return {text.substr(line.begin, line.name_length),
            text.substr(line.begin + line.name_length + 2, line.value_length)};
  }
  std::string_view line(const Line& line) const {
    return std::string_view(text_).substr(line.begin, line.name_length + line.value_length + 4);
  }
  std::string text_;
  std::vector<Line> lines_;
};

class Headers::Iterator {
 public:
  using value_type = Header;
  using difference_type = std::ptrdiff_t;
  Iterator() = default;
  Iterator(const Headers* headers, size_t at) : headers_(headers), at_(at) {}
  Header operator*() const { return headers_->at(headers_->lines_[at_]); }
  std::string_view line() const { return headers_->line(headers_->lines_[at_]); }  // "Name: value\r\n"
  Iterator& operator++() { return ++at_, *this; }
  Iterator operator++(int) {
    Iterator before = *this;
    ++at_;
    return before;
  }
  bool operator==(const Iterator&) const = default;

 private:
  const Headers* headers_ = nullptr;
  size_t at_ = 0;
};

inline Headers::Iterator Headers::begin() const { return {this, 0}; }
inline Headers::Iterator Headers::end() const { return {this, lines_.size()}; }

// Whom the request came from and by which way.
struct Peer {
  std::string address;  // "10.0.1.5"; empty on a Unix socket
  uint16_t port = 0;
  std::string local_address;
  uint16_t local_port = 0;
  bool tls = false;
  std::string server_name;  // TLS SNI, lower case
  std::string tls_version;  // "TLSv1.3", empty without TLS
  std::string tls_cipher;
};

enum class Version { http_1_0, http_1_1, http_2 };

struct Request {
  std::string method;
  std::string target;     // as on the wire, origin form: path and query, still percent-encoded
  std::string authority;  // Host header or :authority, as sent
  Version version = Version::http_1_1;
  Headers headers;
  Peer peer;

  std::string_view path() const;   // before '?', still encoded
  std::string_view query() const;  // after '?', without it; empty if none
};

struct Response {
  int status = 200;
  Headers headers;
};

std::string_view reason_phrase(int status);  // RFC 9110 section 15; "Unknown" for others

}  // namespace landfall::http
