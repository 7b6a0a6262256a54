#include "services/s3/dataplane/stored_body.h"

#include <unistd.h>

#include <algorithm>

#include "services/s3/dataplane/body_files.h"
#include "services/s3/dataplane/crc32c.h"
#include "services/s3/dataplane/file_pins.h"
#include "services/s3/dataplane/index.h"
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/record_codec.h"

namespace landfall::s3 {

StoreResult<std::string> check_inlined(const Segment& segment, std::string body) {
  if (crc32c(body) != segment.crc || segment.offset + segment.length > body.size()) {
    return store_fail(StoreErrc::corrupt, "a small object does not match its checksum");
  }
  if (segment.offset == 0 && segment.length == body.size()) return body;
  return body.substr(segment.offset, segment.length);
}

StoreResult<std::unique_ptr<StoredBody>> StoredBody::open(Index& index, const BodyFiles& files,
                                                          FilePins& pins,
                                                          const std::vector<Segment>& segments) {
  std::unique_ptr<StoredBody> body(new StoredBody(files, pins));
  for (const Segment& segment : segments) LF_CHECK(body->add(index, segment));
  return body;
}

StoredBody::~StoredBody() {
  for (const Piece& piece : pieces_) {
    if (piece.segment.kind == BodyKind::file) pins_.unpin(piece.segment.id);
  }
}

StoreResult<> StoredBody::add(Index& index, const Segment& segment) {
  Piece& piece = pieces_.emplace_back();
  piece.segment = segment;
  piece.start = size_;
  size_ += segment.length;
  const bool is_file = segment.kind == BodyKind::file;
  // Pinned before the index is asked: if the index still names the file then, any later release sees the pin.
  if (is_file) pins_.pin(segment.id);
  std::string value;
  LF_TRY(Index::Found found,
         index.get(is_file ? Family::files : Family::bodies, body_key(segment.id), &value));
  if (found != Index::Found::yes) return store_fail(StoreErrc::no_such_key, "deleted meanwhile");
  if (!is_file) {
    LF_TRY(piece.bytes, check_inlined(segment, std::move(value)));
    return {};
  }
  auto record = decode<FileRecord>(value);
  if (!record || segment.offset + segment.length > record->size) {
    return store_fail(StoreErrc::corrupt, "a file's index record");
  }
  piece.file = std::move(*record);
  return {};
}

StoreResult<std::string> StoredBody::read(uint64_t offset, size_t max_bytes) {
  if (offset >= size_) return std::string();
  auto it = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                             [](uint64_t at, const Piece& piece) { return at < piece.start; });
  Piece& piece = *--it;
  const uint64_t within = offset - piece.start;
  const uint64_t length = std::min<uint64_t>(max_bytes, piece.segment.length - within);
  if (piece.segment.kind == BodyKind::inlined) return piece.bytes.substr(within, length);
  return read_file(piece, piece.segment.offset + within, length);
}

StoreResult<std::string> StoredBody::read_file(Piece& piece, uint64_t offset, uint64_t length) {
  if (!open_fd_ || open_id_ != piece.segment.id) {
    auto fd = files_.open_body(piece.segment.id);
    if (!fd) return store_fail(StoreErrc::io, fd.error().message);
    open_fd_ = std::move(*fd);
    open_id_ = piece.segment.id;
  }
  const uint64_t block = offset / kBlockBytes;
  const uint64_t block_start = block * kBlockBytes;
  const uint64_t block_length = std::min<uint64_t>(kBlockBytes, piece.file.size - block_start);
  std::string bytes(block_length, '\0');
  for (size_t have = 0; have < block_length;) {
    const ssize_t n = ::pread(open_fd_.get(), bytes.data() + have, block_length - have,
                              static_cast<off_t>(block_start + have));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return store_fail(StoreErrc::io, fail_errno("read " + files_.path(open_id_)).error().message);
    if (n == 0)
      return store_fail(StoreErrc::corrupt, files_.path(open_id_) + " is shorter than it was written");
    have += static_cast<size_t>(n);
  }
  if (block >= piece.file.block_crcs.size() || crc32c(bytes) != piece.file.block_crcs[block]) {
    return store_fail(StoreErrc::corrupt, files_.path(open_id_) + " does not match its checksum");
  }
  const uint64_t skip = offset - block_start;
  length = std::min(length, block_length - skip);
  if (skip == 0 && length == block_length) return bytes;
  return bytes.substr(skip, length);
}

}  // namespace landfall::s3
