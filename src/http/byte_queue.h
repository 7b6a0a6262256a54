// ByteQueue: what waits to be sent: strings and pieces of files, in order.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "base/unique_fd.h"
#include "net/stream.h"

namespace landfall::http {

class ByteQueue {
 public:
  void push(std::string bytes);
  void push_file(UniqueFd file, uint64_t offset, uint64_t length);

  bool empty() const { return pieces_.empty(); }
  size_t memory_bytes() const { return memory_bytes_; }  // files not counted
  void clear();

  // Sends as much as goes: ok when empty, again when the socket is full, error when the peer or a file is
  // broken.
  net::IoStatus flush(net::Stream& stream);
  // Copies out up to `size` bytes; 0 when empty; -1 when a file cannot be read or is shorter than was said.
  ssize_t read(char* buffer, size_t size);

 private:
  struct Piece {
    std::string bytes;
    size_t taken = 0;
    UniqueFd file;
    uint64_t offset = 0, length = 0;  // of the file
  };
  net::IoResult send_strings(net::Stream& stream);
  net::IoResult send_file_piece(net::Stream& stream);
  void take(size_t bytes);

  std::deque<Piece> pieces_;
  size_t memory_bytes_ = 0;
};

}  // namespace landfall::http
