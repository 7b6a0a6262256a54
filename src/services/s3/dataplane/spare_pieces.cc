#include "services/s3/dataplane/spare_pieces.h"

#include <utility>

namespace landfall::s3 {

std::string SparePieces::take(size_t bytes) {
  std::string piece;
  if (bytes == kPieceBytes) {
    std::scoped_lock lock(mutex_);
    if (!spare_.empty()) {
      piece = std::move(spare_.back());
      spare_.pop_back();
    }
  }
  piece.resize_and_overwrite(bytes, [](char*, size_t n) { return n; });
  return piece;
}

void SparePieces::give(std::string piece) {
  if (piece.capacity() != kPieceBytes) return;
  std::scoped_lock lock(mutex_);
  if (spare_.size() < kSpareBytes / kPieceBytes) spare_.push_back(std::move(piece));
}

size_t SparePieces::kept_bytes() const {
  std::scoped_lock lock(mutex_);
  return spare_.size() * kPieceBytes;
}

}  // namespace landfall::s3
