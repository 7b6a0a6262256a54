// Invalidations: what must not be served any more, in memory and across restarts.
//
// Each invalidation gets the next number of a sequence. Who asks an origin notes the sequence (an object's
// epoch); an object is covered when a later invalidation names it. So nothing has to be found and removed
// before an invalidation is done: a file that is still there is covered, and is refused when it is read.
//
// On disk: a journal, one line an invalidation, "<crc32> <json>\n", synced before add() returns. It is
// rewritten when no file is left that its lines name (swept()). A line torn at the end was never acknowledged
// and is cut; one that is broken before the end, or a journal that is missing beside files, means that the
// files cannot be trusted: lost().
//
// Invariants: rules_ is in order of sequence; a rule above swept_ is never dropped; of fetches begun before
// dropped_ nothing is known any more, and they count as covered. Threads: any.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::cloudfront {

class Invalidations {
 public:
  // An empty path: in memory only. Otherwise the journal is read, or made.
  static Result<std::unique_ptr<Invalidations>> open(std::string journal);

  uint64_t sequence() const { return sequence_.load(std::memory_order_acquire); }
  bool lost() const { return lost_; }

  // Paths as invalidates() takes them. In effect when it returns, even when it returns an Error, which says
  // that it is not on disk.
  Result<> add(const std::string& distribution_id, std::vector<std::string> paths);

  // Of an object in memory or on disk.
  bool covers(std::string_view distribution_id, std::string_view target, uint64_t epoch) const;
  // Of what an origin has just answered to a request that was made at `epoch`.
  bool covers_fetch(std::string_view distribution_id, std::string_view target, uint64_t epoch) const;

  // No file is left that an invalidation up to this one names.
  Result<> swept(uint64_t sequence);
  bool needs_sweep() const;

 private:
  struct Rule {
    int64_t sequence = 0;
    std::string distribution_id;
    std::vector<std::string> paths;  // none: only says how far the sequence was
    template <class V>
    void fields(V& v) {
      v("sequence", sequence);
      v("distribution_id", distribution_id);
      v("paths", paths);
    }
  };

  explicit Invalidations(std::string journal) : path_(std::move(journal)) {}
  Result<> load();
  Result<> append(const Rule& rule);
  Result<> rewrite();
  void forget();
  void distrust();
  static std::string line_of(const Rule& rule);

  const std::string path_;
  std::atomic<uint64_t> sequence_ = 0;
  bool lost_ = false;
  mutable std::mutex mutex_;
  std::deque<Rule> rules_;
  uint64_t swept_ = 0, dropped_ = 0;
  UniqueFd journal_;
};

}  // namespace landfall::cloudfront
