#include "services/s3/dataplane/record_cache.h"

#include <functional>

namespace landfall::s3 {
namespace {

size_t size_of(const StringPairs& pairs) {
  size_t bytes = 0;
  for (const auto& [name, value] : pairs) bytes += 2 * sizeof(std::string) + name.size() + value.size();
  return bytes;
}

size_t charged(std::string_view object, const ObjectRecord& record) {
  constexpr size_t kOverhead = 256;  // the nodes and the allocations
  return kOverhead + sizeof record + object.size() + record.etag.size() + record.upload_id.size() +
         record.segments.size() * sizeof(Segment) + record.part_sizes.size() * sizeof(uint64_t) +
         size_of(record.attributes.headers) + size_of(record.attributes.metadata) +
         size_of(record.attributes.tags);
}

}  // namespace

RecordCache::Shard& RecordCache::shard_of(std::string_view object) {
  return shards_[std::hash<std::string_view>()(object) & (kShards - 1)];
}

RecordCache::Found RecordCache::find(std::string_view object) {
  Shard& shard = shard_of(object);
  std::lock_guard lock(shard.mutex);
  auto it = shard.map.find(object);
  if (it == shard.map.end()) return {nullptr, shard.changing > 0 ? 0 : shard.generation};
  shard.entries.splice(shard.entries.begin(), shard.entries, it->second);
  return {it->second->record};
}

void RecordCache::put(std::string_view object, uint64_t ticket, Record record) {
  const size_t bytes = charged(object, *record);
  if (ticket == 0 || bytes > shard_limit_) return;
  Shard& shard = shard_of(object);
  std::list<Entry> gone;  // freed outside the lock
  std::lock_guard lock(shard.mutex);
  if (shard.changing > 0 || shard.generation != ticket || shard.map.contains(object)) return;
  shard.entries.push_front({std::string(object), std::move(record), bytes});
  shard.map.emplace(shard.entries.front().object, shard.entries.begin());
  shard.bytes += bytes;
  while (shard.bytes > shard_limit_) {
    shard.bytes -= shard.entries.back().bytes;
    shard.map.erase(shard.entries.back().object);
    gone.splice(gone.begin(), shard.entries, std::prev(shard.entries.end()));
  }
}

void RecordCache::remove(Shard& shard, std::string_view object) {
  auto it = shard.map.find(object);
  if (it == shard.map.end()) return;
  const auto entry = it->second;
  shard.bytes -= entry->bytes;
  shard.map.erase(it);
  shard.entries.erase(entry);
}

void RecordCache::changing(std::span<const std::string> objects) {
  for (const std::string& object : objects) {
    Shard& shard = shard_of(object);
    std::lock_guard lock(shard.mutex);
    remove(shard, object);
    ++shard.changing;
  }
}

void RecordCache::changed(std::span<const std::string> objects) {
  for (const std::string& object : objects) {
    Shard& shard = shard_of(object);
    std::lock_guard lock(shard.mutex);
    ++shard.generation;
    --shard.changing;
  }
}

}  // namespace landfall::s3
