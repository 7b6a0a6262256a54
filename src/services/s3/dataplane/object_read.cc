#include "services/s3/dataplane/object_read.h"

#include <charconv>

#include "services/s3/dataplane/conditions.h"
#include "services/s3/dataplane/object_headers.h"
#include "services/s3/dataplane/stored_body.h"

namespace landfall::s3 {
namespace {

constexpr int kLookups =
    3;  // of an object that is overwritten between its lookup and its opening, again and again

// Sends [offset, end) of a body. What has been verified lately goes as it lies in the file; the rest is
// verified on the pool first, while what came before is on its way.
class BodySender : public std::enable_shared_from_this<BodySender> {
 public:
  BodySender(std::shared_ptr<S3Request> request, std::unique_ptr<StoredBody> body, ByteRange range)
      : request_(std::move(request)),
        body_(std::move(body)),
        offset_(range.first),
        end_(range.first + range.length) {}

  void start() {
    request_->exchange->on_close([weak = weak_from_this()] {
      if (auto self = weak.lock()) self->closed_ = true;
    });
    next();
  }

 private:
  void next() {
    while (!closed_ && offset_ < end_) {
      if (!request_->exchange->takes_files()) return read();
      StoredBody::Ready ready = body_->ready(offset_, end_);
      if (ready.length == 0) return prepare();
      offset_ += ready.length;
      count(ready.length);
      const bool room = ready.file ? request_->exchange->send_file(ready.file, ready.offset, ready.length)
                                   : request_->exchange->write(std::string(ready.bytes));
      if (!room && offset_ < end_) return wait();
    }
    if (!closed_) request_->exchange->finish();
  }

  void wait() {
    request_->exchange->on_writable([self = shared_from_this()] { self->next(); });
  }

  void prepare() {
    request_->on_pool([self = shared_from_this()] {
      auto prepared = self->body_->prepare(self->offset_, self->end_);
      self->request_->post([self, prepared = std::move(prepared)] {
        if (self->closed_) return;
        if (!prepared) return self->give_up(prepared.error());
        self->next();
      });
    });
  }

  void read() {
    request_->on_pool([self = shared_from_this()] {
      auto bytes =
          self->body_->read(self->offset_, std::min<uint64_t>(self->end_ - self->offset_, kBlockBytes));
      self->request_->post([self, bytes = std::move(bytes)]() mutable { self->deliver(std::move(bytes)); });
    });
  }

  void deliver(StoreResult<std::string> bytes) {
    if (closed_) return;
    if (!bytes) return give_up(bytes.error());
    offset_ += bytes->size();
    count(bytes->size());
    if (!request_->exchange->write(std::move(*bytes)) && offset_ < end_) return wait();
    next();
  }

  void give_up(const StoreError& error) {
    (void)from_store(error);  // logs it
    request_->exchange->abort();
  }

  void count(uint64_t bytes) {
    request_->core.counters.bytes_downloaded.fetch_add(bytes, std::memory_order_relaxed);
  }

