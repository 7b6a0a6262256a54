#include "proxy/block_pool.h"

namespace landfall::proxy {

BlockPool::~BlockPool() {
  for (char* block : small_) delete[] block;
  for (char* block : large_) delete[] block;
}

char* BlockPool::take(uint32_t size) {
  auto& kept = size == kSmallBlockBytes ? small_ : large_;
  if (kept.empty()) return new char[size];
  char* block = kept.back();
  kept.pop_back();
  return block;
}

void BlockPool::give_back(char* block, uint32_t size) {
  auto& kept = size == kSmallBlockBytes ? small_ : large_;
  if (kept.size() < kKeptBlocks)
    kept.push_back(block);
  else
    delete[] block;
}

void Buffer::ensure() {
  if (data_ != nullptr) return;
  data_ = pool_->take(kSmallBlockBytes);
  capacity_ = kSmallBlockBytes;
  begin_ = end_ = 0;
}

void Buffer::grow() {
  if (is_large()) return;
  char* larger = pool_->take(kLargeBlockBytes);
  const auto used = static_cast<uint32_t>(size());
  if (used > 0) std::memcpy(larger, begin(), used);
  if (data_ != nullptr) pool_->give_back(data_, capacity_);
  data_ = larger;
  capacity_ = kLargeBlockBytes;
  begin_ = 0;
  end_ = used;
}

void Buffer::compact() {
  if (begin_ == 0) return;
  std::memmove(data_, data_ + begin_, size());
  end_ -= begin_;
  begin_ = 0;
}

void Buffer::release() {
  if (data_ == nullptr) return;
  pool_->give_back(data_, capacity_);
  data_ = nullptr;
  begin_ = end_ = capacity_ = 0;
}

}  // namespace landfall::proxy
