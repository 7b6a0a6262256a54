// Spool: log lines on disk on their way to S3, in files ("segments") that each know their destination.
//
//   <begun ms>-open-<unique>            being written
//   <begun ms>-<closed ms>-<unique>     complete; its key in the bucket follows from its name and first line
//
// A segment's first line is its destination as JSON; all others are the log's.
//
// Invariants:
//  - what was appended is in the page cache when append() returns: killing the process loses none of it (a
//    power cut may: nothing is synced, as a lost line of a log is no lost answer);
//  - an append is in its segment whole or not at all, except for a process killed within it: read() leaves
//    what follows the last line feed;
//  - the segments together hold at most limit_bytes: what comes beyond is dropped and counted.
//
// Threads: any. A Stream is shared by the workers that log to one destination and keeps its Spool.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "delivery/destination.h"

namespace landfall::delivery {

inline constexpr uint64_t kSpoolBytes = 256ull << 20;  // of all logs together, waiting
inline constexpr uint64_t kSegmentBytes = 8ull << 20;  // a segment beyond this is delivered at once

class Spool;

// The open segment of one destination.
class Stream {
 public:
  Stream(std::shared_ptr<Spool> spool, Destination destination);
  ~Stream();  // closes its segment: nobody writes to this destination any more
  const Destination& destination() const { return destination_; }
  void append(std::string_view lines);  // whole lines; blocks on the page cache only
  void close_segment();                 // what comes next begins another one

 private:
  Result<> open_segment();
  void close_locked();

  const std::shared_ptr<Spool> spool_;
  const Destination destination_;
  std::mutex mutex_;  // guards what follows
  UniqueFd file_;
  std::string path_, begun_, unique_;
  uint64_t bytes_ = 0;
};

struct Segment {
  std::string path;
  Timestamp begun, closed;
  std::string unique;
  uint64_t bytes = 0;
};

struct SegmentContent {
  Destination destination;
  std::string text;  // begins with the destination's line
  size_t begin = 0;  // of the first line that was logged
  std::string_view lines() const { return std::string_view(text).substr(begin); }
};

struct SpoolOptions {
  std::string directory;  // made if missing
  uint64_t limit_bytes = kSpoolBytes, segment_bytes = kSegmentBytes;
  const Clock* clock = &Clock::system();
  Random* random = &Random::system();
};

class Spool : public std::enable_shared_from_this<Spool> {
 public:
  // Takes over what an earlier process left.
  static Result<std::shared_ptr<Spool>> open(SpoolOptions options);

  // The same one for the same destination, as long as somebody holds it.
  std::shared_ptr<Stream> stream(const Destination& destination);
  void close_segments();               // of all streams
  std::vector<Segment> take_closed();  // complete ones, oldest first; the caller removes each in the end
  static Result<SegmentContent> read(const Segment& segment);
  void remove(const Segment& segment);

  // Called when a segment is complete because it is full; on the writer's thread.
  void on_full(std::function<void()> full);
  uint64_t used_bytes() const { return used_.load(std::memory_order_relaxed); }
  uint64_t dropped_bytes() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  friend class Stream;
  explicit Spool(SpoolOptions options) : options_(std::move(options)) {}
  Result<> take_over();
  bool reserve(uint64_t bytes);  // false: the spool is full
  void closed(Segment segment);
  void tell_full();
  void drop(uint64_t bytes, std::string_view why);

  const SpoolOptions options_;
  std::atomic<uint64_t> used_{0}, dropped_{0};
  std::atomic<int64_t> said_ms_{0};  // when a drop was last told
  std::mutex mutex_;                 // guards what follows; never held while a stream's is taken
  std::map<std::string, std::weak_ptr<Stream>> streams_;  // by destination's JSON
  std::vector<Segment> closed_;
  std::function<void()> full_;
};

}  // namespace landfall::delivery
