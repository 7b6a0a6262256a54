#include "services/s3/dataplane/request_flow.h"

#include "services/s3/dataplane/cors.h"
#include "services/s3/dataplane/operations.h"

namespace landfall::s3 {
namespace {

constexpr size_t kMaxDocumentBytes = 4 << 20;  // a DeleteObjects of 1,000 keys at their longest, with room

// The request's document, verified as a body is, then the operation on the pool.
class DocumentReader : public std::enable_shared_from_this<DocumentReader> {
 public:
  DocumentReader(std::shared_ptr<S3Request> request, std::unique_ptr<Payload> payload)
      : request_(std::move(request)), payload_(std::move(payload)) {}

  void start() {
    auto self = shared_from_this();
    request_->exchange->read_body({.on_data = [self](std::string_view wire) { self->take(wire); },
                                   .on_end = [self] { self->end(); },
                                   .on_error = [self](landfall::Error) { self->answered_ = true; }});
  }

 private:
  void take(std::string_view wire) {
    if (answered_) return;
    auto decoded = payload_->decode(wire, [this](std::string_view bytes) { request_->body.append(bytes); });
    if (!decoded) return fail(decoded.error());
    if (request_->body.size() > kMaxDocumentBytes) fail(s3_error("MaxMessageLengthExceeded"));
  }

  void end() {
    if (answered_) return;
    if (auto ended = payload_->end(); !ended) return fail(ended.error());
    payload_->hash_here(request_->body);
    if (auto verified = payload_->verify(); !verified) return fail(verified.error());
    run(request_);
  }

  void fail(const S3Error& error) {
    answered_ = true;
    request_->fail(error);
  }

  static void run(const std::shared_ptr<S3Request>& request) {
    request->on_pool([r = request.get()] {
      auto answer = r->operation->pooled(*r);
      r->post([r, answer = std::move(answer)]() mutable {
        if (!answer) return r->fail(answer.error());
        r->respond(std::move(*answer));
      });
    });
  }

  std::shared_ptr<S3Request> request_;
  std::unique_ptr<Payload> payload_;
  bool answered_ = false;
};

S3Error method_not_allowed(const http::Request& request) {
  return with_detail(with_detail(s3_error("MethodNotAllowed"), "Method", request.method), "ResourceType",
                     "OBJECT");
}

S3Result<> route_request(S3Request& request) {
  LF_TRY(request.address, parse_address(request.http().authority, request.http().path()));
  auto query = codec::parse_form(request.http().query());
  if (!query) return s3_fail("InvalidURI");
  request.query = std::move(*query);
  if (request.http().method == "OPTIONS") return {};
  const Route found = route(request.http(), request.address, request.query);
  if (found.operation) {
    request.operation = found.operation;
    return {};
  }
  if (found.name.empty()) return std::unexpected(method_not_allowed(request.http()));
  return std::unexpected(
      with_detail(s3_error("NotImplemented", "Landfall does not implement the operation " + found.name),
                  "Operation", found.name));
}

S3Error no_such_bucket(const S3Request& request) {
  return with_detail(s3_error("NoSuchBucket"), "BucketName", request.address.bucket);
}

S3Result<> find_bucket(S3Request& request) {
  if (request.address.bucket.empty()) return {};
  // What is to be made is the caller's, whoever has that name already.
  if (request.operation && request.operation->name == "CreateBucket") return {};
  request.bucket = request.store().find_bucket(request.address.bucket);
  if (!request.bucket) return std::unexpected(no_such_bucket(request));
  auto owner = request.header("x-amz-expected-bucket-owner");
  if (owner && *owner != request.bucket->owner) return s3_fail("AccessDenied");
  return {};
}

void answer_options(S3Request& request) {
  if (auto found = find_bucket(request); !found) return request.fail(found.error());
  std::optional<http::Headers> headers;
  if (request.bucket) headers = answer_preflight(cors_rules_of(*request.bucket), request.http().headers);
  if (!headers) {
    S3Error error{"AccessForbidden",
                  403,
                  "CORSResponse: This CORS request is not allowed. This is usually because the "
                  "evalution of Origin, request method / Access-Control-Request-Method or "
                  "Access-Control-Request-Headers "
                  "are not whitelisted by the resource's CORS spec.",
                  {},
                  {}};
    return request.fail(error);
  }
  request.respond({.status = 200, .headers = std::move(*headers), .body = {}});
}

}  // namespace

void serve(std::shared_ptr<S3Request> request, const Authenticate& authenticate) {
  request->core.counters.requests.fetch_add(1, std::memory_order_relaxed);
  if (auto routed = route_request(*request); !routed) return request->fail(routed.error());
  if (request->http().method == "OPTIONS") return answer_options(*request);
  if (auto known = authenticate(*request); !known) return request->fail(known.error());
  if (auto found = find_bucket(*request); !found) return request->fail(found.error());
  const OperationEntry& operation = *request->operation;
  if (!operation.action.empty()) {
    if (auto allowed = request->authorize(operation.action); !allowed) return request->fail(allowed.error());
  }
  if (operation.streaming) return operation.streaming(std::move(request));
  auto payload = Payload::create(request->http(), request->payload_signature, Md5::if_claimed);
  if (!payload) return request->fail(payload.error());
  std::make_shared<DocumentReader>(request, std::move(*payload))->start();
}

}  // namespace landfall::s3
