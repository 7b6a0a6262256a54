#include "codec/http1_chunked.h"

#include <algorithm>

#include "codec/http1_field.h"

namespace landfall::http1 {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_text(char c) {
  const auto u = static_cast<unsigned char>(c);
  return c == '\t' || (u >= 0x20 && u != 0x7f);
}

constexpr uint64_t kMaxChunkBytes = UINT64_MAX >> 1;  // what a signed counter further on can hold

// RFC 9110 section 6.5.1: not framing, routing, authentication, request modifiers or content format.
bool is_forbidden_in_trailers(FieldId id) {
  switch (id) {
    case FieldId::authorization:
    case FieldId::connection:
    case FieldId::content_length:
    case FieldId::content_type:
    case FieldId::cookie:
    case FieldId::expect:
    case FieldId::host:
    case FieldId::http2_settings:
    case FieldId::keep_alive:
    case FieldId::proxy_authorization:
    case FieldId::proxy_connection:
    case FieldId::range:
    case FieldId::te:
    case FieldId::trailer:
    case FieldId::transfer_encoding:
    case FieldId::upgrade:
    case FieldId::x_amzn_trace_id:
    case FieldId::x_forwarded_for:
    case FieldId::x_forwarded_port:
    case FieldId::x_forwarded_proto:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool ChunkedDecoder::trailer_name_may_come() const {
  return trailer_name_bytes_ > kLongestForbiddenName ||
         !is_forbidden_in_trailers(field_id({trailer_name_, trailer_name_bytes_}));
}

ChunkedDecoder::Status ChunkedDecoder::decode(std::string_view& input, std::string_view& data) {
  data = {};
  const auto broken = [this, &input] {
    input = {input.data() - 1, input.size() + 1};  // the byte that broke it is not the body's
    state_ = State::error;
    return Status::error;
  };
  if (state_ == State::done) return Status::done;
  if (state_ == State::error) return Status::error;
  while (!input.empty()) {
    if (state_ == State::data) {
      const size_t take = std::min<uint64_t>(left_, input.size());
      data = input.substr(0, take);
      input.remove_prefix(take);
      left_ -= take;
      if (left_ == 0) state_ = State::data_cr;
      return Status::more;
    }
    const char c = input.front();
    input.remove_prefix(1);
    switch (state_) {
      case State::size_first:
        digits_ = 0;
        left_ = 0;
        if (hex_digit(c) < 0) return broken();
        state_ = State::size;
        [[fallthrough]];
      case State::size:
        if (int digit = hex_digit(c); digit >= 0) {
          if (++digits_ > 16) return broken();
          left_ = left_ << 4 | static_cast<uint64_t>(digit);
          if (left_ > kMaxChunkBytes) return broken();
        } else if (c == '\r') {
          state_ = State::size_lf;
        } else if (c == ';') {
          state_ = State::extension;
        } else {
          return broken();
        }
        break;
      case State::extension:
        if (++extension_bytes_ > limits_.extension_bytes) return broken();
        if (c == '\r')
          state_ = State::size_lf;
        else if (c == '"')
          state_ = State::quoted;
        else if (!is_text(c))
          return broken();
        break;
      case State::quoted:
        if (++extension_bytes_ > limits_.extension_bytes || !is_text(c)) return broken();
        if (c == '"')
          state_ = State::extension;
        else if (c == '\\')
          state_ = State::quoted_pair;
        break;
      case State::quoted_pair:
        if (++extension_bytes_ > limits_.extension_bytes || !is_text(c)) return broken();
        state_ = State::quoted;
        break;
      case State::size_lf:
        if (c != '\n') return broken();
        state_ = left_ > 0 ? State::data : State::trailer_start;
        break;
      case State::data_cr:
        if (c != '\r') return broken();
        state_ = State::data_lf;
        break;
      case State::data_lf:
        if (c != '\n') return broken();
        state_ = State::size_first;
        break;
      case State::trailer_start:
        if (c == '\r') {
          state_ = State::last_lf;
          break;
        }
        trailer_has_colon_ = false;
        trailer_name_bytes_ = 0;
        if (!is_token({&c, 1})) return broken();
        state_ = State::trailer;
        [[fallthrough]];
      case State::trailer:
        if (++trailer_bytes_ > limits_.trailer_bytes) return broken();
        if (c == '\r') {
          if (!trailer_has_colon_) return broken();
          state_ = State::trailer_lf;
        } else if (trailer_has_colon_) {
          if (!is_text(c)) return broken();
        } else if (c == ':') {
          if (!trailer_name_may_come()) return broken();
          trailer_has_colon_ = true;
        } else if (!is_token({&c, 1})) {
          return broken();
        } else if (++trailer_name_bytes_ <= kLongestForbiddenName) {
          trailer_name_[trailer_name_bytes_ - 1] = c;
        }
        break;
      case State::trailer_lf:
        if (c != '\n') return broken();
        state_ = State::trailer_start;
        break;
      case State::last_lf:
        if (c != '\n') return broken();
        state_ = State::done;
        return Status::done;
      case State::data:
      case State::done:
      case State::error:
        return broken();
    }
  }
  return Status::more;
}

ChunkedDecoder::Status ChunkedDecoder::scan(std::string_view input, size_t& used) {
  const size_t whole = input.size();
  Status status = Status::more;
  std::string_view data;
  do {
    status = decode(input, data);
  } while (status == Status::more && !input.empty());
  used = whole - input.size();
  return status;
}

size_t write_chunk_head(uint64_t size, char (&buffer)[kChunkHeadBytes]) {
  char digits[16];
  size_t count = 0;
  do {
    digits[count++] = "0123456789abcdef"[size & 15];
    size >>= 4;
  } while (size != 0);
  for (size_t i = 0; i < count; ++i) buffer[i] = digits[count - 1 - i];
  buffer[count] = '\r';
  buffer[count + 1] = '\n';
  return count + 2;
}

void append_chunk(std::string& out, std::string_view data) {
  if (data.empty()) return;
  char head[kChunkHeadBytes];
  out.append(head, write_chunk_head(data.size(), head));
  out.append(data);
  out.append("\r\n");
}

}  // namespace landfall::http1
