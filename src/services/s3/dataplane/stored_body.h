// StoredBody: the bytes of an object version, none of which is handed out before its block has matched its
// checksum (open_bodies.h says for how long a verdict holds).
//
// Threads: one at a time. Its files stay readable while it lives.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "services/s3/dataplane/open_bodies.h"
#include "services/s3/dataplane/records.h"
#include "services/s3/dataplane/small_bodies.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

class FilePins;
class Index;

struct BodySources {
  Index& index;
  SmallBodies& small;
  OpenBodies& files;
  FilePins& pins;
};

class StoredBody {
 public:
  // Blocks.
  static StoreResult<std::unique_ptr<StoredBody>> open(const BodySources& sources,
                                                       const std::vector<Segment>& segments);
  // Of files that are open already. Does not block; null: some are not.
  static std::unique_ptr<StoredBody> find_open(const BodySources& sources,
                                               const std::vector<Segment>& segments);
  ~StoredBody();

  uint64_t size() const { return size_; }

  // What of [offset, end) can be sent at once: the next bytes of an inlined body, or a part of a file. Of
  // length 0: prepare() has to come first. The bytes live as long as this.
  struct Ready {
    std::string_view bytes;
    std::shared_ptr<const UniqueFd> file;
    uint64_t offset = 0;  // in the file
    uint64_t length = 0;
  };
  Ready ready(uint64_t offset, uint64_t end);
  // Makes the next kPreparedBytes, or what there is of them up to `end`, ready. Blocks.
  StoreResult<> prepare(uint64_t offset, uint64_t end);

  // Bytes from `offset` on: at most max_bytes, at least one unless offset is the end. Never across a block's
  // or segment's end. Blocks.
  StoreResult<std::string> read(uint64_t offset, size_t max_bytes);

 private:
  struct Piece {
    Segment segment;
    uint64_t start = 0;              // of the segment in the object
    SmallBodies::Body whole;         // the inlined body that this is a part of
    FileRecord file;                 // pinned: of one that was not open
    std::shared_ptr<OpenBody> open;  // held from the beginning: its file needs no pin
    bool pinned = false;
  };
  explicit StoredBody(const BodySources& sources) : sources_(sources) {}
  StoreResult<> add(const Segment& segment);
  bool hold_open(Piece& piece);
  Piece& piece_at(uint64_t offset);
  const std::shared_ptr<OpenBody>* open_file(const Piece& piece) const;
  StoreResult<std::shared_ptr<OpenBody>> opened(const Piece& piece);

  BodySources sources_;
  std::vector<Piece> pieces_;
  size_t held_ = 0;
  uint64_t size_ = 0;
  // The file that was opened last: bytes are taken in order, so one is enough.
  BodyId current_id_;
  std::shared_ptr<OpenBody> current_;
};

inline constexpr uint64_t kPreparedBytes =
    1024 * 1024;                          // verified in one go, while those before are on their way
inline constexpr size_t kHeldFiles = 32;  // of one body; the others are opened as their turn comes

// A segment of an inlined body, checked against its checksum.
struct SmallPart {
  SmallBodies::Body whole;
  std::string_view bytes;
};
// From `small`; nullopt: it is not there.
std::optional<SmallPart> find_inlined(SmallBodies& small, const Segment& segment);
// As the index has it, for those who come after too.
StoreResult<SmallPart> keep_inlined(SmallBodies& small, const Segment& segment, std::string body);

}  // namespace landfall::s3
