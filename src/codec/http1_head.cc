#include "codec/http1_head.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace landfall::http1 {
namespace {

constexpr size_t kRequestLineRest = 64;  // room for method and version beside the target

// The next whole line of `buffer` from `line_start`; `scanned` remembers how far no line feed was found.
enum class Line { found, partial, bare_lf };

Line next_line(std::string_view buffer, uint32_t line_start, uint32_t& scanned, std::string_view& line) {
  const char* from = buffer.data() + scanned;
  const auto* lf = static_cast<const char*>(std::memchr(from, '\n', buffer.size() - scanned));
  if (lf == nullptr) {
    scanned = static_cast<uint32_t>(buffer.size());
    return Line::partial;
  }
  const auto end = static_cast<uint32_t>(lf - buffer.data());
  scanned = end + 1;
  if (end == line_start || buffer[end - 1] != '\r') return Line::bare_lf;
  line = buffer.substr(line_start, end - 1 - line_start);
  return Line::found;
}

bool parse_decimal(std::string_view text, uint64_t& value) {
  if (text.empty() || text.size() > 19) return false;  // 19 digits always fit in 64 bits,
  value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<uint64_t>(c - '0');
  }
  return value <= UINT64_MAX >> 1;  // and must in a signed counter of whoever is behind us
}

// One field line (RFC 9112 section 5) appended to `head`.
HeadError add_field(HeadFields& head, std::string_view line, uint32_t offset, size_t maximum_fields) {
  if (line.front() == ' ' || line.front() == '\t') return HeadError::obsolete_folding;
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon > 0xffff) return HeadError::bad_field_name;
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) return HeadError::bad_field_name;
  const std::string_view value = trim_ows(line.substr(colon + 1));
  if (!is_field_value(value)) return HeadError::bad_field_value;
  if (head.field_count >= std::min(maximum_fields, kMaximumFields)) return HeadError::too_many_fields;
  head.fields[head.field_count++] = {
      .name_offset = offset,
      .value_offset = offset + static_cast<uint32_t>(value.data() - line.data()),
      .name_length = static_cast<uint16_t>(colon),
      .id = field_id(name),
      .value_length = static_cast<uint32_t>(value.size())};
  return HeadError::none;
}

// RFC 9110 section 8.6: a list of identical lengths is one length; anything else that differs is an attack.
HeadError take_content_length(HeadFields& head, std::string_view value) {
  bool any = false;
  for (std::string_view element = next_list_element(value); !element.empty();
       element = next_list_element(value)) {
    uint64_t length = 0;
    if (!parse_decimal(element, length)) return HeadError::bad_content_length;
    if (head.has_content_length && length != head.content_length) return HeadError::bad_content_length;
    head.content_length = length;
    head.has_content_length = any = true;
  }
  return any ? HeadError::none : HeadError::bad_content_length;
}

struct Connection {
  bool close = false, keep_alive = false, upgrade = false, upgrade_field = false;
};

void take_connection(HeadFields& head, Connection& options, std::string_view value) {
  for (std::string_view option = next_list_element(value); !option.empty();
       option = next_list_element(value)) {
    if (equals_ignoring_case(option, "close"))
      options.close = true;
    else if (equals_ignoring_case(option, "keep-alive"))
      options.keep_alive = true;
    else if (equals_ignoring_case(option, "upgrade"))
      options.upgrade = true;
    else
      head.connection_names_fields = true;
  }
}

// Transfer-Encoding: chunked once and last, nothing else: no other coding is implemented here (RFC 9112
// section 6.1).
HeadError take_transfer_encoding(std::string_view value, bool& chunked) {
  bool any = false;
  for (std::string_view coding = next_list_element(value); !coding.empty();
       coding = next_list_element(value)) {
    any = true;
    if (chunked) return HeadError::bad_transfer_encoding;
    if (!equals_ignoring_case(coding, "chunked")) return HeadError::unknown_transfer_coding;
    chunked = true;
  }
  return any ? HeadError::none : HeadError::bad_transfer_encoding;
}

