#include "services/s3/dataplane/request.h"

#include "base/sha256.h"
#include "services/s3/dataplane/access_entry.h"
#include "services/s3/dataplane/cors.h"
#include "services/s3/dataplane/operations.h"
#include "services/s3/dataplane/request_ids.h"

namespace landfall::s3 {

S3Request::S3Request(S3Core& core, EventLoop& loop, std::shared_ptr<http::Exchange> exchange)
    : core(core), loop(loop), exchange(std::move(exchange)) {
  thread_local RequestIds ids(*core.options.random);
  thread_local const std::string worker = ids.host_id();  // who serves: this thread
  request_id = ids.request_id();
  host_id = worker;
  if (core.access_logs.any()) [[unlikely]]
    access = std::make_unique<AccessEntry>(*core.options.clock);
}

S3Request::~S3Request() {
  if (access) access->finish(*this);
}

std::optional<std::string> S3Request::parameter(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string S3Request::canonical_id(std::string_view account) {
  return hex(sha256(std::string("landfall canonical user ").append(account)));
}

S3Result<> S3Request::authorize(std::string_view action, const ContextPairs& context) const {
  if (is_plainly_allowed(operation->resource == Resource::service ? nullptr : bucket.get())) return {};
  switch (operation->resource) {
    case Resource::service:
      return authorize_on(nullptr, action, "*", context);
    case Resource::bucket:
      return authorize_on(bucket.get(), action, bucket_arn(), context);
    case Resource::object:
      return authorize_on(bucket.get(), action, object_arn(), context);
  }
  return s3_fail("AccessDenied");
}

http::Headers S3Request::common_headers() const {
  http::Headers headers;
  headers.reserve(16, 768);  // with those that follow, usually
  headers.add("x-amz-request-id", request_id);
  headers.add("x-amz-id-2", host_id);
  headers.add("Server", "AmazonS3");
  if (bucket) add_cors_headers(*bucket, http(), headers);
  return headers;
}

void S3Request::count_status(int status) const {
  if (status >= 500) {
    core.counters.errors_5xx.fetch_add(1, std::memory_order_relaxed);
  } else if (status >= 400) {
    core.counters.errors_4xx.fetch_add(1, std::memory_order_relaxed);
  }
}

void S3Request::respond_shared(http::Response head, std::shared_ptr<const void> owner,
                               std::string_view bytes) {
  count_status(head.status);
  if (access) access->answered(*this, head, bytes.size());
  core.counters.bytes_downloaded.fetch_add(bytes.size(), std::memory_order_relaxed);
  exchange->respond_shared(std::move(head), std::move(owner), bytes);
}

void S3Request::start(http::Response head) {
  count_status(head.status);
  if (access) access->answered(*this, head);
  exchange->start(std::move(head));
}

void S3Request::respond(aws::WireResponse response) {
  count_status(response.status);
  http::Response head{response.status, common_headers()};
  for (const http::Header& header : response.headers) {
    if (!head.headers.has(header.name)) head.headers.add(header.name, header.value);
  }
  core.counters.bytes_downloaded.fetch_add(response.body.size(), std::memory_order_relaxed);
  if (access) access->answered(*this, head, response.body.size());
  exchange->respond(std::move(head), std::move(response.body));
}

void S3Request::fail(const S3Error& error) {
  if (access) access->failed(error.code);
  aws::WireResponse response{.status = error.status, .headers = error.headers, .body = {}};
  if (error.status != 304 && http().method != "HEAD") {
    response.headers.add("Content-Type", "application/xml");
    response.body = error_document(error, http().path(), request_id, host_id);
  }
  respond(std::move(response));
}

void S3Request::on_pool(std::move_only_function<void()> job) {
  store().pool().run([self = shared_from_this(), job = std::move(job)]() mutable { job(); });
}

void S3Request::post(std::move_only_function<void()> task) {
  loop.post([self = shared_from_this(), task = std::move(task)]() mutable { task(); });
}

}  // namespace landfall::s3
