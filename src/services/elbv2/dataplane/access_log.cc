#include "services/elbv2/dataplane/access_log.h"

#include <algorithm>

#include "base/ascii.h"
#include "services/elbv2/dataplane/log_text.h"
#include "services/elbv2/dataplane/route.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr size_t kUserAgentBytes = 8 * 1024;
constexpr size_t kLikelyLineBytes = 1024;

// Inside quotes.
void put_escaped(TextWriter& line, std::string_view text) {
  if (!needs_quoting(text)) {
    line.put(text);
    return;
  }
  for (const char c : text) {
    if (c == '"' || c == '\\') line.put('\\');
    line.put(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
}

void put_quoted(TextWriter& line, std::string_view text) {
  line.put('"');
  put_escaped(line, text.substr(0, kUserAgentBytes));
  line.put("\" ");
}

// Seconds with three digits after the point; "-1" if one of both ends was not reached.
void put_seconds(TextWriter& line, int64_t from_ns, int64_t to_ns) {
  if (from_ns == 0 || to_ns == 0) {
    line.put("-1 ");
    return;
  }
  put_duration(line, to_ns - from_ns);
  line.put(' ');
}

void put_status(TextWriter& line, int status) {
  if (status == 0)
    line.put('-');
  else
    line.put(status);
}

std::string_view error_reason(proxy::Outcome outcome) {
  switch (outcome) {
    case proxy::Outcome::upstream_malformed:
      return "TargetResponseMalformed";
    default:
      return "-";
  }
}

// "GET https://name:443/path HTTP/1.1" and the user agent, both quoted.
void put_request(TextWriter& line, const proxy::Transaction& t, const AccessLogContext& context) {
  if (!t.has_head()) {
    line.put("\"- - - \" \"-\" ");
    return;
  }
  const http1::RequestHead& head = t.head();
  line.put('"');
  put_escaped(line, head.method());
  line.put(std::string_view(context.https ? " https://" : " http://"));
  put_escaped(line, host_without_port(head.authority()));
  line.put(':', context.listener_port);
  put_escaped(line, head.origin_form().substr(0, kUserAgentBytes));
  line.put(std::string_view(t.client().http2                               ? " HTTP/2.0\" "
                            : head.version == http1::HttpVersion::http_1_0 ? " HTTP/1.0\" "
                                                                           : " HTTP/1.1\" "));
  put_quoted(line, or_dash(head.get(http1::FieldId::user_agent)));
}

std::string_view type_of(const proxy::Transaction& t, bool https) {
  if (t.is_tunnel()) return https ? "wss " : "ws ";
  if (t.client().http2) return "h2 ";
  return https ? "https " : "http ";
}

}  // namespace

void append_access_log(std::string& log, const proxy::Transaction& t, const AccessLogContext& context) {
  TextWriter line(log, kLikelyLineBytes);
  const proxy::ClientInfo& client = t.client();
  const bool forwarded = t.forwarded_ns() != 0;
  // ALB logs 460 when the client went away before it was answered.
  const int status =
      t.outcome() == proxy::Outcome::client_gone && t.upstream_status() == 0 ? 460 : t.status();
  const std::string_view target = or_dash(t.upstream_address());
  line.put(type_of(t, context.https));
  put_time(line, context.now);
  line.put(' ', context.balancer, ' ', client.address, ':', client.port, ' ', target, ' ');
  put_seconds(line, forwarded ? t.begun_ns() : 0, t.forwarded_ns());
  put_seconds(line, t.forwarded_ns(), forwarded ? t.answered_ns() : 0);
  put_seconds(line, forwarded ? t.answered_ns() : 0, t.finished_ns());
  put_status(line, status);
  line.put(' ');
  put_status(line, t.upstream_status());
  line.put(' ', t.bytes_received(), ' ', t.bytes_sent(), ' ');
  put_request(line, t, context);
  line.put(or_dash(client.tls_cipher), ' ', or_dash(client.tls_version), ' ',
           or_dash(context.target_group_arn), ' ');
  put_quoted(line, or_dash(t.decision().trace_id));
  put_quoted(line, or_dash(client.server_name));
  line.put('"', or_dash(context.certificate_arn), "\" ");  // ours, as the actions are: no escape
  if (context.priority < 0)
    line.put('-');
  else
    line.put(context.priority);
  line.put(' ');
  put_time(line, {context.now.unix_ms - (t.finished_ns() - t.begun_ns()) / 1'000'000});
  line.put(" \"", or_dash(context.actions), "\" ");
  put_quoted(line, or_dash(context.redirect_url));
  line.put('"', error_reason(t.outcome()), "\" \"", target, "\" \"");
  put_status(line, t.upstream_status());
  line.put("\" \"-\" \"-\" ", or_dash(client.trace_id));  // no classification, no reason of it
}

}  // namespace landfall::elbv2::dataplane
