// Blocks of memory for bytes on their way, kept by the worker between requests, and Buffer, one such block in
// use. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace landfall::proxy {

inline constexpr uint32_t kSmallBlockBytes = 16 * 1024;  // a head; a small body with it
inline constexpr uint32_t kLargeBlockBytes = 80 * 1024;  // the largest head (64 KiB), or a streaming body

class BlockPool {
 public:
  ~BlockPool();
  char* take(uint32_t size);  // kSmallBlockBytes or kLargeBlockBytes
  void give_back(char* block, uint32_t size);

 private:
  static constexpr size_t kKeptBlocks = 256;  // of each size
  std::vector<char*> small_, large_;
};

// [begin, end) is full, the rest of the block after it is free. Without a block when idle.
class Buffer {
 public:
  explicit Buffer(BlockPool& pool) : pool_(&pool) {}
  ~Buffer() { release(); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  const char* begin() const { return data_ + begin_; }
  size_t size() const { return end_ - begin_; }
  bool empty() const { return begin_ == end_; }
  std::string_view view() const { return {data_ + begin_, size()}; }
  char* free_begin() { return data_ + end_; }
  size_t free_size() const { return capacity_ - end_; }
  bool is_large() const { return capacity_ == kLargeBlockBytes; }

  void ensure();  // a block, small if there is none
  void grow();    // into a large block
  void add(size_t bytes) { end_ += static_cast<uint32_t>(bytes); }
  void drop(size_t bytes) { begin_ += static_cast<uint32_t>(bytes); }
  void truncate(size_t bytes) { end_ = begin_ + static_cast<uint32_t>(bytes); }
  void clear() { begin_ = end_ = 0; }
  void compact();  // to the front of the block
  void release();

 private:
  BlockPool* pool_;
  char* data_ = nullptr;
  uint32_t begin_ = 0, end_ = 0, capacity_ = 0;
};

}  // namespace landfall::proxy
