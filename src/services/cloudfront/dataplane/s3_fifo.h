// S3Fifo: which objects a bounded cache keeps. S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all
// you need for cache eviction", SOSP 2023), by bytes instead of by count. Memory and disk both use it.
//
//   new ──▶ small (a tenth) ──asked again──▶ main ──▶ at its end: used since? back to the front, else out
//               └──never asked again──▶ out; its hash goes to the ghosts, from where it returns into main
//
// Why: a scan (a crawler, a backup) passes through the small queue and pushes out a tenth at most; what
// people ask for again is in main, where a scan does not come. A use costs an increment, no list is touched,
// so that a hit is cheap. LRU would be emptied by one scan of its size.
//
// Invariants: each key is in exactly one queue and in the index; the queues' bytes are the sums of their
// nodes'. Threads: the owner's lock.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <unordered_map>
#include <utility>

namespace landfall::cloudfront {

template <class Key, class Value, class Hash = std::hash<Key>>
class S3Fifo {
 public:
  explicit S3Fifo(size_t limit_bytes) : limit_(limit_bytes) {}

  Value* find(const Key& key) {  // counts as a use
    const auto it = index_.find(key);
    if (it == index_.end()) return nullptr;
    Node& node = *it->second;
    if (node.uses < kMostUses) ++node.uses;
    return &node.value;
  }
  Value* peek(const Key& key) {  // does not
    const auto it = index_.find(key);
    return it == index_.end() ? nullptr : &it->second->value;
  }
  bool contains(const Key& key) const { return index_.contains(key); }

  // Evicts until `bytes` more fit. gone(key, value) is told of each; used(value) says whether an object was
  // used in a way that find() did not see, and forgets it.
  template <class Gone, class Used>
  void make_room(size_t bytes, Gone gone, Used used) {
    while (!index_.empty() && small_bytes_ + main_bytes_ + bytes > limit_) evict(gone, used);
  }

  // The same for an object that put() is to be called with, which may replace one.
  template <class Gone, class Used>
  void make_room_for(const Key& key, size_t bytes, Gone gone, Used used) {
    if (const auto it = index_.find(key); it != index_.end())
      make_room(bytes - std::min(bytes, it->second->bytes), gone, used);
    if (!index_.contains(key)) make_room(bytes, gone, used);
  }

  // Replaces what has the key, in its place; a new one begins in the small queue. make_room_for() comes
  // first: afterwards the new one would be at the end of the small queue when it is large.
  void put(Key key, Value value, size_t bytes) {
    if (const auto it = index_.find(key); it != index_.end()) {
      Node& node = *it->second;
      bytes_of(node) += bytes - node.bytes;
      // The old key may live in the old value: the index takes the new one.
      const auto at = it->second;
      index_.erase(it);
      node.key = std::move(key);
      node.value = std::move(value);
      node.bytes = bytes;
      index_.emplace(node.key, at);
      return;
    }
    const bool returns = forget_ghost(Hash()(key));
    insert(returns, {.key = std::move(key), .value = std::move(value), .bytes = bytes});
  }
  // For a cache that is read back: these had their place in main.
  void put_in_main(Key key, Value value, size_t bytes) {
    if (!index_.contains(key))
      insert(true, {.key = std::move(key), .value = std::move(value), .bytes = bytes});
  }

  bool erase(const Key& key) {
    const auto it = index_.find(key);
    if (it == index_.end()) return false;
    remove(it->second);
    return true;
  }
  // Erases those for which which(key, value).
  template <class Which>
  size_t erase_if(Which which) {
    size_t count = 0;
    for (List* list : {&small_, &main_})
      for (auto it = list->begin(); it != list->end();) {
        const auto next = std::next(it);
        if (which(it->key, it->value)) {
          remove(it);
          ++count;
        }
        it = next;
      }
    return count;
  }
  template <class Visit>
  void for_each(Visit visit) const {
    for (const List* list : {&small_, &main_})
      for (const Node& node : *list) visit(node.key, node.value);
  }

  size_t bytes() const { return small_bytes_ + main_bytes_; }
  size_t size() const { return index_.size(); }
  size_t limit() const { return limit_; }

 private:
  static constexpr uint8_t kMostUses = 3;
  static constexpr size_t kSmallShare = 10;  // small gets one in so many bytes
  static constexpr size_t kLeastGhosts = 64;

  struct Node {
    Key key;
    Value value;
    size_t bytes = 0;
    uint8_t uses = 0;
    bool in_main = false;
  };
  using List = std::list<Node>;  // newest first
  using At = typename List::iterator;

  size_t& bytes_of(const Node& node) { return node.in_main ? main_bytes_ : small_bytes_; }

  void insert(bool in_main, Node node) {
    node.in_main = in_main;
    List& list = in_main ? main_ : small_;
    bytes_of(node) += node.bytes;
    list.push_front(std::move(node));
    index_.emplace(list.front().key, list.begin());
  }
  void remove(At at) {
    bytes_of(*at) -= at->bytes;
    index_.erase(at->key);
    (at->in_main ? main_ : small_).erase(at);
  }

  template <class Gone, class Used>
  void evict(Gone& gone, Used& used) {
    const bool from_small = !small_.empty() && (main_.empty() || small_bytes_ > limit_ / kSmallShare);
    List& list = from_small ? small_ : main_;
    const At last = std::prev(list.end());
    const bool was_used = used(last->value);
    if (last->uses > 0 || was_used) {
      if (from_small) {
        small_bytes_ -= last->bytes;
        main_bytes_ += last->bytes;
        last->in_main = true;
      }
      if (last->uses > 0) --last->uses;
      main_.splice(main_.begin(), list, last);
      return;
    }
    if (from_small) remember_ghost(Hash()(last->key));
    bytes_of(*last) -= last->bytes;
    index_.erase(last->key);
    gone(last->key, last->value);
    list.erase(last);
  }

  void remember_ghost(size_t hash) {
    ghosts_[hash] = ++ghost_count_;
    ghost_order_.emplace_back(hash, ghost_count_);
    while (ghost_order_.size() > std::max(index_.size(), kLeastGhosts)) {
      const auto [oldest, number] = ghost_order_.front();
      ghost_order_.pop_front();
      if (const auto it = ghosts_.find(oldest); it != ghosts_.end() && it->second == number)
        ghosts_.erase(it);
    }
  }
  bool forget_ghost(size_t hash) { return ghosts_.erase(hash) != 0; }

  const size_t limit_;
  List small_, main_;
  size_t small_bytes_ = 0, main_bytes_ = 0;
  std::unordered_map<Key, At, Hash> index_;
  std::unordered_map<size_t, uint64_t> ghosts_;  // by hash: the number of its last entry in ghost_order_
  std::deque<std::pair<size_t, uint64_t>> ghost_order_;
  uint64_t ghost_count_ = 0;
};

}  // namespace landfall::cloudfront
