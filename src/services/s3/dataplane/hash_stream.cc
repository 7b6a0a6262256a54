#define OPENSSL_SUPPRESS_DEPRECATED
#include "services/s3/dataplane/hash_stream.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <thread>
#include <utility>

#include "services/s3/dataplane/hash_blocks.h"

namespace landfall::s3 {

HashStream::HashStream(HashesWanted wanted) : wanted_(wanted) {
  MD5_Init(&md5_);
  SHA256_Init(&sha256_);
}

void HashStream::update(std::string_view bytes) {
  if (wanted_.md5) MD5_Update(&md5_, bytes.data(), bytes.size());
  if (wanted_.sha256) SHA256_Update(&sha256_, bytes.data(), bytes.size());
  begun_ = (begun_ + bytes.size()) % kHashBlockBytes;
}

void HashStream::add(HashLanes& lanes, const HashExecutor& executor, SharedBytes bytes) {
  lanes.add(shared_from_this(), executor, std::move(bytes));
}

void HashStream::settle(HashLanes& lanes, const HashExecutor& executor, HashJob done) {
  lanes.settle(*this, executor, std::move(done));
}

std::string HashStream::md5() {
  std::string digest(MD5_DIGEST_LENGTH, '\0');
  MD5_Final(reinterpret_cast<unsigned char*>(digest.data()), &md5_);
  return digest;
}

std::string HashStream::sha256() {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256_Final(reinterpret_cast<unsigned char*>(digest.data()), &sha256_);
  return digest;
}

// A stream and what it has to hash, from piece `next` on.
struct HashLanes::Work {
  std::shared_ptr<HashStream> stream;
  std::vector<HashStream::Piece> pieces;
  bool settling = false;  // somebody waits for its end
  size_t next = 0;

  bool done() const { return next == pieces.size(); }
  std::string_view rest() const { return pieces[next].rest(); }
  const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(rest().data()); }
  size_t left() const {
    size_t bytes = 0;
    for (size_t i = next; i < pieces.size(); ++i) bytes += pieces[i].rest().size();
    return bytes;
  }
  // Hashed in whatever company there is, but no more of it than that: more may come for the rest.
  bool urgent() const { return settling || left() >= kAloneBytes; }
  void take(size_t bytes) {
    HashStream::Piece& piece = pieces[next];
    piece.at += bytes;
    if (piece.at < piece.bytes->size()) return;
    piece.bytes.reset();
    ++next;
  }
  void hash_alone(size_t bytes) {
    stream->update(rest().substr(0, bytes));
    take(bytes);
  }
  // Up to where whole blocks lie ahead. False: there are none.
  bool align() {
    while (!done()) {
      const size_t begun = stream->begun_, size = rest().size();
      if (begun == 0 && size >= kHashBlockBytes) return true;
      hash_alone(begun == 0 ? size : std::min(size, kHashBlockBytes - begun));
    }
    return false;
  }
};

// A drain() on its way. If the executor ends before it ran, nobody waits for it.
class HashLanes::Turn {
 public:
  explicit Turn(std::shared_ptr<HashLanes> lanes) : lanes_(std::move(lanes)) {}
  Turn(Turn&&) noexcept = default;
  Turn& operator=(Turn&&) = delete;
  ~Turn() {
    if (lanes_) lanes_->abandon();
  }
  std::shared_ptr<HashLanes> take() { return std::exchange(lanes_, nullptr); }

 private:
  std::shared_ptr<HashLanes> lanes_;
};

void HashLanes::add(std::shared_ptr<HashStream> stream, const HashExecutor& executor, SharedBytes bytes) {
  std::unique_lock lock(mutex_);
  wait_for(*stream, bytes->size());
  stream->waiting_.push_back({std::move(bytes)});
  if (!std::exchange(stream->queued_, true)) ready_.push_back(std::move(stream));
  schedule(lock, executor);
}

void HashLanes::wait_for(HashStream& stream, size_t bytes) {
  const bool was_overdue = stream.waiting_bytes_ >= kAloneBytes;
  stream.waiting_bytes_ += bytes;
  waiting_bytes_ += bytes;
  if (!was_overdue && stream.waiting_bytes_ >= kAloneBytes) ++overdue_;
}

void HashLanes::wait_no_more(HashStream& stream) {
  if (stream.waiting_bytes_ >= kAloneBytes) --overdue_;
  waiting_bytes_ -= std::exchange(stream.waiting_bytes_, 0);
}

void HashLanes::settle(HashStream& stream, const HashExecutor& executor, HashJob done) {
  std::unique_lock lock(mutex_);
  if (stream.queued_) {
    stream.settled_ = std::move(done);
    ++settling_;
    return schedule(lock, executor);
  }
  lock.unlock();
  done();
}

