#include "services/elbv2/dataplane/access_log.h"

#include <fmt/format.h>

#include <iterator>

#include "services/elbv2/dataplane/route.h"

namespace landfall::elbv2::dataplane {
namespace {

constexpr size_t kUserAgentBytes = 8 * 1024;

void append_quoted(std::string& line, std::string_view text) {
  line.push_back('"');
  for (char c : text.substr(0, kUserAgentBytes)) {
    if (c == '"' || c == '\\') line.push_back('\\');
    line.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  line.push_back('"');
}

double seconds(int64_t from_ns, int64_t to_ns) {
  return from_ns == 0 || to_ns == 0 ? -1 : static_cast<double>(to_ns - from_ns) / 1e9;
}

std::string microseconds(Timestamp time) {
  std::string text = format_iso8601({time.unix_ms / 1000 * 1000});
  text.pop_back();
  return fmt::format("{}.{:06d}Z", text, time.unix_ms % 1000 * 1000);
}

std::string_view or_dash(std::string_view text) { return text.empty() ? "-" : text; }

const char* error_reason(proxy::Outcome outcome) {
  switch (outcome) {
    case proxy::Outcome::upstream_malformed:
      return "TargetResponseMalformed";
    default:
      return "-";
  }
}

}  // namespace

void append_access_log(std::string& line, const proxy::Transaction& t, const AccessLogContext& context) {
  auto out = std::back_inserter(line);
  const proxy::ClientInfo& client = t.client();
  const char* type = t.is_tunnel()   ? (context.https ? "wss" : "ws")
                     : client.http2  ? "h2"
                     : context.https ? "https"
                                     : "http";
  const bool forwarded = t.forwarded_ns() != 0;
  const Timestamp begun{context.now.unix_ms - (t.finished_ns() - t.begun_ns()) / 1'000'000};
  // ALB logs 460 when the client went away before it was answered.
  const int status =
      t.outcome() == proxy::Outcome::client_gone && t.upstream_status() == 0 ? 460 : t.status();
  fmt::format_to(out, "{} {} {} {}:{} {} {:.3f} {:.3f} {:.3f} {} {} {} {} ", type, microseconds(context.now),
                 context.balancer, client.address, client.port, or_dash(t.upstream_address()),
                 forwarded ? seconds(t.begun_ns(), t.forwarded_ns()) : -1.0,
                 forwarded ? seconds(t.forwarded_ns(), t.answered_ns()) : -1.0,
                 forwarded ? seconds(t.answered_ns(), t.finished_ns()) : -1.0,
                 status == 0 ? "-" : std::to_string(status),
                 t.upstream_status() == 0 ? "-" : std::to_string(t.upstream_status()), t.bytes_received(),
                 t.bytes_sent());
  if (t.has_head()) {
    const http1::RequestHead& head = t.head();
    const char* version = client.http2                                   ? "HTTP/2.0"
                          : head.version == http1::HttpVersion::http_1_0 ? "HTTP/1.0"
                                                                         : "HTTP/1.1";
    append_quoted(line, fmt::format("{} {}://{}:{}{} {}", head.method(), context.https ? "https" : "http",
                                    host_without_port(head.authority()), context.listener_port,
                                    head.origin_form(), version));
    line.push_back(' ');
    append_quoted(line, or_dash(head.get(http1::FieldId::user_agent)));
  } else {
    line.append("\"- - - \" \"-\"");
  }
  fmt::format_to(out, " {} {} {} ", or_dash(client.tls_cipher), or_dash(client.tls_version),
                 or_dash(context.target_group_arn));
  append_quoted(line, or_dash(t.decision().trace_id));
  line.push_back(' ');
  append_quoted(line, or_dash(client.server_name));
  line.push_back(' ');
  append_quoted(line, or_dash(context.certificate_arn));
  fmt::format_to(out, " {} {} ", context.priority < 0 ? "-" : std::to_string(context.priority),
                 microseconds(begun));
  append_quoted(line, or_dash(context.actions));
  line.push_back(' ');
  append_quoted(line, or_dash(context.redirect_url));
  fmt::format_to(out, " \"{}\" ", error_reason(t.outcome()));
  append_quoted(line, or_dash(t.upstream_address()));
  line.push_back(' ');
  append_quoted(line, t.upstream_status() == 0 ? "-" : std::to_string(t.upstream_status()));
  line.append(" \"-\" \"-\" \"-\"");
}

}  // namespace landfall::elbv2::dataplane
