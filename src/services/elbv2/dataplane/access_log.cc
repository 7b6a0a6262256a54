#include "services/elbv2/dataplane/access_log.h"

#include <algorithm>

#include "base/ascii.h"
#include "services/elbv2/dataplane/log_text.h"
#include "services/elbv2/dataplane/route.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr size_t kUserAgentBytes = 8 * 1024;

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
  append_duration(line, to_ns - from_ns);
  line.push_back(' ');
}

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
  line.append("\" \"-\" \"-\" ").append(or_dash(client.trace_id));  // no classification, no reason of it
}

}  // namespace landfall::elbv2::dataplane
