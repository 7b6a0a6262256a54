// The heads of HTTP/1.1 messages: request line or status line and fields, as RFC 9112 defines them, read
// strictly because what two parsers read differently is a smuggling hole. No I/O; no allocation after
// construction.
//
// A parser is fed the same growing buffer until it says complete or error, and continues each time where it
// stopped, so a head that arrives byte by byte costs the same as one that arrives whole. Positions are kept
// as offsets: the buffer may move between calls. Views handed out are into the buffer passed to them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "codec/http1_field.h"

namespace landfall::http1 {

enum class ParseStatus { incomplete, complete, error };

enum class HeadError : uint8_t {
  none,
  bad_request_line,         // 400
  bad_method,               // 400
  bad_target,               // 400
  unsupported_version,      // 505: HTTP/2.0 in a text line, HTTP/3.1
  bad_line_ending,          // 400: bare CR or bare LF (RFC 9112 section 2.2)
  bad_field_name,           // 400: not a token, space before the colon (section 5.1)
  bad_field_value,          // 400: control characters
  obsolete_folding,         // 400 (section 5.2)
  bad_host,                 // 400: missing, repeated or invalid (section 3.2)
  bad_content_length,       // 400: not a number, or two that differ (section 6.3)
  length_and_encoding,      // 400: Transfer-Encoding with Content-Length (section 6.1)
  bad_transfer_encoding,    // 400: chunked not last or given twice, or in HTTP/1.0
  unknown_transfer_coding,  // 501 (section 6.1)
  target_too_long,          // 414
  too_many_fields,          // 431
  head_too_large,           // 431
  bad_status_line,          // a response's: 502 at a proxy
};

int status_of(HeadError error);              // what a server answers
std::string_view describe(HeadError error);  // for the log

struct HeadLimits {
  size_t target_bytes = 16 * 1024;
  size_t head_bytes = 32 * 1024;
  size_t field_count = 128;  // at most kMaximumFields
};
inline constexpr size_t kMaximumFields = 128;

struct Field {
  uint32_t name_offset;
  uint32_t value_offset;
  uint16_t name_length;
  FieldId id;
  uint32_t value_length;
};

enum class BodyKind : uint8_t {
  none,
  length,  // content_length bytes
  chunked,
  until_close  // responses only
};

enum class HttpVersion : uint8_t { http_1_0, http_1_1 };

// What both kinds of head share.
class HeadFields {
 public:
  const char* base = nullptr;  // the buffer that the offsets are in; set by parse()
  std::array<Field, kMaximumFields> fields;
  uint32_t field_count = 0;
  uint32_t head_bytes = 0;  // up to and with the empty line; the body starts here
  HttpVersion version = HttpVersion::http_1_1;
  BodyKind body = BodyKind::none;
  uint64_t content_length = 0;
  bool has_content_length = false;
  bool keep_alive = true;                // RFC 9112 section 9.3
  bool connection_upgrade = false;       // Connection names "upgrade" and there is an Upgrade field
  bool connection_names_fields = false;  // Connection has other options than close, keep-alive and upgrade

  std::string_view name(const Field& f) const { return {base + f.name_offset, f.name_length}; }
  std::string_view value(const Field& f) const { return {base + f.value_offset, f.value_length}; }
  // The first of that name; an empty view (data() == nullptr) if there is none.
  std::string_view get(FieldId id) const;
  std::string_view get(std::string_view name) const;
  const Field* begin() const { return fields.data(); }
  const Field* end() const { return fields.data() + field_count; }
  // Connection-specific and therefore not to be forwarded.
  bool is_connection_field(const Field& field) const;

 protected:
  void clear_fields();
};

class RequestHead : public HeadFields {
 public:
  std::string_view method() const { return {base + method_offset, method_length}; }
  std::string_view target() const { return {base + target_offset, target_length}; }  // as on the wire
  // The host that the request is for: that of an absolute-form target (RFC 9112 section 3.2.2), else the Host
  // field.
  std::string_view authority() const { return {base + authority_offset, authority_length}; }
  // Path and query of either form; "*" stays. For an absolute form without a path: "/" before the query if
  // there is one (RFC 9112 section 3.2.1), and "*" where OPTIONS asks about the server (section 3.2.4). Valid
  // until the head is changed or moved.
  std::string_view origin_form() const {
    if (!made_origin.empty()) return made_origin;
    if (origin_length > 0) return {base + origin_offset, origin_length};
    return method() == "OPTIONS" ? "*" : "/";
  }
  bool expects_continue = false;

  uint32_t method_offset = 0, method_length = 0, target_offset = 0, target_length = 0;
  uint32_t authority_offset = 0, authority_length = 0, origin_offset = 0, origin_length = 0;
  std::string made_origin;  // "/?x" of "http://a?x", which stands nowhere in the buffer; empty otherwise
  void clear();
};

class ResponseHead : public HeadFields {
 public:
  int status = 0;
  uint32_t reason_offset = 0, reason_length = 0;
  std::string_view reason() const { return {base + reason_offset, reason_length}; }
  void clear();
};

class RequestParser {
 public:
  explicit RequestParser(HeadLimits limits = {}) : limits_(limits) {}
  // `buffer` starts at the first byte of the head; empty lines before it are skipped (RFC 9112 section 2.2)
  // and count as part of the head.
  ParseStatus parse(std::string_view buffer);
  const RequestHead& head() const { return head_; }
  RequestHead& head() { return head_; }
  HeadError error() const { return error_; }
  void reset();  // for the next message

 private:
  HeadError parse_request_line(std::string_view line, size_t offset);
  HeadError parse_target(std::string_view target, size_t offset);
  HeadError finish();

  RequestHead head_;
  HeadLimits limits_;
  HeadError error_ = HeadError::none;
  uint32_t line_start_ = 0, scanned_ = 0;
  bool have_first_line_ = false;
};

class ResponseParser {
 public:
  explicit ResponseParser(HeadLimits limits = {}) : limits_(limits) {}
  // The body's kind depends on the request's method (RFC 9112 section 6.3): none for HEAD.
  ParseStatus parse(std::string_view buffer, bool request_was_head);
  const ResponseHead& head() const { return head_; }
  HeadError error() const { return error_; }
  void reset();

 private:
  HeadError parse_status_line(std::string_view line, size_t offset);
  HeadError finish(bool request_was_head);

  ResponseHead head_;
  HeadLimits limits_;
  HeadError error_ = HeadError::none;
  uint32_t line_start_ = 0, scanned_ = 0;
  bool have_first_line_ = false;
};

bool is_valid_authority(std::string_view host);  // RFC 3986 host [":" port], without userinfo

}  // namespace landfall::http1
