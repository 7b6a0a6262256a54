// Site: what a service (elbv2, cloudfront) says about the requests of one listener. The engine moves the
// bytes; the site decides, from its snapshot, where to, and hears how it went.
//
// Threads: a Site belongs to one worker and is called on its thread only; no lock is needed, and none may be
// waited for. Allocation: decide(), add_*() and finished() are on the hot path.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "codec/http1_head.h"
#include "net/reading_pace.h"
#include "proxy/content.h"

namespace landfall::proxy {

class Transaction;
class Upstream;

// Whom a connection comes from; made once per connection.
struct ClientInfo {
  std::string address;  // "127.0.0.1"
  uint16_t port = 0;
  std::string local_address;
  uint16_t local_port = 0;
  bool tls = false;
  bool http2 = false;
  std::string server_name;  // SNI
  std::string tls_version;  // "TLSv1.3"
  std::string tls_cipher;
  std::string trace_id;  // the site's own name of the connection, for its logs
};

enum class DecisionKind : uint8_t {
  respond,  // a small answer of the site's own
  forward,  // to `upstream`
  serve,    // `head_lines` and `content`, which the site keeps and shares
  later,    // Transaction::later() will say
};

// Filled by Site::decide(). Its strings keep their memory between requests.
struct Decision {
  DecisionKind kind = DecisionKind::respond;
  std::shared_ptr<Upstream> upstream;  // forward
  int status = 503;                    // respond, serve
  std::string content_type, body, location;
  std::string response_fields;  // whole lines, "Name: value\r\n", added to the answer whoever gives it
  std::string error_reason;     // for the access log
  // serve: whole lines, without Content-Length and connection fields; keep_alive holds them. response_fields
  // follow them.
  std::string_view head_lines;
  Content content;
  // The site's own, untouched by the engine; `keep_alive` holds what the pointers point into.
  std::shared_ptr<const void> keep_alive;
  const void* rule = nullptr;
  const void* group = nullptr;
  const void* target = nullptr;
  std::string trace_id;

  void clear();
};

enum class Outcome : uint8_t {
  answered,          // by the upstream, whole
  answered_by_site,  // by Decision::respond
  client_gone,       // before the answer was complete (ALB: 460 in the log)
  bad_request,       // the head or the body's framing was malformed
  connect_failed,
  connect_timeout,
  upstream_timeout,
  upstream_closed,  // before or in the middle of the answer
  upstream_malformed,
  client_timeout,  // 408
};

struct SiteTimeouts {
  int64_t connect_ms = 10'000;
  int64_t idle_ms = 60'000;                     // without a byte either way during a request
  int64_t pace_window_ms = net::kPaceWindowMs;  // in which a client has to take the least of an answer
  int64_t keep_alive_ms = 3'600'000;            // between requests
  int64_t head_ms = 60'000;                     // from the first byte of a head to its end
};

class Site {
 public:
  virtual ~Site() = default;
  virtual const SiteTimeouts& timeouts() const = 0;
  virtual const http1::HeadLimits& head_limits() const = 0;

  virtual void decide(Transaction& transaction) = 0;
  // After a connection could not be made: another upstream, or null to answer 502 or 504. Nothing has been
  // sent yet.
  virtual std::shared_ptr<Upstream> another_upstream(Transaction& transaction) = 0;

  // Whether a field of the request goes to the upstream unchanged (connection fields never reach this).
  virtual bool forwards_field(const Transaction& transaction, const http1::Field& field) const = 0;
  virtual void add_request_fields(const Transaction& transaction, std::string& out) const = 0;  // whole lines
  virtual void add_response_fields(const Transaction& transaction,
                                   std::string& out) const = 0;  // besides the decision's

  // Whether some fields of upstream answers are kept from the client; then each is asked for by name.
  virtual bool filters_answers(const Transaction&) const { return false; }
  virtual bool passes_answer_field(const Transaction&, std::string_view) const { return true; }

  // The engine's own answers.
  virtual std::string_view server_field() const = 0;     // "awselb/2.0"
  virtual std::string error_body(int status) const = 0;  // HTML
  virtual int status_for(http1::HeadError error) const { return http1::status_of(error); }
  virtual std::string_view reason_of(int status) const = 0;  // the phrase of the status line

  // Whether a connection is taken at all. One that is not is reset before a byte is read, and is not told of
  // below.
  virtual bool admits(const ClientInfo&) { return true; }
  virtual void connection_opened() = 0;
  virtual void connection_closed() = 0;
  // It can carry requests: at once (0), or after a TLS handshake of that length. The site may give it its
  // trace_id.
  virtual void connection_ready(ClientInfo&, int64_t /*handshake_ns*/) {}
  virtual void tls_failed(ClientInfo& client) = 0;
  // Also for a request whose head could not be parsed: then transaction.has_head() is false.
  virtual void finished(const Transaction& transaction) = 0;
};

}  // namespace landfall::proxy
