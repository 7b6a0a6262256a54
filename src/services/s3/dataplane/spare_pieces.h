// SparePieces: the buffers of large bodies' pieces, used again. Fresh memory of this size comes from the
// kernel and goes back to it each time: the page faults alone cost an upload an eighth of its CPU.
//
// Threads: any. Bound: kSpareBytes are kept, however many were in use at once.
#pragma once

#include <mutex>
#include <string>
#include <vector>

namespace landfall::s3 {

inline constexpr size_t kPieceBytes = 256 << 10;  // of the pieces that are worth keeping
inline constexpr size_t kSpareBytes = 8 << 20;

class SparePieces {
 public:
  // Of `bytes` of unspecified content: what another body held may show, so it is overwritten before it is
  // read.
  std::string take(size_t bytes);
  // Freed instead if it is of another size, or if enough are kept.
  void give(std::string piece);
  size_t kept_bytes() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> spare_;  // the last given is the next taken: it is in the caches
};

}  // namespace landfall::s3
