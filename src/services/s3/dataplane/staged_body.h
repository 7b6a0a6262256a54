// StagedBody: bytes that are stored, or about to be with the commit, but that nothing names yet.
//
// Ownership: until a commit took it over (keep()), the destructor removes its file. Movable.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "services/s3/dataplane/body_files.h"
#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline constexpr size_t kInlineBytes =
    16 * 1024;  // bodies up to this live in the index: one log append makes them durable

class StagedBody {
 public:
  StagedBody() = default;  // no bytes
  static StagedBody inlined(BodyId id, std::string bytes);
  static StagedBody file(const BodyFiles& files, BodyId id, FileRecord record);  // published already
  static StagedBody shared(std::vector<Segment> segments);  // of bodies that are stored already

  StagedBody(StagedBody&& other) noexcept { *this = std::move(other); }
  StagedBody& operator=(StagedBody&& other) noexcept;
  ~StagedBody();

  uint64_t size() const;
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<std::pair<BodyId, std::string>>& new_bodies() const { return new_bodies_; }
  const std::vector<std::pair<BodyId, FileRecord>>& new_files() const { return new_files_; }
  size_t inlined_bytes() const;
  void append(StagedBody other);  // its segments after these
  void keep() { files_ = nullptr; }

 private:
  const BodyFiles* files_ = nullptr;
  std::vector<Segment> segments_;
  std::vector<std::pair<BodyId, std::string>> new_bodies_;
  std::vector<std::pair<BodyId, FileRecord>> new_files_;
};

}  // namespace landfall::s3
