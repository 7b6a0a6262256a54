#include "http/byte_queue.h"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "http/server.h"

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

void ByteQueue::push_shared(std::shared_ptr<const void> owner, std::string_view bytes) {
  if (bytes.empty()) return;
  memory_bytes_ += bytes.size();
  pieces_.push_back({.owner = std::move(owner), .shared = bytes});
}

void ByteQueue::push_file(std::shared_ptr<const UniqueFd> file, uint64_t offset, uint64_t length) {
  if (length == 0) return;
  file_bytes_ += length;
  pieces_.push_back({.file = std::move(file), .offset = offset, .length = length});
}

bool ByteQueue::full() const { return memory_bytes_ >= kWriteQueueBytes || file_bytes_ >= kFileQueueBytes; }
bool ByteQueue::half_empty() const {
  return memory_bytes_ < kWriteQueueBytes / 2 && file_bytes_ < kFileQueueBytes / 2;
}

void ByteQueue::clear() {
  pieces_.clear();
  first_ = 0;
  memory_bytes_ = 0;
  file_bytes_ = 0;
}

void ByteQueue::pop_front() {
  front() = {};
  if (++first_ < pieces_.size()) return;
  pieces_.clear();  // its room is kept
  first_ = 0;
}

net::IoStatus ByteQueue::flush(net::Stream& stream) {
  size_t sent = 0;
  return flush(stream, SIZE_MAX, sent);
}

net::IoStatus ByteQueue::flush(net::Stream& stream, size_t limit_bytes, size_t& sent_bytes) {
  while (!empty() && sent_bytes < limit_bytes) {
    const net::IoResult sent = front().file ? send_file_piece(stream) : send_strings(stream);
    if (sent.status != net::IoStatus::ok) return sent.status;
    sent_bytes += sent.bytes;
  }
  return net::IoStatus::ok;
}

net::IoResult ByteQueue::send_strings(net::Stream& stream) {
  net::IoResult sent{};
  if (stream.is_tls()) {
    const std::string_view rest = front().rest();
    sent = stream.write(rest.data(), rest.size());
  } else {
    iovec vectors[kPiecesAtOnce];
    int count = 0;
    auto more = net::More::no;
    for (size_t i = first_; i < pieces_.size(); ++i) {
      const Piece& piece = pieces_[i];
      if (piece.file) more = net::More::follows;
      if (piece.file || count == kPiecesAtOnce) break;
      const std::string_view rest = piece.rest();
      vectors[count++] = {const_cast<char*>(rest.data()), rest.size()};
    }
    sent = stream.writev(vectors, count, more);
  }
  if (sent.status == net::IoStatus::ok) take(sent.bytes);
  return sent;
}

net::IoResult ByteQueue::send_file_piece(net::Stream& stream) {
  Piece& piece = front();
  net::IoResult sent{};
  if (stream.is_tls()) {
    char block[kFileBlockBytes];
    const ssize_t got = pread(piece.file->get(), block, std::min<uint64_t>(piece.length, sizeof block),
                              static_cast<off_t>(piece.offset));
    if (got <= 0) return {net::IoStatus::error};
    sent = stream.write(block, static_cast<size_t>(got));
  } else {
    sent =
        stream.send_file(piece.file->get(), piece.offset, std::min<uint64_t>(piece.length, kSendFileBytes));
    if (sent.status == net::IoStatus::end)
      sent.status = net::IoStatus::error;  // the file is shorter than was said
  }
  if (sent.status != net::IoStatus::ok) return sent;
  file_bytes_ -= sent.bytes;
  piece.offset += sent.bytes;
  piece.length -= sent.bytes;
  if (piece.length == 0) pop_front();
  return sent;
}

void ByteQueue::take(size_t bytes) {
  memory_bytes_ -= bytes;
  while (bytes > 0) {
    Piece& piece = front();
    const size_t left = piece.rest().size();
    if (bytes < left) {
      piece.taken += bytes;
      return;
    }
    bytes -= left;
    pop_front();
  }
}

ssize_t ByteQueue::read(char* buffer, size_t size) {
  size_t done = 0;
  while (done < size && !empty()) {
    Piece& piece = front();
    if (piece.file) {
      const ssize_t got =
          pread(piece.file->get(), buffer + done, std::min<uint64_t>(piece.length, size - done),
                static_cast<off_t>(piece.offset));
      if (got <= 0) return -1;
      done += static_cast<size_t>(got);
      file_bytes_ -= static_cast<uint64_t>(got);
      piece.offset += static_cast<uint64_t>(got);
      piece.length -= static_cast<uint64_t>(got);
      if (piece.length == 0) pop_front();
    } else {
      const std::string_view rest = piece.rest();
      const size_t part = std::min(rest.size(), size - done);
      std::memcpy(buffer + done, rest.data(), part);
      done += part;
      take(part);
    }
  }
  return static_cast<ssize_t>(done);
}

}  // namespace landfall::http
