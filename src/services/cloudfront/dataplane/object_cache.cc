#include "services/cloudfront/dataplane/object_cache.h"

namespace landfall::cloudfront {

size_t CachedObject::bytes() const {
  constexpr size_t kOverhead = 512;  // the nodes, the strings' own allocations
  size_t total = kOverhead + key.size() + target.size() + body.size();
  for (const http::Header& header : head.headers)
    total += header.name.size() + header.value.size() + sizeof(http::Header);
  return total;
}

void ObjectCache::drop(Shard& shard, std::list<ObjectPtr>::iterator at) {
  shard.bytes -= (*at)->bytes();
  shard.index.erase((*at)->key);
  shard.recent.erase(at);
}

ObjectPtr ObjectCache::find(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  const auto it = shard.index.find(key);
  if (it == shard.index.end()) return nullptr;
  shard.recent.splice(shard.recent.begin(), shard.recent, it->second);
  return *it->second;
}

void ObjectCache::put(ObjectPtr object) {
  const size_t bytes = object->bytes();
  Shard& shard = shard_of(object->key);
  std::lock_guard lock(shard.mutex);
  if (const auto it = shard.index.find(object->key); it != shard.index.end()) drop(shard, it->second);
  if (bytes > shard_limit_) return;
  shard.recent.push_front(std::move(object));
  shard.index.emplace(shard.recent.front()->key, shard.recent.begin());
  shard.bytes += bytes;
  while (shard.bytes > shard_limit_) drop(shard, std::prev(shard.recent.end()));
}

void ObjectCache::erase(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  if (const auto it = shard.index.find(key); it != shard.index.end()) drop(shard, it->second);
}

size_t ObjectCache::invalidate(std::string_view distribution_id,
                               const std::function<bool(std::string_view)>& names) {
  size_t count = 0;
  for (Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    for (auto it = shard.recent.begin(); it != shard.recent.end();) {
      const auto next = std::next(it);
      if ((*it)->distribution_id == distribution_id && names((*it)->target)) {
        drop(shard, it);
        ++count;
      }
      it = next;
    }
  }
  return count;
}

size_t ObjectCache::bytes() const {
  size_t total = 0;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    total += shard.bytes;
  }
  return total;
}

}  // namespace landfall::cloudfront
