// LineBuffer: what one worker has logged and not handed to the spool yet. A block goes when it is full or at
// flush(), by a timer of the owner: a process that is killed loses at most kBlockBytes, or what came since
// the last flush, of each worker and log. One thread.
#pragma once

#include <memory>
#include <string>

#include "delivery/spool.h"

namespace landfall::delivery {

inline constexpr size_t kBlockBytes = 64 * 1024;
inline constexpr int64_t kFlushMs = 1'000;  // that owners flush at

class LineBuffer {
 public:
  explicit LineBuffer(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
  LineBuffer(const LineBuffer&) = delete;
  LineBuffer& operator=(const LineBuffer&) = delete;
  ~LineBuffer() { flush(); }

  const Destination& destination() const { return stream_->destination(); }
  // The buffer to append one line to, without its line feed; then end_line().
  std::string& line() { return buffer_; }
  void end_line() {
    buffer_.push_back('\n');
    if (buffer_.size() >= kBlockBytes) flush();
  }
  void flush() {
    stream_->append(buffer_);
    buffer_.clear();
  }

 private:
  std::shared_ptr<Stream> stream_;
  std::string buffer_;
};

}  // namespace landfall::delivery