// Framing and persistence, the same for requests and responses.
HeadError take_framing(HeadFields& head, bool& chunked) {
  Connection options;
  for (const Field& field : head) {
    HeadError error = HeadError::none;
    switch (field.id) {
      case FieldId::content_length:
        error = take_content_length(head, head.value(field));
        break;
      case FieldId::transfer_encoding:
        error = take_transfer_encoding(head.value(field), chunked);
        break;
      case FieldId::connection:
        take_connection(head, options, head.value(field));
        break;
      case FieldId::upgrade:
        options.upgrade_field = true;
        break;
      default:
        break;
    }
    if (error != HeadError::none) return error;
  }
  if (chunked && head.has_content_length) return HeadError::length_and_encoding;
  // RFC 9112 section 6.1: in HTTP/1.0 the framing is faulty.
  if (chunked && head.version == HttpVersion::http_1_0) return HeadError::bad_transfer_encoding;
  head.keep_alive = !options.close && (head.version == HttpVersion::http_1_1 || options.keep_alive);
  // RFC 9110 section 7.8: Upgrade in HTTP/1.0 is ignored.
  head.connection_upgrade = options.upgrade && options.upgrade_field && head.version == HttpVersion::http_1_1;
  return HeadError::none;
}

// "HTTP/" digit "." digit, RFC 9112 section 2.3.
HeadError parse_version(std::string_view text, HttpVersion& version) {
  if (text == "HTTP/1.1")
    version = HttpVersion::http_1_1;
  else if (text == "HTTP/1.0")
    version = HttpVersion::http_1_0;
  else if (text.size() == 8 && text.starts_with("HTTP/") && text[5] >= '0' && text[5] <= '9' &&
           text[6] == '.' && text[7] >= '0' && text[7] <= '9') {
    if (text[5] != '1') return HeadError::unsupported_version;
    version = HttpVersion::http_1_1;  // a higher minor version of HTTP/1 is understood as ours
  } else {
    return HeadError::bad_request_line;
  }
  return HeadError::none;
}

bool is_target_text(std::string_view text) {
  for (unsigned char c : text)
    if (c <= 0x20 || c == 0x7f || c == '#') return false;
  return true;
}

}  // namespace

int status_of(HeadError error) {
  switch (error) {
    case HeadError::none:
      return 200;
    case HeadError::unsupported_version:
      return 505;
    case HeadError::unknown_transfer_coding:
      return 501;
    case HeadError::target_too_long:
      return 414;
    case HeadError::too_many_fields:
    case HeadError::head_too_large:
      return 431;
    case HeadError::bad_status_line:
      return 502;
    default:
      return 400;
  }
}

std::string_view describe(HeadError error) {
  switch (error) {
    case HeadError::none:
      return "no error";
    case HeadError::bad_request_line:
      return "malformed request line";
    case HeadError::bad_method:
      return "method is not a token";
    case HeadError::bad_target:
      return "malformed request target";
    case HeadError::unsupported_version:
      return "HTTP version not supported";
    case HeadError::bad_line_ending:
      return "line not ended by CR LF";
    case HeadError::bad_field_name:
      return "malformed field name";
    case HeadError::bad_field_value:
      return "control character in a field value";
    case HeadError::obsolete_folding:
      return "folded field line";
    case HeadError::bad_host:
      return "missing, repeated or malformed Host";
    case HeadError::bad_content_length:
      return "malformed or conflicting Content-Length";
    case HeadError::length_and_encoding:
      return "both Content-Length and Transfer-Encoding";
    case HeadError::bad_transfer_encoding:
      return "malformed Transfer-Encoding";
    case HeadError::unknown_transfer_coding:
      return "unknown transfer coding";
    case HeadError::target_too_long:
      return "request target too long";
    case HeadError::too_many_fields:
      return "too many fields";
    case HeadError::head_too_large:
      return "header section too large";
    case HeadError::bad_status_line:
      return "malformed status line";
  }
  return "unknown";
}

