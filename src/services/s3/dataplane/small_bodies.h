// SmallBodies: inlined bodies that were read lately, checked against their checksum when they came in, so
// that a small object that is asked for often costs neither the index nor the disk. A body never changes and
// its id is never used again, so nothing here can be out of date.
//
// Invariant: at most kSmallBodiesBytes, the least lately used go first. Threads: any; nothing blocks on the
// disk.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "services/s3/dataplane/records.h"

namespace landfall::s3 {

inline constexpr size_t kSmallBodiesBytes = 32 << 20;

class SmallBodies {
 public:
  using Body = std::shared_ptr<const std::string>;

  explicit SmallBodies(size_t limit_bytes = kSmallBodiesBytes) : limit_bytes_(limit_bytes) {}
  Body find(BodyId id);  // null: not here
  void put(BodyId id, Body body);
  size_t bytes() const;

 private:
  struct Hash {
    size_t operator()(const BodyId& id) const { return id.counter * 0x9e3779b97f4a7c15ull + id.epoch; }
  };
  struct Entry {
    BodyId id;
    Body body;
  };
  static size_t charged(const Body& body);

  const size_t limit_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // the lately used first
  std::unordered_map<BodyId, std::list<Entry>::iterator, Hash> by_id_;
  size_t bytes_ = 0;
};

}  // namespace landfall::s3
