#include "http/byte_queue.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace landfall::http {
namespace {

constexpr size_t kPiecesAtOnce = 16;
constexpr size_t kFileBlockBytes = 16 * 1024;   // one TLS record
constexpr size_t kSendFileBytes = 1024 * 1024;  // at once: other connections wait for us

}  // namespace

void ByteQueue::push(std::string bytes) {
  if (bytes.empty()) return;
  memory_bytes_ += bytes.size();
  pieces_.push_back({.bytes = std::move(bytes)});
}

void ByteQueue::push_file(UniqueFd file, uint64_t offset, uint64_t length) {
  if (length > 0) pieces_.push_back({.file = std::move(file), .offset = offset, .length = length});
}

void ByteQueue::clear() {
  pieces_.clear();
  memory_bytes_ = 0;
}

net::IoStatus ByteQueue::flush(net::Stream& stream) {
  while (!pieces_.empty()) {
    const net::IoResult sent = pieces_.front().file ? send_file_piece(stream) : send_strings(stream);
    if (sent.status != net::IoStatus::ok) return sent.status;
  }
  return net::IoStatus::ok;
}

net::IoResult ByteQueue::send_strings(net::Stream& stream) {
  net::IoResult sent{};
  if (stream.is_tls()) {
    const Piece& piece = pieces_.front();
    sent = stream.write(piece.bytes.data() + piece.taken, piece.bytes.size() - piece.taken);
  } else {
    iovec vectors[kPiecesAtOnce];
    int count = 0;
    for (Piece& piece : pieces_) {
      if (piece.file || count == kPiecesAtOnce) break;
      vectors[count++] = {piece.bytes.data() + piece.taken, piece.bytes.size() - piece.taken};
    }
    sent = stream.writev(vectors, count);
  }
  if (sent.status == net::IoStatus::ok) take(sent.bytes);
  return sent;
}

net::IoResult ByteQueue::send_file_piece(net::Stream& stream) {
  Piece& piece = pieces_.front();
  net::IoResult sent{};
  if (stream.is_tls()) {
    char block[kFileBlockBytes];
    const ssize_t got = pread(piece.file.get(), block, std::min<uint64_t>(piece.length, sizeof block),
                              static_cast<off_t>(piece.offset));
    if (got <= 0) return {net::IoStatus::error};
    sent = stream.write(block, static_cast<size_t>(got));
  } else {
    sent = stream.send_file(piece.file.get(), piece.offset, std::min<uint64_t>(piece.length, kSendFileBytes));
    if (sent.status == net::IoStatus::end)
      sent.status = net::IoStatus::error;  // the file is shorter than was said
  }
  if (sent.status != net::IoStatus::ok) return sent;
  piece.offset += sent.bytes;
  piece.length -= sent.bytes;
  if (piece.length == 0) pieces_.pop_front();
  return sent;
}

void ByteQueue::take(size_t bytes) {
  memory_bytes_ -= bytes;
  while (bytes > 0) {
    Piece& piece = pieces_.front();
    const size_t left = piece.bytes.size() - piece.taken;
    if (bytes < left) {
      piece.taken += bytes;
      return;
    }
    bytes -= left;
    pieces_.pop_front();
  }
}

ssize_t ByteQueue::read(char* buffer, size_t size) {
  size_t done = 0;
  while (done < size && !pieces_.empty()) {
    Piece& piece = pieces_.front();
    if (piece.file) {
      const ssize_t got =
          pread(piece.file.get(), buffer + done, std::min<uint64_t>(piece.length, size - done),
                static_cast<off_t>(piece.offset));
      if (got <= 0) return -1;
      done += static_cast<size_t>(got);
      piece.offset += static_cast<uint64_t>(got);
      piece.length -= static_cast<uint64_t>(got);
      if (piece.length == 0) pieces_.pop_front();
    } else {
      const size_t part = std::min(piece.bytes.size() - piece.taken, size - done);
      std::memcpy(buffer + done, piece.bytes.data() + piece.taken, part);
      done += part;
      take(part);
    }
  }
  return static_cast<ssize_t>(done);
}

}  // namespace landfall::http
