// ByteQueue: what waits to be sent: bytes, its own or shared, and pieces of files, in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "net/stream.h"

namespace landfall::http {

class ByteQueue {
 public:
  void push(std::string bytes);
  void push_shared(std::shared_ptr<const void> owner, std::string_view bytes);  // `owner` holds them
  void push_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length);

  bool empty() const { return first_ == pieces_.size(); }
  size_t memory_bytes() const { return memory_bytes_; }  // files not counted
  // More should be given only while the queue is not full; who waits for room is told below half of that.
  bool full() const;
  bool half_empty() const;
  void clear();

  // Sends as much as goes: ok when empty, again when the socket is full, error when the peer or a file is
  // broken. Also ok once `limit_bytes` have gone; adds to `sent_bytes` what has.
  net::IoStatus flush(net::Stream& stream);
  net::IoStatus flush(net::Stream& stream, size_t limit_bytes, size_t& sent_bytes);
  // Copies out up to `size` bytes; 0 when empty; -1 when a file cannot be read or is shorter than was said.
  ssize_t read(char* buffer, size_t size);

 private:
  struct Piece {
    std::string bytes;
    std::shared_ptr<const void> owner;  // set: of `shared`, which then stands for `bytes`
    std::string_view shared;
    size_t taken = 0;
    std::shared_ptr<const UniqueFd> file;
    uint64_t offset = 0, length = 0;  // of the file

    std::string_view rest() const { return (owner ? shared : std::string_view(bytes)).substr(taken); }
  };
  Piece& front() { return pieces_[first_]; }
  void pop_front();
  net::IoResult send_strings(net::Stream& stream);
  net::IoResult send_file_piece(net::Stream& stream);
  void take(size_t bytes);

  std::vector<Piece> pieces_;  // from first_ on
  size_t first_ = 0;
  size_t memory_bytes_ = 0;
  uint64_t file_bytes_ = 0;
};

}  // namespace landfall::http
