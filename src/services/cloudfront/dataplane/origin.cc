#include "services/cloudfront/dataplane/origin.h"

#include <mutex>
#include <utility>

#include "base/files.h"
#include "base/log.h"
#include "net/socket.h"
#include "runtime/event_loop.h"
#include "services/s3/s3.h"

namespace landfall::cloudfront {

// A request to a custom origin: an attempt after the other until one connects.
struct HttpAttempt final : OriginCall {
  OriginRequest request;
  std::vector<std::string> addresses;
  int64_t left = 0;
  size_t next = 0;
  OriginReader reader;
  std::shared_ptr<http::ClientCall> call;
  bool over = false, paused = false;

  void pause() override {
    paused = true;
    if (call) call->pause();
  }
  void resume() override {
    paused = false;
    if (call) call->resume();
  }
  void cancel() override {
    end();
    if (call) std::exchange(call, nullptr)->cancel();
  }
  void fail(OriginFailure failure) {
    if (over) return;
    auto on_error = std::move(reader.on_error);
    end();
    on_error(std::move(failure));
  }
  void finish() {
    if (over) return;
    auto on_end = std::move(reader.on_end);
    end();
    on_end();
  }

 private:
  // What the reader's functions hold may hold this. They may be running: they go when the loop comes round.
  void end() { over = true; }
};

namespace {

constexpr char kSystemRoots[] = "/etc/ssl/certs/ca-certificates.crt";
constexpr char kPrincipal[] = "cloudfront.amazonaws.com";

// An answer of S3's on its way to a reader.
class S3Sink final : public s3::FetchSink, public OriginCall {
 public:
  explicit S3Sink(OriginReader reader) : reader_(std::move(reader)) {}
  void start(http::Response head) override {
    if (!over_) reader_.on_head(std::move(head));
  }
  bool write(std::string bytes) override {
    if (!over_) reader_.on_data(bytes);
    return over_ || !paused_;
  }
  void on_writable(std::move_only_function<void()> resume) override {
    if (over_ || !paused_) return resume();
    resume_ = std::move(resume);
  }
  void finish() override {
    if (!std::exchange(over_, true)) reader_.on_end();
  }
  void abort() override {
    if (!std::exchange(over_, true)) reader_.on_error({502, "S3 cut its answer"});
  }
  void pause() override { paused_ = true; }
  void resume() override {
    paused_ = false;
    if (resume_) std::exchange(resume_, nullptr)();
  }
  void cancel()
      override {  // S3 reads on into nothing: it holds a file and buffers that it gives back at the end
    over_ = true;
    resume();
  }

