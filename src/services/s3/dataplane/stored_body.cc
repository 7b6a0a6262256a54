#include "services/s3/dataplane/stored_body.h"

#include <algorithm>

#include "services/s3/dataplane/crc32c.h"
#include "services/s3/dataplane/file_pins.h"
#include "services/s3/dataplane/index.h"
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/record_codec.h"

namespace landfall::s3 {

std::optional<SmallPart> find_inlined(SmallBodies& small, const Segment& segment) {
  auto whole = small.find(segment.id);
  if (!whole || segment.offset + segment.length > whole->size()) return std::nullopt;
  const std::string_view bytes = std::string_view(*whole).substr(segment.offset, segment.length);
  return SmallPart{std::move(whole), bytes};
}

StoreResult<SmallPart> keep_inlined(SmallBodies& small, const Segment& segment, std::string body) {
  if (crc32c(body) != segment.crc || segment.offset + segment.length > body.size()) {
    return store_fail(StoreErrc::corrupt, "a small object does not match its checksum");
  }
  auto whole = std::make_shared<const std::string>(std::move(body));
  small.put(segment.id, whole);
  const std::string_view bytes = std::string_view(*whole).substr(segment.offset, segment.length);
  return SmallPart{std::move(whole), bytes};
}

StoreResult<std::unique_ptr<StoredBody>> StoredBody::open(const BodySources& sources,
                                                          const std::vector<Segment>& segments) {
  std::unique_ptr<StoredBody> body(new StoredBody(sources));
  for (const Segment& segment : segments) LF_CHECK(body->add(segment));
  return body;
}

std::unique_ptr<StoredBody> StoredBody::find_open(const BodySources& sources,
                                                  const std::vector<Segment>& segments) {
  if (segments.size() > kHeldFiles) return nullptr;
  std::unique_ptr<StoredBody> body(new StoredBody(sources));
  body->pieces_.reserve(segments.size());
  for (const Segment& segment : segments) {
    if (segment.kind != BodyKind::file) return nullptr;
    Piece& piece = body->pieces_.emplace_back();
    piece.segment = segment;
    piece.start = body->size_;
    if (!body->hold_open(piece)) return nullptr;
    body->size_ += segment.length;
  }
  return body;
}

StoredBody::~StoredBody() {
  for (const Piece& piece : pieces_) {
    if (piece.pinned) sources_.pins.unpin(piece.segment.id);
  }
}

bool StoredBody::hold_open(Piece& piece) {
  if (held_ == kHeldFiles) return false;
  piece.open = sources_.files.find(piece.segment.id);
  if (!piece.open || piece.segment.offset + piece.segment.length > piece.open->size()) return false;
  ++held_;
  return true;
}

StoreResult<> StoredBody::add(const Segment& segment) {
  Piece& piece = pieces_.emplace_back();
  piece.segment = segment;
  piece.start = size_;
  size_ += segment.length;
  const bool is_file = segment.kind == BodyKind::file;
  if (is_file && hold_open(piece)) return {};
  if (!is_file) {
    if (auto found = find_inlined(sources_.small, segment)) {
      piece.whole = std::move(found->whole);
      return {};
    }
  }
  // Pinned before the index is asked: if the index still names the file then, any later release sees the pin.
  if (is_file) {
    sources_.pins.pin(segment.id);
    piece.pinned = true;
  }
  std::string value;
  LF_TRY(Index::Found found,
         sources_.index.get(is_file ? Family::files : Family::bodies, body_key(segment.id), &value));
  if (found != Index::Found::yes) return store_fail(StoreErrc::no_such_key, "deleted meanwhile");
  if (!is_file) {
    LF_TRY(auto part, keep_inlined(sources_.small, segment, std::move(value)));
    piece.whole = std::move(part.whole);
    return {};
  }
  auto record = decode<FileRecord>(value);
  if (!record || segment.offset + segment.length > record->size) {
    return store_fail(StoreErrc::corrupt, "a file's index record");
  }
  piece.file = std::move(*record);
  return {};
}

StoredBody::Piece& StoredBody::piece_at(uint64_t offset) {
  auto it = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                             [](uint64_t at, const Piece& piece) { return at < piece.start; });
  return *--it;
}

const std::shared_ptr<OpenBody>* StoredBody::open_file(const Piece& piece) const {
  if (piece.open) return &piece.open;
  return current_ && current_id_ == piece.segment.id ? &current_ : nullptr;
}

StoreResult<std::shared_ptr<OpenBody>> StoredBody::opened(const Piece& piece) {
  if (const auto* open = open_file(piece)) return *open;
  LF_TRY(current_, sources_.files.open(piece.segment.id, piece.file));
  current_id_ = piece.segment.id;
  return current_;
}

StoredBody::Ready StoredBody::ready(uint64_t offset, uint64_t end) {
  Ready ready;
  if (offset >= std::min(end, size_)) return ready;
  const Piece& piece = piece_at(offset);
  const uint64_t within = offset - piece.start;
  const uint64_t length = std::min(end - offset, piece.segment.length - within);
  if (piece.segment.kind == BodyKind::inlined) {
    ready.bytes = std::string_view(*piece.whole).substr(piece.segment.offset + within, length);
    ready.length = length;
    return ready;
  }
  const std::shared_ptr<OpenBody>* open = open_file(piece);
  if (open == nullptr) return ready;
  ready.offset = piece.segment.offset + within;
  ready.length = (*open)->verified(ready.offset, length);
  ready.file = std::shared_ptr<const UniqueFd>(*open, &(*open)->fd());
  return ready;
}

StoreResult<> StoredBody::prepare(uint64_t offset, uint64_t end) {
  end = std::min({end, size_, offset + kPreparedBytes});
  if (offset >= end) return {};
  const Piece& piece = piece_at(offset);
  if (piece.segment.kind == BodyKind::inlined) return {};
  LF_TRY(auto open, opened(piece));
  // In the file, not beyond this piece: the next one's turn comes.
  uint64_t at = piece.segment.offset + (offset - piece.start);
  const uint64_t last = at + std::min(end - offset, piece.segment.length - (offset - piece.start));
  while (at < last) {
    if (const uint64_t known = open->verified(at, last - at); known > 0) {
      at += known;
      continue;
    }
    LF_CHECK(open->verify(at));
    at = (at / kBlockBytes + 1) * kBlockBytes;
  }
  return {};
}

StoreResult<std::string> StoredBody::read(uint64_t offset, size_t max_bytes) {
  if (offset >= size_) return std::string();
  const Piece& piece = piece_at(offset);
  const uint64_t within = offset - piece.start;
  const uint64_t length = std::min<uint64_t>(max_bytes, piece.segment.length - within);
  if (piece.segment.kind == BodyKind::inlined)
    return piece.whole->substr(piece.segment.offset + within, length);
  LF_TRY(auto open, opened(piece));
  const uint64_t at = piece.segment.offset + within;
  LF_TRY(const std::string_view block, open->verify(at));
  return std::string(block.substr(at % kBlockBytes, length));
}

}  // namespace landfall::s3