void HeadFields::clear_fields() {
  field_count = 0;
  head_bytes = 0;
  version = HttpVersion::http_1_1;
  body = BodyKind::none;
  content_length = 0;
  has_content_length = false;
  keep_alive = true;
  connection_upgrade = false;
  connection_names_fields = false;
}

std::string_view HeadFields::get(FieldId id) const {
  for (const Field& field : *this)
    if (field.id == id) return value(field);
  return {};
}

std::string_view HeadFields::get(std::string_view wanted) const {
  for (const Field& field : *this)
    if (equals_ignoring_case(name(field), wanted)) return value(field);
  return {};
}

bool HeadFields::is_connection_field(const Field& field) const {
  if (is_hop_by_hop(field.id)) return true;
  if (!connection_names_fields) return false;
  const std::string_view wanted = name(field);
  for (const Field& other : *this) {
    if (other.id != FieldId::connection) continue;
    std::string_view list = value(other);
    for (std::string_view option = next_list_element(list); !option.empty(); option = next_list_element(list))
      if (equals_ignoring_case(option, wanted))
        return field.id != FieldId::host;  // naming Host would be an attack (RFC 9110 section 7.6.1)
  }
  return false;
}

void RequestHead::clear() {
  clear_fields();
  expects_continue = false;
  method_offset = method_length = target_offset = target_length = 0;
  authority_offset = authority_length = origin_offset = origin_length = 0;
  made_origin.clear();
}

void ResponseHead::clear() {
  clear_fields();
  status = 0;
  reason_offset = reason_length = 0;
}

void RequestParser::reset() {
  head_.clear();
  error_ = HeadError::none;
  line_start_ = scanned_ = 0;
  have_first_line_ = false;
}

ParseStatus RequestParser::parse(std::string_view buffer) {
  const auto fail = [this](HeadError error) {
    error_ = error;
    return ParseStatus::error;
  };
  head_.base = buffer.data();
  for (;;) {
    std::string_view line;
    const Line found = next_line(buffer, line_start_, scanned_, line);
    if (found == Line::partial) {
      if (!have_first_line_) {
        // Garbage is told from a slow client by the first byte already.
        if (buffer.size() > line_start_ && buffer[line_start_] != '\r' &&
            !is_token(buffer.substr(line_start_, 1)))
          return fail(HeadError::bad_method);
        if (buffer.size() - line_start_ > 2 + limits_.target_bytes + kRequestLineRest)
          return fail(HeadError::target_too_long);
      }
      return buffer.size() > limits_.head_bytes ? fail(HeadError::head_too_large) : ParseStatus::incomplete;
    }
    if (found == Line::bare_lf) return fail(HeadError::bad_line_ending);
    const uint32_t offset = line_start_;
    line_start_ = scanned_;
    if (!have_first_line_) {
      if (line.empty()) {  // RFC 9112 section 2.2: at least one empty line before the request line is ignored
        if (offset >= 4) return fail(HeadError::bad_request_line);
        continue;
      }
      if (HeadError error = parse_request_line(line, offset); error != HeadError::none) return fail(error);
      have_first_line_ = true;
    } else if (line.empty()) {
      head_.head_bytes = scanned_;
      if (scanned_ > limits_.head_bytes) return fail(HeadError::head_too_large);
      if (HeadError error = finish(); error != HeadError::none) return fail(error);
      return ParseStatus::complete;
    } else {
      if (scanned_ > limits_.head_bytes) return fail(HeadError::head_too_large);
      if (HeadError error = add_field(head_, line, offset, limits_.field_count); error != HeadError::none)
        return fail(error);
    }
  }
}

