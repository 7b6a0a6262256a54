// StoredBody: reads the bytes of an object version, verifying every block against its checksum before handing
// it out.
//
// Threads: one at a time; read() blocks on the disk. Its files stay readable while it lives.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "services/s3/dataplane/records.h"
#include "services/s3/dataplane/store_error.h"

namespace landfall::s3 {

class BodyFiles;
class FilePins;
class Index;

class StoredBody {
 public:
  static StoreResult<std::unique_ptr<StoredBody>> open(Index& index, const BodyFiles& files, FilePins& pins,
                                                       const std::vector<Segment>& segments);
  ~StoredBody();

  uint64_t size() const { return size_; }
  // Bytes from `offset` on: at most max_bytes, at least one unless offset is the end. Never across a block's
  // or segment's end.
  StoreResult<std::string> read(uint64_t offset, size_t max_bytes);

 private:
  struct Piece {
    Segment segment;
    uint64_t start = 0;  // of the segment in the object
    std::string bytes;   // of an inlined body
    FileRecord file;
  };
  StoredBody(const BodyFiles& files, FilePins& pins) : files_(files), pins_(pins) {}
  StoreResult<> add(Index& index, const Segment& segment);
  StoreResult<std::string> read_file(Piece& piece, uint64_t offset_in_file, uint64_t length);

  const BodyFiles& files_;
  FilePins& pins_;
  std::vector<Piece> pieces_;
  uint64_t size_ = 0;
  // The file that was read last: reads go forward, so one is enough.
  BodyId open_id_;
  UniqueFd open_fd_;
};

// Checks an inlined body against its segment and cuts the segment's bytes out of it.
StoreResult<std::string> check_inlined(const Segment& segment, std::string body);

}  // namespace landfall::s3
