#include "services/cloudfront/dataplane/origin.h"

#include <fstream>
#include <iterator>

#include "base/log.h"
#include "net/socket.h"
#include "runtime/event_loop.h"
#include "services/s3/s3.h"

namespace landfall::cloudfront {

struct HttpAttempt {
  OriginRequest request;
  std::vector<std::string> addresses;
  int64_t left = 0;
  size_t next = 0;
  std::move_only_function<void(OriginResult)> done;
};

namespace {

constexpr char kSystemRoots[] = "/etc/ssl/certs/ca-certificates.crt";
constexpr char kPrincipal[] = "cloudfront.amazonaws.com";

// Collects an answer of S3's.
class S3Sink final : public s3::FetchSink {
 public:
  explicit S3Sink(std::move_only_function<void(OriginResult)> done) : done_(std::move(done)) {}
  void start(http::Response head) override { answer_.head = std::move(head); }
  bool write(std::string bytes) override {
    if (answer_.body.size() + bytes.size() > kMaxOriginBody) {
      too_large_ = true;
      answer_.body.clear();
    }
    if (!too_large_) answer_.body += bytes;
    return true;
  }
  void on_writable(std::move_only_function<void()> resume) override { resume(); }
  void finish() override {
    if (too_large_)
      return end(std::unexpected(OriginFailure{502, "the object is larger than this edge passes on"}));
    end(std::move(answer_));
  }
  void abort() override { end(std::unexpected(OriginFailure{502, "S3 cut its answer"})); }

 private:
  void end(OriginResult result) {
    if (done_) std::exchange(done_, nullptr)(std::move(result));
  }
  http::Fetched answer_;
  bool too_large_ = false;
  std::move_only_function<void(OriginResult)> done_;
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_signed(const OriginRequest& request) {
  if (request.origin.signing == "no-override") return !request.viewer_authorization;
  return request.origin.signing == "always";
}

}  // namespace

OriginClient::OriginClient(Options options)
    : options_(std::move(options)), names_(*options_.names), client_(http::Client::create(options_.loop)) {}

void OriginClient::fetch(OriginRequest request, std::move_only_function<void(OriginResult)> done) {
  if (!request.origin.bucket.empty()) return fetch_s3(std::move(request), std::move(done));
  fetch_http(std::move(request), std::move(done));
}

void OriginClient::fetch_s3(OriginRequest request, std::move_only_function<void(OriginResult)> done) {
  if (options_.s3 == nullptr)
    return options_.loop.post(
        [done = std::move(done)]() mutable { done(std::unexpected(OriginFailure{502, "there is no S3"})); });
  if (request.method != "GET" && request.method != "HEAD")
    return options_.loop.post([done = std::move(done)]() mutable {
      done(std::unexpected(OriginFailure{403, "An S3 origin takes GET and HEAD requests only."}));
    });
  s3::FetchRequest fetch{.method = request.method,
                         .bucket = request.origin.bucket,
                         .path = request.target,
                         .headers = std::move(request.headers)};
  if (is_signed(request)) {
    fetch.principal.kind = aws::policy::PrincipalKind::service;
    fetch.principal.service = kPrincipal;
    fetch.context = {{"aws:SourceArn", request.distribution_arn}};
  }
  options_.s3->fetch(options_.loop, std::move(fetch), std::make_shared<S3Sink>(std::move(done)));
}

void OriginClient::fetch_http(OriginRequest request, std::move_only_function<void(OriginResult)> done) {
  auto attempt = std::make_shared<HttpAttempt>();
  attempt->done = std::move(done);
  attempt->left = std::max<int64_t>(1, request.origin.attempts);
  if (net::SocketAddress::inet(request.origin.domain, 0)) {
    attempt->addresses = {request.origin.domain};
  } else if (const auto& names = names_.get()) {
    if (const auto it = names->find(request.origin.domain); it != names->end())
      attempt->addresses = it->second;
  }
  attempt->request = std::move(request);
  options_.loop.post([this, attempt] {
    if (attempt->addresses.empty())
      return attempt->done(std::unexpected(OriginFailure{
          502, "CloudFront could not resolve the origin's domain name " + attempt->request.origin.domain}));
    this->attempt(attempt);
  });
}

net::TlsContext OriginClient::client_tls() {
  if (tls_) return tls_;
  const std::string roots = read_file(options_.ca_file) + read_file(kSystemRoots);
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
  http::Endpoint endpoint =
      http::Endpoint::tcp(address, static_cast<uint16_t>(tls ? origin.https_port : origin.http_port));
  if (tls) {
    net::TlsContext context = client_tls();
    if (!context) return attempt->done(std::unexpected(OriginFailure{502, "no trusted roots"}));
    endpoint = http::Endpoint::tls_over(std::move(endpoint), std::move(context), origin.domain);
  }
  http::ClientRequest outgoing;
  outgoing.head.method = request.method;
  outgoing.head.target = request.target;
  outgoing.head.authority = std::string(request.headers.get("host").value_or(origin.domain));
  outgoing.head.headers = request.headers;
  outgoing.head.headers.remove("host");
  outgoing.body = request.body;
  outgoing.timeouts = {.connect_ms = origin.connect_seconds * 1000,
                       .response_head_ms = origin.read_seconds * 1000,
                       .body_idle_ms = origin.read_seconds * 1000};
  client_->fetch(endpoint, std::move(outgoing), kMaxOriginBody,
                 [this, attempt](std::expected<http::Fetched, http::ClientError> fetched) {
                   if (fetched) return attempt->done(std::move(*fetched));
                   const http::ClientError& error = fetched.error();
                   if (error.kind == http::ClientErrorKind::connect && --attempt->left > 0)
                     return this->attempt(attempt);
                   const int status = error.kind == http::ClientErrorKind::timeout ? 504 : 502;
                   attempt->done(std::unexpected(OriginFailure{status, error.message}));
                 });
}

}  // namespace landfall::cloudfront
