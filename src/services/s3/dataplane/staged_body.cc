#include "services/s3/dataplane/staged_body.h"

#include "base/log.h"
#include "services/s3/dataplane/crc32c.h"

namespace landfall::s3 {

StagedBody StagedBody::inlined(BodyId id, std::string bytes) {
  StagedBody staged;
  if (bytes.empty()) return staged;
  staged.segments_.push_back({BodyKind::inlined, id, 0, bytes.size(), crc32c(bytes)});
  staged.new_bodies_.emplace_back(id, std::move(bytes));
  return staged;
}

StagedBody StagedBody::file(const BodyFiles& files, BodyId id, FileRecord record) {
  StagedBody staged;
  staged.files_ = &files;
  staged.segments_.push_back({BodyKind::file, id, 0, record.size, 0});
  staged.new_files_.emplace_back(id, std::move(record));
  return staged;
}

StagedBody StagedBody::shared(std::vector<Segment> segments) {
  StagedBody staged;
  staged.segments_ = std::move(segments);
  return staged;
}

StagedBody& StagedBody::operator=(StagedBody&& other) noexcept {
  std::swap(files_, other.files_);
  std::swap(segments_, other.segments_);
  std::swap(new_bodies_, other.new_bodies_);
  std::swap(new_files_, other.new_files_);
  return *this;
}

StagedBody::~StagedBody() {
  if (!files_) return;
  for (const auto& [id, record] : new_files_) {
    if (auto removed = files_->remove(id); !removed) log::warn("s3: {}", removed.error().message);
  }
}

uint64_t StagedBody::size() const {
  uint64_t total = 0;
  for (const Segment& segment : segments_) total += segment.length;
  return total;
}

size_t StagedBody::inlined_bytes() const {
  size_t total = 0;
  for (const auto& body : new_bodies_) total += body.second.size();
  return total;
}

void StagedBody::append(StagedBody other) {
  if (other.files_) files_ = other.files_;
  std::move(other.segments_.begin(), other.segments_.end(), std::back_inserter(segments_));
  std::move(other.new_bodies_.begin(), other.new_bodies_.end(), std::back_inserter(new_bodies_));
  std::move(other.new_files_.begin(), other.new_files_.end(), std::back_inserter(new_files_));
  other.keep();
}

}  // namespace landfall::s3
