#include "services/elbv2/dataplane/access_log.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "services/elbv2/dataplane/route.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr size_t kUserAgentBytes = 8 * 1024;

// A line is written for each request: everything here appends, and formats no number twice.

void append_number(std::string& line, int64_t number) {
  char digits[24];
  line.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_padded(std::string& line, int64_t number, size_t width) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  const auto length = static_cast<size_t>(end - digits);
  line.append(width > length ? width - length : 0, '0').append(digits, end);
}

// What is ours and needs no escape.
void append_own(std::string& line, std::string_view text) { line.append("\"").append(text).append("\""); }

bool needs_escape(std::string_view text) {
  return has_byte_below(text, 0x20) || text.find('"') != text.npos || text.find('\\') != text.npos;
}

// Inside quotes.
void append_escaped(std::string& line, std::string_view text) {
  if (!needs_escape(text)) {
    line.append(text);
    return;
  }
  for (char c : text) {
    if (c == '"' || c == '\\') line.push_back('\\');
    line.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
}

void append_quoted(std::string& line, std::string_view text) {
  line.push_back('"');
  append_escaped(line, text.substr(0, kUserAgentBytes));
  line.push_back('"');
}

// Seconds with three digits after the point; "-1" if one of both ends was not reached.
void append_seconds(std::string& line, int64_t from_ns, int64_t to_ns) {
  if (from_ns == 0 || to_ns == 0) {
    line.append("-1 ");
    return;
  }
  const int64_t ms = (std::max<int64_t>(to_ns - from_ns, 0) + 500'000) / 1'000'000;
  append_number(line, ms / 1000);
  line.push_back('.');
  append_padded(line, ms % 1000, 3);
  line.push_back(' ');
}

// "2026-11-23T01:02:03.004000Z": the date is made once a second.
void append_time(std::string& line, Timestamp time) {
  thread_local int64_t second = -1;
  thread_local std::string text;
  if (time.unix_seconds() != second) {
    second = time.unix_seconds();
    text = format_iso8601({second * 1000});
    text.back() = '.';  // was 'Z'
  }
  line.append(text);
  append_padded(line, (time.unix_ms - second * 1000) * 1000, 6);
  line.push_back('Z');
}

std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

void append_status(std::string& line, int status) {
  if (status == 0)
    line.push_back('-');
  else
    append_number(line, status);
}

const char* error_reason(proxy::Outcome outcome) {
  switch (outcome) {
    case proxy::Outcome::upstream_malformed:
      return "TargetResponseMalformed";
    default:
      return "-";
  }
}

// "GET https://name:443/path HTTP/1.1" and the user agent, both quoted.
void append_request(std::string& line, const proxy::Transaction& t, const AccessLogContext& context) {
  if (!t.has_head()) {
    line.append("\"- - - \" \"-\"");
    return;
  }
  const http1::RequestHead& head = t.head();
  line.push_back('"');
  append_escaped(line, head.method());
  line.append(context.https ? " https://" : " http://");
  append_escaped(line, host_without_port(head.authority()));
  line.push_back(':');
  append_number(line, context.listener_port);
  append_escaped(line, head.origin_form().substr(0, kUserAgentBytes));
  line.append(t.client().http2                               ? " HTTP/2.0\" "
              : head.version == http1::HttpVersion::http_1_0 ? " HTTP/1.0\" "
                                                             : " HTTP/1.1\" ");
  append_quoted(line, or_dash(head.get(http1::FieldId::user_agent)));
}

const char* type_of(const proxy::Transaction& t, bool https) {
  if (t.is_tunnel()) return https ? "wss " : "ws ";
  if (t.client().http2) return "h2 ";
  return https ? "https " : "http ";
}

}  // namespace

void append_access_log(std::string& line, const proxy::Transaction& t, const AccessLogContext& context) {
  const proxy::ClientInfo& client = t.client();
  const bool forwarded = t.forwarded_ns() != 0;
  // ALB logs 460 when the client went away before it was answered.
  const int status =
      t.outcome() == proxy::Outcome::client_gone && t.upstream_status() == 0 ? 460 : t.status();
  line.append(type_of(t, context.https));
  append_time(line, context.now);
  line.append(" ").append(context.balancer).append(" ").append(client.address).append(":");
  append_number(line, client.port);
  line.append(" ").append(or_dash(t.upstream_address())).append(" ");
  append_seconds(line, forwarded ? t.begun_ns() : 0, t.forwarded_ns());
  append_seconds(line, t.forwarded_ns(), forwarded ? t.answered_ns() : 0);
  append_seconds(line, forwarded ? t.answered_ns() : 0, t.finished_ns());
  append_status(line, status);
  line.push_back(' ');
  append_status(line, t.upstream_status());
  line.push_back(' ');
  append_number(line, static_cast<int64_t>(t.bytes_received()));
  line.push_back(' ');
  append_number(line, static_cast<int64_t>(t.bytes_sent()));
  line.push_back(' ');
  append_request(line, t, context);
  line.append(" ").append(or_dash(client.tls_cipher)).append(" ").append(or_dash(client.tls_version));
  line.append(" ").append(or_dash(context.target_group_arn)).append(" ");
  append_quoted(line, or_dash(t.decision().trace_id));
  line.push_back(' ');
  append_quoted(line, or_dash(client.server_name));
  line.push_back(' ');
  append_own(line, or_dash(context.certificate_arn));
  line.push_back(' ');
  if (context.priority < 0)
    line.push_back('-');
  else
    append_number(line, context.priority);
  line.push_back(' ');
  append_time(line, {context.now.unix_ms - (t.finished_ns() - t.begun_ns()) / 1'000'000});
  line.push_back(' ');
  append_own(line, or_dash(context.actions));
  line.push_back(' ');
  append_quoted(line, or_dash(context.redirect_url));
  line.append(" \"").append(error_reason(t.outcome())).append("\" ");
  append_own(line, or_dash(t.upstream_address()));
  line.append(" \"");
  append_status(line, t.upstream_status());
  line.append("\" \"-\" \"-\" -");  // classification and its reason; connections have no trace id
}

}  // namespace landfall::elbv2::dataplane
