// StreamTable: what is kept for each open stream of an HTTP/2 connection. A client numbers its streams
// upwards (RFC 9113 section 5.1.1) and has some hundred open at most, so they lie in one sorted array: adding
// is appending, and nothing is allocated for a stream.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace landfall::http2 {

// Pointers are good until the next add() or erase().
template <class T>
class StreamTable {
 public:
  struct Entry {
    int32_t id;
    T value;
  };

  T* find(int32_t id) {
    const auto at = place(id);
    return at != entries_.end() && at->id == id ? &at->value : nullptr;
  }
  // Replaces one of that number.
  T& add(int32_t id, T value) {
    auto at = place(id);
    if (at != entries_.end() && at->id == id)
      at->value = std::move(value);
    else
      at = entries_.insert(at, {id, std::move(value)});
    return at->value;
  }
  bool erase(int32_t id) {
    const auto at = place(id);
    if (at == entries_.end() || at->id != id) return false;
    entries_.erase(at);
    return true;
  }
  bool empty() const { return entries_.empty(); }
  size_t size() const { return entries_.size(); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }

 private:
  auto place(int32_t id) { return std::ranges::lower_bound(entries_, id, {}, &Entry::id); }

  std::vector<Entry> entries_;  // by id
};

}  // namespace landfall::http2
