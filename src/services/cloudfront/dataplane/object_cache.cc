#include "services/cloudfront/dataplane/object_cache.h"

#include <vector>

namespace landfall::cloudfront {

size_t CachedObject::bytes() const {
  constexpr size_t kOverhead = 512;  // the nodes, the strings' own allocations
  size_t total = kOverhead + key.size() + target.size() + body.size();
  for (const http::Header& header : head.headers)
    total += header.name.size() + header.value.size() + sizeof(http::Header);
  return total;
}

ObjectCache::ObjectCache(size_t limit_bytes) {
  for (auto& shard : shards_) shard = std::make_unique<Shard>(limit_bytes / kShards);
}

ObjectPtr ObjectCache::find(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  const ObjectPtr* found = shard.objects.find(key);
  if (found == nullptr) return nullptr;
  if (!(*found)->used->load(std::memory_order_relaxed))
    (*found)->used->store(true, std::memory_order_relaxed);
  return *found;
}

void ObjectCache::put(ObjectPtr object) {
  const size_t bytes = object->bytes();
  Shard& shard = shard_of(object->key);
  std::vector<ObjectPtr> gone;  // freed outside the lock
  std::lock_guard lock(shard.mutex);
  const std::string_view key = object->key;
  ObjectPtr before = shard.objects.contains(key) ? *shard.objects.peek(key) : nullptr;
  if (bytes > shard.objects.limit()) {
    shard.objects.erase(key);
    gone.push_back(std::move(before));
    return;
  }
  shard.objects.make_room_for(
      key, bytes, [&](std::string_view, ObjectPtr& evicted) { gone.push_back(std::move(evicted)); },
      [](const ObjectPtr&) { return false; });
  shard.objects.put(key, std::move(object), bytes);
  gone.push_back(std::move(before));
}

void ObjectCache::erase(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  shard.objects.erase(key);
}

size_t ObjectCache::invalidate(std::string_view distribution_id,
                               const std::function<bool(std::string_view)>& names) {
  size_t count = 0;
  for (const auto& shard : shards_) {
    std::lock_guard lock(shard->mutex);
    count += shard->objects.erase_if([&](std::string_view, const ObjectPtr& object) {
      return object->distribution_id == distribution_id && names(object->target);
    });
  }
  return count;
}

size_t ObjectCache::bytes() const {
  size_t total = 0;
  for (const auto& shard : shards_) {
    std::lock_guard lock(shard->mutex);
    total += shard->objects.bytes();
  }
  return total;
}

}  // namespace landfall::cloudfront
