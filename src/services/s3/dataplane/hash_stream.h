// HashStream: the running MD5 and SHA-256 of one body. HashLanes: hashes bodies that are coming in together
// with each other (hash_blocks.h): clients send large objects as parts, many at once, and small ones from
// many connections.
//
// Threads: a stream's functions from one thread at a time; HashLanes from any. Bounded by what lets the
// bodies in (body_writer.h, one small body a connection): a stream is queued once, with pieces that count as
// pending until they are hashed.
#pragma once

#include <openssl/md5.h>
#include <openssl/sha.h>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace landfall::s3 {

// Hashed when that much of kHashLanes streams has gathered, or a stream settles, or one has kAloneBytes, and
// then until it has less: so that bodies find together. What is held back of a stream is less than
// kAloneBytes and a piece, of which a part may have been hashed; who waits for it to become less must know
// (body_upload.cc).
inline constexpr size_t kGatheredBytes = 1 << 20, kAloneBytes = 11 << 18;

class HashLanes;
using SharedBytes = std::shared_ptr<const std::string>;
using HashJob = std::move_only_function<void()>;
using HashExecutor = std::function<void(HashJob)>;  // runs it soon, or drops it when it ends

struct HashesWanted {
  bool md5 = false, sha256 = false;
};

class HashStream : public std::enable_shared_from_this<HashStream> {
 public:
  explicit HashStream(HashesWanted wanted);
  void update(std::string_view bytes);  // at once; nothing given to add() may be waiting
  // By `executor`, when enough has gathered or a stream settles.
  void add(HashLanes& lanes, const HashExecutor& executor, SharedBytes bytes);
  // Calls `done` once all that was added has been hashed; by the executor, or from within. Then the digests
  // may be asked for.
  void settle(HashLanes& lanes, const HashExecutor& executor, HashJob done);
  std::string md5();     // 16 bytes; once
  std::string sha256();  // 32 bytes; once

 private:
  friend class HashLanes;
  const HashesWanted wanted_;
  MD5_CTX md5_;
  SHA256_CTX sha256_;
  size_t begun_ = 0;  // bytes of a block that is not whole yet
  struct Piece {
    SharedBytes bytes;
    size_t at = 0;  // hashed up to here
    std::string_view rest() const { return std::string_view(*bytes).substr(at); }
  };
  // Of HashLanes, under its mutex.
  std::vector<Piece> waiting_;
  size_t waiting_bytes_ = 0;
  HashJob settled_;
  bool queued_ = false;  // in ready_, or being hashed
};

// Shared: a turn that was given to an executor holds it.
class HashLanes : public std::enable_shared_from_this<HashLanes> {
 public:
  HashLanes() = default;
  HashLanes(const HashLanes&) = delete;
  HashLanes& operator=(const HashLanes&) = delete;

 private:
  friend class HashStream;
  struct Work;
  class Turn;
  void add(std::shared_ptr<HashStream> stream, const HashExecutor& executor, SharedBytes bytes);
  void settle(HashStream& stream, const HashExecutor& executor, HashJob done);
  void schedule(std::unique_lock<std::mutex>& lock, const HashExecutor& executor);
  void drain(const HashExecutor& executor);
  void abandon();
  // Keep the counts of what waits.
  void wait_for(HashStream& stream, size_t bytes);
  void wait_no_more(HashStream& stream);
  static void hash(std::vector<Work>& works);
  static void hash_last(std::vector<Work>& works);

  std::mutex mutex_;
  std::deque<std::shared_ptr<HashStream>> ready_;
  bool scheduled_ = false;  // a drain() is queued and has not begun
  size_t running_ = 0;      // drain()s that have begun
  size_t waiting_bytes_ = 0;
  size_t overdue_ = 0;   // streams with kAloneBytes waiting
  size_t settling_ = 0;  // streams whose settled_ is set
};

}  // namespace landfall::s3
