#include "agent/reverse_proxy.h"

#include <array>

namespace landfall::agent {
namespace {

constexpr int64_t kConnectMs = 2'000;
// RFC 9110 section 7.6.1, and what the parties' own framing says.
constexpr std::array<std::string_view, 9> kHopByHop{
    "connection", "keep-alive",        "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
    "trailer",    "transfer-encoding", "upgrade"};

bool names_field(std::string_view list, std::string_view name) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view one = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (http::equals_ignoring_case(one, name)) return true;
  }
  return false;
}

http::Headers end_to_end(const http::Headers& from) {
  const auto connection = from.get_all("Connection");
  http::Headers to;
  for (const http::Header& header : from) {
    bool hop = false;
    for (const std::string_view name : kHopByHop) hop = hop || http::equals_ignoring_case(header.name, name);
    for (const std::string_view list : connection) hop = hop || names_field(list, header.name);
    if (!hop) to.add(header.name, header.value);
  }
  return to;
}

// One request on its way. The callbacks hold it; ended() breaks the circle.
struct Relay : std::enable_shared_from_this<Relay> {
  std::shared_ptr<http::Exchange> exchange;
  std::shared_ptr<http::ClientCall> call;
  bool started = false;

  void ended() {
    exchange.reset();
    call.reset();
  }

  void fail_with(int status) {
    if (!exchange) return;
    if (started) {
      exchange->abort();
    } else {
      http::Response head{.status = status};
      head.headers.add("Content-Type", "text/plain");
      exchange->respond(std::move(head), std::string(http::reason_phrase(status)) + "\n");
    }
    ended();
  }

  http::ResponseReader reader() {
    http::ResponseReader reader;
    reader.on_head = [self = shared_from_this()](http::Response head) {
      if (!self->exchange) return;
      head.headers = end_to_end(head.headers);
      self->started = true;
      self->exchange->start(std::move(head));
    };
    reader.on_data = [self = shared_from_this()](std::string_view data) {
      if (!self->exchange || self->exchange->write(std::string(data))) return;
      self->call->pause();
      self->exchange->on_writable([self] {
        if (self->call) self->call->resume();
      });
    };
    reader.on_end = [self = shared_from_this()] {
      if (self->exchange) self->exchange->finish();
      self->ended();
    };
    reader.on_error = [self = shared_from_this()](const http::ClientError& error) {
      self->fail_with(error.kind == http::ClientErrorKind::timeout ? 504 : 502);
    };
    return reader;
  }

  http::BodyReader body_reader() {
    http::BodyReader body;
    body.on_data = [self = shared_from_this()](std::string_view data) {
      if (!self->call || self->call->write(std::string(data))) return;
      self->exchange->pause_body();
      self->call->on_writable([self] {
        if (self->exchange) self->exchange->resume_body();
      });
    };
    body.on_end = [self = shared_from_this()] {
      if (self->call) self->call->finish();
    };
    body.on_error = [self = shared_from_this()](const Error&) {
      if (self->call) self->call->cancel();
      if (self->exchange) self->exchange->abort();
      self->ended();
    };
    return body;
  }
};

http::ClientRequest request_for(const http::Request& from) {
  http::ClientRequest out;
  out.head.method = from.method;
  out.head.target = from.target;
  out.head.authority = from.authority;
  out.head.headers = end_to_end(from.headers);
  out.head.headers.remove("Expect");  // answered by the server here
  out.head.headers.set("X-Real-IP", from.peer.address);
  std::string chain;
  for (const std::string_view one : from.headers.get_all("X-Forwarded-For")) chain += std::string(one) + ", ";
  out.head.headers.set("X-Forwarded-For", chain + from.peer.address);
  const auto length = from.headers.get("Content-Length");
  out.streams_body = from.headers.has("Transfer-Encoding") || (length && *length != "0");
  if (!out.streams_body) out.head.headers.remove("Content-Length");
  out.timeouts.connect_ms = kConnectMs;
  return out;
}

}  // namespace

http::Handler reverse_proxy_to(http::Client& client, http::Endpoint application) {
  return [&client, application = std::move(application)](const std::shared_ptr<http::Exchange>& exchange) {
    auto relay = std::make_shared<Relay>();
    relay->exchange = exchange;
    http::ClientRequest request = request_for(exchange->request());
    const bool has_body = request.streams_body;
    relay->call = client.start(application, std::move(request), relay->reader());
    exchange->on_close([relay] {
      if (relay->call) relay->call->cancel();
      relay->ended();
    });
    if (has_body) exchange->read_body(relay->body_reader());
  };
}

}  // namespace landfall::agent
