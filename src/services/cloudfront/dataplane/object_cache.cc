#include "services/cloudfront/dataplane/object_cache.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "services/cloudfront/dataplane/answer.h"

namespace landfall::cloudfront {

size_t CachedObject::bytes() const {
  constexpr size_t kOverhead = 512;   // the nodes, the strings' own allocations
  constexpr size_t kOpenFile = 4096;  // the kernel's share of a descriptor, so that there are not too many
  size_t total = kOverhead + (file ? kOpenFile : 0) + key.size() + target.size() + body.size() + lines.size();
  for (const http::Header& header : head.headers)
    total += header.name.size() + header.value.size() + sizeof(http::Header);
  return total;
}

int64_t CachedObject::age(Timestamp now) const {
  return age_before + std::max<int64_t>(0, (now.unix_ms - stored.unix_ms) / 1000);
}

void CachedObject::seal() {
  age_before = 0;
  if (const auto text = head.headers.get("age"))
    std::from_chars(text->data(), text->data() + text->size(), age_before);
  age_before = std::max<int64_t>(0, age_before);
  lines = lines_of(head.headers);
  if (head.status == 200 && !head.headers.has("accept-ranges")) lines += "Accept-Ranges: bytes\r\n";
}

ObjectCache::ObjectCache(size_t limit_bytes) {
  for (auto& shard : shards_) shard = std::make_unique<Shard>(limit_bytes / kShards);
}

ObjectPtr ObjectCache::find(std::string_view key) {
  Shard& shard = shard_of(key);
  std::lock_guard lock(shard.mutex);
  const ObjectPtr* found = shard.objects.find(key);
  if (found == nullptr) return nullptr;
  if ((*found)->file && (*found)->file->gone.load(std::memory_order_relaxed)) {
    shard.objects.erase(key);
    return nullptr;
  }
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