  std::shared_ptr<S3Request> request_;
  std::unique_ptr<StoredBody> body_;
  uint64_t offset_, end_;
  bool closed_ = false;
};

struct Override {
  std::string_view parameter, header;
};
constexpr Override kOverrides[] = {{"response-content-type", "content-type"},
                                   {"response-content-language", "content-language"},
                                   {"response-expires", "expires"},
                                   {"response-cache-control", "cache-control"},
                                   {"response-content-disposition", "content-disposition"},
                                   {"response-content-encoding", "content-encoding"}};

// The answer's head, decided from the record; the range says which bytes follow.
struct Reply {
  http::Response head;
  ByteRange range;
};

S3Result<bool> choose_part(const S3Request& request, const ObjectRecord& record, Reply& reply) {
  auto text = request.parameter("partNumber");
  if (!text) return false;
  uint64_t number = 0;
  auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc{} || end != text->data() + text->size() || number < 1 || number > 10'000) {
    return s3_fail("InvalidArgument", "Part number must be an integer between 1 and 10000, inclusive");
  }
  if (request.header("range"))
    return s3_fail("InvalidRequest", "Cannot specify both Range header and partNumber query parameter");
  const size_t parts = std::max<size_t>(record.part_sizes.size(), 1);
  if (number > parts) return s3_fail("InvalidPartNumber");
  if (record.part_sizes.empty()) return false;
  for (uint64_t i = 0; i + 1 < number; ++i) reply.range.first += record.part_sizes[i];
  reply.range.length = record.part_sizes[number - 1];
  reply.head.headers.add("x-amz-mp-parts-count", std::to_string(parts));
  return true;
}

S3Result<bool> choose_range(const S3Request& request, const ObjectRecord& record, Reply& reply) {
  LF_TRY(const bool part, choose_part(request, record, reply));
  if (part) return true;
  auto header = request.header("range");
  if (!header) return false;
  if (auto if_range = request.header("if-range"); if_range && unquote(*if_range) != record.etag) return false;
  switch (parse_range(*header, record.size, reply.range)) {
    case RangeStatus::none:
      return false;
    case RangeStatus::satisfiable:
      return true;
    case RangeStatus::unsatisfiable:
      break;
  }
  S3Error error = s3_error("InvalidRange");
  error = with_detail(std::move(error), "RangeRequested", std::string(*header));
  error = with_detail(std::move(error), "ActualObjectSize", std::to_string(record.size));
  error.headers.add("Content-Range", "bytes */" + std::to_string(record.size));
  return std::unexpected(std::move(error));
}

S3Result<> apply_overrides(const S3Request& request, http::Headers& headers) {
  for (const Override& override : kOverrides) {
    auto value = request.parameter(override.parameter);
    if (!value) continue;
    if (request.principal.anonymous()) {
      return s3_fail("InvalidRequest",
                     "Request specific response headers cannot be used for anonymous GET requests.");
    }
    headers.set(override.header, *value);
  }
  return {};
}

S3Error not_modified(const BucketRecord& bucket, const ObjectRecord& record) {
  S3Error error = s3_error("NotModified");
  error.headers.add("ETag", quoted_etag(record.etag));
  error.headers.add("Last-Modified", format_http_date(record.last_modified));
  for (const auto& [name, value] : record.attributes.headers) {
    if (name == "cache-control" || name == "expires")
      error.headers.add(name, value);  // RFC 9110 section 15.4.5
  }
  add_version_header(bucket, record, error.headers);
  return error;
}

S3Error delete_marker(const S3Request& request, const ObjectRecord& record) {
  S3Error error = request.version_id() ? s3_error("MethodNotAllowed")
                                       : with_detail(s3_error("NoSuchKey"), "Key", request.address.key);
  error.headers.add("x-amz-delete-marker", "true");
  if (request.version_id()) error.headers.add("Allow", "DELETE");
  add_version_header(*request.bucket, record, error.headers);
  return error;
}

Reply make_error_page(const S3Request& request, const SharedRecord& record, int status) {
  Reply reply{{.status = status, .headers = request.common_headers()}, {0, record->size}};
  add_object_headers(*request.bucket, record, reply.head.headers);
  reply.head.headers.add("Content-Length", std::to_string(record->size));
  return reply;
}

S3Result<Reply> make_reply(const S3Request& request, const SharedRecord& found) {
  const ObjectRecord& record = *found;
  if (record.delete_marker) return std::unexpected(delete_marker(request, record));
  switch (judge_read(request.http().headers, "", record.etag, record.last_modified)) {
    case Verdict::proceed:
      break;
    case Verdict::not_modified:
      return std::unexpected(not_modified(*request.bucket, record));
    case Verdict::precondition_failed: {
      const bool etag = request.header("if-match").has_value();
      return std::unexpected(with_detail(s3_error("PreconditionFailed"), "Condition",
                                         etag ? "If-Match" : "If-Unmodified-Since"));
    }
  }
  Reply reply{{.status = 200, .headers = request.common_headers()}, {0, 0}};
  LF_TRY(const bool partial, choose_range(request, record, reply));
  add_object_headers(*request.bucket, found, reply.head.headers);
  LF_CHECK(apply_overrides(request, reply.head.headers));
  if (partial) {
    reply.head.status = 206;
    reply.head.headers.add("Content-Range", "bytes " + std::to_string(reply.range.first) + "-" +
                                                std::to_string(reply.range.first + reply.range.length - 1) +
                                                "/" + std::to_string(record.size));
  } else {
    reply.range = {0, record.size};
    auto mode = request.header("x-amz-checksum-mode");
    if (mode && http::equals_ignoring_case(*mode, "ENABLED")) {
      add_checksum_headers(record.checksum, reply.head.headers);
    }
  }
  reply.head.headers.add("Content-Length", std::to_string(reply.range.length));
  return reply;
}

class ObjectRead : public std::enable_shared_from_this<ObjectRead> {
 public:
  ObjectRead(std::shared_ptr<S3Request> request, BodyWanted wanted)
      : request_(std::move(request)), wanted_(wanted) {}
  ObjectRead(std::shared_ptr<S3Request> request, FoundOptions options)
      : request_(std::move(request)), wanted_(options.wanted), error_status_(options.error_status) {}