 private:
  OriginReader reader_;
  bool over_ = false, paused_ = false;
  std::move_only_function<void()> resume_;
};

bool is_signed(const OriginRequest& request) {
  if (request.origin.signing == "no-override") return !request.viewer_authorization;
  return request.origin.signing == "always";
}

}  // namespace

void OriginNames::set(const std::string& name, std::vector<std::string> addresses) {
  std::lock_guard lock(mutex_);
  names_.insert_or_assign(name, std::move(addresses));
}

void OriginNames::erase(const std::string& name) {
  std::lock_guard lock(mutex_);
  names_.erase(name);
}

std::vector<std::string> OriginNames::find(const std::string& name) const {
  std::shared_lock lock(mutex_);
  const auto it = names_.find(name);
  return it == names_.end() ? std::vector<std::string>() : it->second;
}

OriginClient::OriginClient(Options options)
    : options_(std::move(options)), client_(http::Client::create(options_.loop)) {}

std::shared_ptr<OriginCall> OriginClient::start(OriginRequest request, OriginReader reader) {
  if (!request.origin.bucket.empty()) return start_s3(std::move(request), std::move(reader));
  return start_http(std::move(request), std::move(reader));
}

std::shared_ptr<OriginCall> OriginClient::start_s3(OriginRequest request, OriginReader reader) {
  const auto refuse = [&](int status, std::string why) {
    auto attempt = std::make_shared<HttpAttempt>();
    attempt->reader = std::move(reader);
    options_.loop.post(
        [attempt, failure = OriginFailure{status, std::move(why)}] { attempt->fail(failure); });
    return attempt;
  };
  if (options_.s3 == nullptr) return refuse(502, "there is no S3");
  if (request.method != "GET" && request.method != "HEAD")
    return refuse(403, "An S3 origin takes GET and HEAD requests only.");
  s3::FetchRequest fetch{.method = request.method,
                         .bucket = request.origin.bucket,
                         .path = request.target,
                         .headers = std::move(request.headers)};
  if (is_signed(request)) {
    fetch.principal.kind = aws::policy::PrincipalKind::service;
    fetch.principal.service = kPrincipal;
    fetch.context = {{"aws:SourceArn", request.distribution_arn}};
  }
  auto sink = std::make_shared<S3Sink>(std::move(reader));
  // Later: the caller has the call before the first callback, whatever S3 finds at once.
  options_.loop.post([this, sink, fetch = std::move(fetch)]() mutable {
    options_.s3->fetch(options_.loop, std::move(fetch), sink);
  });
  return sink;
}

std::shared_ptr<OriginCall> OriginClient::start_http(OriginRequest request, OriginReader reader) {
  auto attempt = std::make_shared<HttpAttempt>();
  attempt->reader = std::move(reader);
  attempt->left = std::max<int64_t>(1, request.origin.attempts);
  if (net::SocketAddress::inet(request.origin.domain, 0)) {
    attempt->addresses = {request.origin.domain};
  } else {
    attempt->addresses = options_.names->find(request.origin.domain);
  }
  attempt->request = std::move(request);
  options_.loop.post([this, attempt] {
    if (attempt->addresses.empty())
      return attempt->fail(OriginFailure{
          502, "CloudFront could not resolve the origin's domain name " + attempt->request.origin.domain});
    this->attempt(attempt);
  });
  return attempt;
}

net::TlsContext OriginClient::client_tls() {
  if (tls_) return tls_;
  std::string roots;
  for (const std::string& path : {options_.ca_file, std::string(kSystemRoots)}) {
    auto pem = read_file(path);  // a machine may lack one: whom the others vouch for is still verified
    if (pem) roots += *pem;
    if (!pem) log::warn("TLS to origins: {}", pem.error().message);
  }
  auto made = net::make_client_tls({.verify = net::VerifyPeer::yes, .ca_pem = roots});
  if (!made) {
    log::error("TLS to origins: {}", made.error().message);
    return nullptr;
  }
  return tls_ = std::move(*made);
}

void OriginClient::attempt(std::shared_ptr<HttpAttempt> attempt) {
  const OriginRequest& request = attempt->request;
  const OriginSnapshot& origin = request.origin;
  const bool tls = origin.protocol_policy == "https-only" ||
                   (origin.protocol_policy == "match-viewer" && request.viewer_tls);
  const std::string& address = attempt->addresses[attempt->next++ % attempt->addresses.size()];
  const auto port = static_cast<uint16_t>(tls ? origin.https_port : origin.http_port);
  // The public range is loopback; from there no other network can be reached.
  const bool of_landfall = address.starts_with("127.") && !options_.source_address.empty();
  http::Endpoint endpoint = of_landfall ? http::Endpoint::tcp_from(options_.source_address, address, port)
                                        : http::Endpoint::tcp(address, port);
  if (tls) {
    net::TlsContext context = client_tls();
    if (!context) return attempt->fail(OriginFailure{502, "no trusted roots"});
    endpoint = http::Endpoint::tls_over(std::move(endpoint), std::move(context), origin.domain);
  }
  http::ClientRequest outgoing;
  outgoing.head.method = request.method;
  outgoing.head.target = request.target;
  outgoing.head.authority = std::string(request.headers.get("host").value_or(origin.domain));
  outgoing.head.headers = request.headers;
  outgoing.head.headers.remove("host");
  outgoing.shared_body = request.body;
  outgoing.timeouts = {.connect_ms = origin.connect_seconds * 1000,
                       .response_head_ms = origin.read_seconds * 1000,
                       .body_idle_ms = origin.read_seconds * 1000};
  if (attempt->over) return;
  attempt->call =
      client_->start(endpoint, std::move(outgoing),
                     {.on_head =
                          [attempt](http::Response head) {
                            if (!attempt->over) attempt->reader.on_head(std::move(head));
                          },
                      .on_data =
                          [attempt](std::string_view data) {
                            if (!attempt->over) attempt->reader.on_data(data);
                          },
                      .on_end = [attempt] { attempt->finish(); },
                      .on_error =
                          [this, attempt](http::ClientError error) {
                            if (attempt->over) return;
                            if (error.kind == http::ClientErrorKind::connect && --attempt->left > 0)
                              return this->attempt(attempt);
                            const int status = error.kind == http::ClientErrorKind::timeout ? 504 : 502;
                            attempt->fail(OriginFailure{status, error.message});
                          }});
}

}  // namespace landfall::cloudfront