// Behind what the executor has to do already: other bodies may come to it. While one turn hashes, those that
// come gather for the next, unless they fill another thread's lanes already.
void HashLanes::schedule(std::unique_lock<std::mutex>& lock, const HashExecutor& executor) {
  static const size_t most_turns = std::max(1U, std::thread::hardware_concurrency() / 2);
  const bool gathered = ready_.size() >= kHashLanes && waiting_bytes_ >= kGatheredBytes;
  if (ready_.empty() || scheduled_ || (settling_ == 0 && overdue_ == 0 && !gathered)) return;
  if (running_ > 0 && (running_ >= most_turns || ready_.size() < md5_lanes_that_pay())) return;
  scheduled_ = true;
  lock.unlock();
  executor([turn = Turn(shared_from_this()), executor]() mutable { turn.take()->drain(executor); });
}

// Callbacks die without the lock: they may hold what comes back here, their own stream among it.
void HashLanes::abandon() {
  std::deque<std::shared_ptr<HashStream>> gone;
  std::vector<HashJob> settled;
  std::lock_guard lock(mutex_);
  scheduled_ = false;
  gone.swap(ready_);
  for (const auto& stream : gone) {
    stream->queued_ = false;
    wait_no_more(*stream);
    stream->waiting_.clear();
    if (!stream->settled_) continue;
    settled.push_back(std::exchange(stream->settled_, nullptr));
    --settling_;
  }
}

void HashLanes::drain(const HashExecutor& executor) {
  std::vector<Work> works;
  {
    std::unique_lock lock(mutex_);
    scheduled_ = false;
    ++running_;
    while (!ready_.empty() && works.size() < kHashLanes) {
      Work& work = works.emplace_back();
      work.stream = std::move(ready_.front());
      ready_.pop_front();
      work.pieces.swap(work.stream->waiting_);
      work.settling = work.stream->settled_ != nullptr;
      wait_no_more(*work.stream);
    }
    schedule(lock, executor);  // those left are another's, where the executor has threads
  }
  hash(works);
  std::vector<HashJob> settled;
  {
    std::unique_lock lock(mutex_);
    --running_;
    for (Work& work : works) {
      wait_for(*work.stream, work.left());
      work.pieces.erase(work.pieces.begin(), work.pieces.begin() + static_cast<std::ptrdiff_t>(work.next));
      auto& waiting = work.stream->waiting_;
      waiting.insert(waiting.begin(), std::move_iterator(work.pieces.begin()),
                     std::move_iterator(work.pieces.end()));
      if (!waiting.empty()) {
        ready_.push_back(std::move(work.stream));
        continue;
      }
      work.stream->queued_ = false;
      if (!work.stream->settled_) continue;
      settled.push_back(std::exchange(work.stream->settled_, nullptr));
      --settling_;
    }
    schedule(lock, executor);
  }
  for (HashJob& done : settled) done();
}

void HashLanes::hash(std::vector<Work>& works) {
  while (true) {
    Work* ahead[kHashLanes];  // with whole blocks
    Md5Lane md5[kHashLanes];
    Sha256Lane sha256[kHashLanes];
    size_t count = 0, md5_count = 0, sha256_count = 0, blocks = SIZE_MAX;
    bool urgent = false;
    for (Work& work : works) {
      if (!work.align()) continue;
      urgent |= work.urgent();
      ahead[count++] = &work;
      blocks = std::min(blocks, work.rest().size() / kHashBlockBytes);
      if (work.stream->wanted_.md5) md5[md5_count++] = {&work.stream->md5_, work.data()};
      if (work.stream->wanted_.sha256) sha256[sha256_count++] = {&work.stream->sha256_, work.data()};
    }
    if (count == 0) return;
    const bool md5_pays = md5_count >= md5_lanes_that_pay(),
               sha256_pays = sha256_count >= sha256_lanes_that_pay();
    if (!md5_pays && !sha256_pays) return hash_last(works);
    // Lanes left empty cost as much as full ones: what nobody waits for stays for the next turn's.
    if (count < kHashLanes && !urgent) return;
    // Too few of one kind go one after the other, however many there are of the other kind.
    if (md5_pays) {
      md5_blocks({md5, md5_count}, blocks);
    } else {
      for (const Md5Lane& lane : std::span(md5, md5_count))
        MD5_Update(lane.state, lane.data, blocks * kHashBlockBytes);
    }
    if (sha256_pays) {
      sha256_blocks({sha256, sha256_count}, blocks);
    } else {
      for (const Sha256Lane& lane : std::span(sha256, sha256_count))
        SHA256_Update(lane.state, lane.data, blocks * kHashBlockBytes);
    }
    for (size_t i = 0; i < count; ++i) ahead[i]->take(blocks * kHashBlockBytes);
  }
}

// Too few to be hashed together: better with what comes next, unless somebody waits for them.
void HashLanes::hash_last(std::vector<Work>& works) {
  for (Work& work : works) {
    while (!work.done() && work.urgent()) work.hash_alone(work.rest().size());
  }
}

}  // namespace landfall::s3