  void start_with(SharedRecord found) { answer(std::move(found)); }

  void start() {
    if (auto found = request_->store().find_in_memory(request_->object(), request_->version_id())) {
      return answer(std::move(*found));
    }
    look_up();
  }

 private:
  void look_up() {
    request_->on_pool([self = shared_from_this()] {
      auto found = self->request_->store().find(self->request_->object(), self->request_->version_id());
      self->request_->post([self, found = std::move(found)]() mutable { self->answer(std::move(found)); });
    });
  }

  void answer(StoreResult<SharedRecord> found) {
    if (!found) return request_->fail(missing_key(*request_, found.error()));
    const ObjectRecord& record = **found;
    S3Result<Reply> reply = error_status_ != 0 && !record.delete_marker
                                ? S3Result<Reply>(make_error_page(*request_, *found, error_status_))
                                : make_reply(*request_, *found);
    if (!reply) return request_->fail(reply.error());
    if (wanted_ == BodyWanted::no || reply->range.length == 0) return send_head_only(std::move(*reply));
    if (auto small = request_->store().small_body_in_memory(record.segments)) {
      if (*small) return send_small(std::move(*reply), std::move(**small));
      if ((*small).error().code == StoreErrc::no_such_key) return try_again();
      return request_->fail(from_store((*small).error()));
    }
    if (auto open = request_->store().find_open_body(record.segments)) {
      if (open->ready(reply->range.first, reply->range.first + reply->range.length).length > 0)
        return send(std::move(*reply), std::move(open));
    }
    open(std::move(*found), std::move(*reply));
  }

  // The version went while we looked: what is there now?
  void try_again() {
    if (++lookups_ == kLookups) return request_->fail(s3_error("SlowDown"));
    look_up();
  }

  void send_head_only(Reply reply) {
    request_->respond({.status = reply.head.status, .headers = std::move(reply.head.headers), .body = {}});
  }

  void send_small(Reply reply, SmallPart part) {
    request_->respond_shared(std::move(reply.head), std::move(part.whole),
                             part.bytes.substr(reply.range.first, reply.range.length));
  }

  void open(SharedRecord record, Reply reply) {
    request_->on_pool(
        [self = shared_from_this(), record = std::move(record), reply = std::move(reply)]() mutable {
          auto body = self->request_->store().open_body(record->segments);
          if (body) {
            // What is corrupt from the beginning is an error, not a cut answer.
            auto prepared = (*body)->prepare(reply.range.first, reply.range.first + reply.range.length);
            if (!prepared) body = std::unexpected(prepared.error());
          }
          self->request_->post([self, reply = std::move(reply), body = std::move(body)]() mutable {
            self->send(std::move(reply), std::move(body));
          });
        });
  }

  void send(Reply reply, StoreResult<std::unique_ptr<StoredBody>> body) {
    if (!body) {
      if (body.error().code == StoreErrc::no_such_key) return try_again();
      return request_->fail(from_store(body.error()));
    }
    const ByteRange range = reply.range;
    request_->start(std::move(reply.head));
    std::make_shared<BodySender>(request_, std::move(*body), range)->start();
  }

  std::shared_ptr<S3Request> request_;
  BodyWanted wanted_;
  int error_status_ = 0;
  int lookups_ = 0;
};

}  // namespace

S3Error missing_key(const S3Request& request, const StoreError& error) {
  if (error.code == StoreErrc::no_such_key || error.code == StoreErrc::no_such_version) {
    if (!request.authorize_on(request.bucket.get(), "s3:ListBucket", request.bucket_arn()))
      return s3_error("AccessDenied");
  }
  S3Error answer = from_store(error);
  if (answer.code == "NoSuchKey" || answer.code == "NoSuchVersion") {
    answer = with_detail(std::move(answer), "Key", request.address.key);
    if (auto version = request.version_id()) answer = with_detail(std::move(answer), "VersionId", *version);
  }
  return answer;
}

void send_found(std::shared_ptr<S3Request> request, SharedRecord record, FoundOptions options) {
  std::make_shared<ObjectRead>(std::move(request), options)->start_with(std::move(record));
}

void read_object(std::shared_ptr<S3Request> request, BodyWanted wanted) {
  if (auto version = request->version_id(); version && version->empty()) {
    return request->fail(s3_error("InvalidArgument", "Version id cannot be the empty string"));
  }
  auto allowed = request->authorize(request->version_id() ? "s3:GetObjectVersion" : "s3:GetObject");
  if (!allowed) return request->fail(allowed.error());
  std::make_shared<ObjectRead>(std::move(request), wanted)->start();
}

}  // namespace landfall::s3
