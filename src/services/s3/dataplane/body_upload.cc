#include "services/s3/dataplane/body_upload.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace landfall::s3 {
namespace {

constexpr size_t kPauseBytes = 4 << 20;  // read from the client, not yet written: the disk is behind
constexpr size_t kResumeBytes = 3 << 20;
// kPieceBytes are given to the writer at once: smaller ones cost more jobs, larger ones are out of the caches
// when their turn comes. The writer and the hash hold back less than one beside their own limits, for better
// company; if that could be kResumeBytes, a paused upload would wait for ever.
constexpr uint64_t kFirstPieceBytes = 64 << 10;
static_assert(kAloneBytes + kPieceBytes <= kResumeBytes && kRunBytes + kPieceBytes <= kResumeBytes);

class BodyUpload : public std::enable_shared_from_this<BodyUpload> {
 public:
  BodyUpload(std::shared_ptr<S3Request> request, std::unique_ptr<Payload> payload,
             std::move_only_function<void(UploadedBody)> staged)
      : request_(std::move(request)), payload_(std::move(payload)), staged_(std::move(staged)) {}

  void start() {
    auto self = shared_from_this();
    thread_local const auto small = std::make_shared<HashLanes>();  // of this thread's loop
    payload_->hash_at(
        {.large = request_->store().hash_lanes(),
         .on_pool = [pool = &request_->store().pool()](HashJob job) { pool->run(std::move(job)); },
         .small = small,
         .on_loop = [loop = &request_->loop](HashJob job) { loop->post(std::move(job)); }});
    writer_ = request_->store().write_body(payload_);
    writer_->on_drained(kResumeBytes, [weak = weak_from_this()] {
      auto upload = weak.lock();
      if (!upload) return;
      S3Request& request = *upload->request_;
      request.post([upload = std::move(upload)] { upload->resume(); });
    });
    http::BodyReader reader{.on_data = [self](std::string_view wire) { self->take(wire); },
                            .on_end = [self] { self->end(); },
                            .on_error = [self](Error error) { self->broken(error); }};
    if (!payload_->framed()) reader.room = [self] { return self->room(); };
    request_->exchange->read_body(std::move(reader));
  }

 private:
  void take(std::string_view wire) {
    if (!writer_) return;
    auto decoded = payload_->decode(wire, [this](std::string_view bytes) { accept(bytes); });
    if (!decoded) return fail(decoded.error());
    if (received_ > kMaxUploadBytes) return fail(s3_error("EntityTooLarge"));
    if (!paused_ && writer_->pending_bytes() > kPauseBytes) {
      paused_ = true;
      request_->exchange->pause_body();
    }
  }

  void accept(std::string_view bytes) {
    request_->core.counters.bytes_uploaded.fetch_add(bytes.size(), std::memory_order_relaxed);
    while (!bytes.empty()) {
      const auto free = room();
      const size_t n = std::min(free.size(), bytes.size());
      if (bytes.data() != free.data()) std::memcpy(free.data(), bytes.data(), n);
      bytes.remove_prefix(n);
      filled_ += n;
      received_ += n;
      if (filled_ == piece_.size()) write_piece();
    }
  }

  // Of the piece that is being filled. No larger than what the client has sent already, lest much be held for
  // many that declare much and send little.
  std::span<char> room() {
    if (!writer_) return {};
    if (piece_.empty()) {
      const uint64_t length = *payload_->length();
      const uint64_t left = length > received_ ? length - received_ : kFirstPieceBytes;  // it may lie
      const size_t size = std::min(left, std::clamp(received_, kFirstPieceBytes, kPieceBytes));
      piece_ = request_->store().spare_pieces().take(size);
    }
    return std::span(piece_).subspan(filled_);
  }

  void write_piece() {
    if (filled_ == 0) return;
    piece_.resize(filled_);
    filled_ = 0;
    writer_->write(std::exchange(piece_, {}));
  }

  void resume() {
    if (!paused_) return;
    paused_ = false;
    request_->exchange->resume_body();
  }

  void end() {
    if (!writer_) return;
    if (auto ended = payload_->end(); !ended) return fail(ended.error());
    write_piece();
    auto writer = std::move(writer_);
    writer->finish(
        [self = shared_from_this()](StoreResult<StagedBody> body) { self->verify(std::move(body)); });
  }

  // On the loop for a small body, else on the pool.
  void verify(StoreResult<StagedBody> body) {
    if (!body) return fail_from_anywhere(from_store(body.error()));
    if (auto verified = payload_->verify(); !verified) return fail_from_anywhere(verified.error());
    staged_({std::move(*body), payload_->md5_hex(), payload_->checksum()});
  }

  void broken(const Error& error) {
    if (!writer_) return;
    fail(s3_error(error.error_number == ETIMEDOUT ? "RequestTimeout" : "IncompleteBody"));
  }

  void fail(const S3Error& error) {
    writer_.reset();  // discards what was written
    request_->fail(error);
  }

  void fail_from_anywhere(S3Error error) {
    request_->post([request = request_, error = std::move(error)] { request->fail(error); });
  }

  std::shared_ptr<S3Request> request_;
  std::shared_ptr<Payload> payload_;
  std::move_only_function<void(UploadedBody)> staged_;
  std::unique_ptr<BodyWriter> writer_;
  std::string piece_;  // the writer's next, filled_ bytes of it
  size_t filled_ = 0;
  uint64_t received_ = 0;
  bool paused_ = false;
};

}  // namespace

void upload_body(std::shared_ptr<S3Request> request, std::move_only_function<void(UploadedBody)> staged) {
  auto payload = Payload::create(request->http(), request->payload_signature, Md5::always);
  if (!payload) return request->fail(payload.error());
  if (!(*payload)->length()) return request->fail(s3_error("MissingContentLength"));
  if (*(*payload)->length() > kMaxUploadBytes) {
    S3Error error =
        with_detail(s3_error("EntityTooLarge"), "ProposedSize", std::to_string(*(*payload)->length()));
    return request->fail(with_detail(std::move(error), "MaxSizeAllowed", std::to_string(kMaxUploadBytes)));
  }
  std::make_shared<BodyUpload>(std::move(request), std::move(*payload), std::move(staged))->start();
}

}  // namespace landfall::s3