HeadError RequestParser::parse_request_line(std::string_view line, size_t offset) {
  if (line.size() > limits_.target_bytes + kRequestLineRest) return HeadError::target_too_long;
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  const std::string_view method = line.substr(0, first);
  if (!is_token(method)) return HeadError::bad_method;
  if (first == std::string_view::npos || last == first) return HeadError::bad_request_line;
  head_.method_offset = static_cast<uint32_t>(offset);
  head_.method_length = static_cast<uint32_t>(method.size());
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits_.target_bytes) return HeadError::target_too_long;
  if (target.empty() || !is_target_text(target)) return HeadError::bad_target;
  head_.target_offset = static_cast<uint32_t>(offset + first + 1);
  head_.target_length = static_cast<uint32_t>(target.size());
  if (HeadError error = parse_version(line.substr(last + 1), head_.version); error != HeadError::none)
    return error;
  return parse_target(target, head_.target_offset);
}

// RFC 9112 section 3.2: origin-form, absolute-form, authority-form (CONNECT only), asterisk-form (OPTIONS
// only).
HeadError RequestParser::parse_target(std::string_view target, size_t offset) {
  const auto set_origin = [&](size_t from) {
    head_.origin_offset = static_cast<uint32_t>(offset + from);
    head_.origin_length = static_cast<uint32_t>(target.size() - from);
  };
  if (head_.method() == "CONNECT") {
    if (!is_valid_authority(target)) return HeadError::bad_target;
    head_.authority_offset = static_cast<uint32_t>(offset);
    head_.authority_length = static_cast<uint32_t>(target.size());
    set_origin(0);
    return HeadError::none;
  }
  if (target.front() == '/') {
    set_origin(0);
    return HeadError::none;
  }
  if (target == "*") {
    if (head_.method() != "OPTIONS") return HeadError::bad_target;
    set_origin(0);
    return HeadError::none;
  }
  const size_t scheme = target.find("://");
  if (scheme == std::string_view::npos || !(equals_ignoring_case(target.substr(0, scheme), "http") ||
                                            equals_ignoring_case(target.substr(0, scheme), "https")))
    return HeadError::bad_target;
  const size_t authority = scheme + 3;
  const size_t end = std::min(target.find_first_of("/?", authority), target.size());
  if (!is_valid_authority(target.substr(authority, end - authority))) return HeadError::bad_target;
  if (end < target.size() && target[end] == '?') {
    head_.made_origin = "/";
    head_.made_origin += target.substr(end);
  }
  head_.authority_offset = static_cast<uint32_t>(offset + authority);
  head_.authority_length = static_cast<uint32_t>(end - authority);
  set_origin(end);
  return HeadError::none;
}

HeadError RequestParser::finish() {
  bool chunked = false;
  if (HeadError error = take_framing(head_, chunked); error != HeadError::none) return error;
  // RFC 9112 section 6.3: a request without length has no body.
  head_.body = chunked                                                ? BodyKind::chunked
               : head_.has_content_length && head_.content_length > 0 ? BodyKind::length
                                                                      : BodyKind::none;
  const Field* host = nullptr;
  for (const Field& field : head_) {
    if (field.id == FieldId::host) {
      if (host != nullptr) return HeadError::bad_host;
      host = &field;
    } else if (field.id == FieldId::expect && equals_ignoring_case(head_.value(field), "100-continue")) {
      head_.expects_continue = head_.version == HttpVersion::http_1_1;
    }
  }
  // RFC 9112 section 3.2: 400 to a HTTP/1.1 request without Host, and to any with more than one or an invalid
  // one.
  if (host == nullptr) return head_.version == HttpVersion::http_1_1 ? HeadError::bad_host : HeadError::none;
  const std::string_view value = head_.value(*host);
  if (!value.empty() && !is_valid_authority(value)) return HeadError::bad_host;
  if (head_.authority_length == 0) {
    head_.authority_offset = host->value_offset;
    head_.authority_length = host->value_length;
  }
  return HeadError::none;
}

void ResponseParser::reset() {
  head_.clear();
  error_ = HeadError::none;
  line_start_ = scanned_ = 0;
  have_first_line_ = false;
}

ParseStatus ResponseParser::parse(std::string_view buffer, bool request_was_head) {
  const auto fail = [this](HeadError error) {
    error_ = error;
    return ParseStatus::error;
  };
  head_.base = buffer.data();
  for (;;) {
    std::string_view line;
    const Line found = next_line(buffer, line_start_, scanned_, line);
    if (found == Line::partial)
      return buffer.size() > limits_.head_bytes ? fail(HeadError::head_too_large) : ParseStatus::incomplete;
    if (found == Line::bare_lf) return fail(HeadError::bad_line_ending);
    const uint32_t offset = line_start_;
    line_start_ = scanned_;
    if (scanned_ > limits_.head_bytes) return fail(HeadError::head_too_large);
    if (!have_first_line_) {
      if (HeadError error = parse_status_line(line, offset); error != HeadError::none) return fail(error);
      have_first_line_ = true;
    } else if (line.empty()) {
      head_.head_bytes = scanned_;
      if (HeadError error = finish(request_was_head); error != HeadError::none) return fail(error);
      return ParseStatus::complete;
    } else if (HeadError error = add_field(head_, line, offset, limits_.field_count);
               error != HeadError::none) {
      return fail(error);
    }
  }
}

// RFC 9112 section 4; the reason phrase may be missing with its space, as many servers send it.
HeadError ResponseParser::parse_status_line(std::string_view line, size_t offset) {
  if (line.size() < 12 || line[8] != ' ') return HeadError::bad_status_line;
  if (parse_version(line.substr(0, 8), head_.version) != HeadError::none) return HeadError::bad_status_line;
  uint64_t status = 0;
  if (!parse_decimal(line.substr(9, 3), status) || status < 100 || status > 599)
    return HeadError::bad_status_line;
  if (line.size() > 12 && line[12] != ' ') return HeadError::bad_status_line;
  head_.status = static_cast<int>(status);
  if (line.size() > 13) {
    if (!is_field_value(line.substr(13))) return HeadError::bad_status_line;
    head_.reason_offset = static_cast<uint32_t>(offset + 13);
    head_.reason_length = static_cast<uint32_t>(line.size() - 13);
  }
  return HeadError::none;
}

HeadError ResponseParser::finish(bool request_was_head) {
  bool chunked = false;
  if (HeadError error = take_framing(head_, chunked); error != HeadError::none) return error;
  // RFC 9112 section 6.3, in its order.
  if (request_was_head || head_.status / 100 == 1 || head_.status == 204 || head_.status == 304) {
    head_.body = BodyKind::none;
    // RFC 9112 section 6.1 and RFC 9110 section 8.6 forbid both here. Who says so all the same may send the
    // body, too: after it the connection's next answer would be another's.
    const bool announces_body = chunked || head_.content_length > 0;
    if (head_.status / 100 == 1 && announces_body) return HeadError::bad_content_length;
    if (head_.status == 204 && announces_body) head_.keep_alive = false;
  } else if (chunked) {
    head_.body = BodyKind::chunked;
  } else if (head_.has_content_length) {
    head_.body = head_.content_length > 0 ? BodyKind::length : BodyKind::none;
  } else {
    head_.body = BodyKind::until_close;
    head_.keep_alive = false;
  }
  return HeadError::none;
}

bool is_valid_authority(std::string_view host) {
  if (host.empty() || host.size() > 255 + 6) return false;
  std::string_view rest;
  if (host.front() == '[') {
    const size_t close = host.find(']');
    if (close == std::string_view::npos || close < 3) return false;
    for (char c : host.substr(1, close - 1))
      if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ':' || c == '.'))
        return false;
    rest = host.substr(close + 1);
  } else {
    size_t i = 0;
    for (; i < host.size() && host[i] != ':'; ++i) {
      const char c = host[i];
      // reg-name: unreserved, pct-encoded, sub-delims
      const bool ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("-._~%!$&'()*+,;=").find(c) != std::string_view::npos;
      if (!ok) return false;
    }
    if (i == 0) return false;
    rest = host.substr(i);
  }
  if (rest.empty()) return true;
  if (rest.front() != ':' || rest.size() > 6) return false;
  for (char c : rest.substr(1))
    if (c < '0' || c > '9') return false;
  return true;
}

}  // namespace landfall::http1
