#include "services/s3/dataplane/listing.h"

#include "services/s3/dataplane/index.h"
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/record_codec.h"

namespace landfall::s3 {
namespace {

// The common prefix of `key`: up to and including the first delimiter after the query's prefix; empty if
// there is none.
std::string common_prefix_of(const std::string& key, const ListQuery& query) {
  if (query.delimiter.empty()) return {};
  const size_t at = key.find(query.delimiter, query.prefix.size());
  if (at == std::string::npos) return {};
  return key.substr(0, at + query.delimiter.size());
}

class Cursor {
 public:
  Cursor(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query)
      : it_(it), bucket_(bucket), range_(key_range_start(bucket, query.prefix)) {}

  void seek_start(const ListQuery& query) {
    it_.Seek(range_);
    if (query.after_key.empty()) return;
    const bool group =
        !query.delimiter.empty() && common_prefix_of(query.after_key, query) == query.after_key;
    std::string target = after_prefix(group ? key_range_start(bucket_, query.after_key)
                                            : key_prefix(bucket_, query.after_key));
    if (target > range_) it_.Seek(target);
  }
  void seek(const std::string& target) {
    if (target > range_) it_.Seek(target);
  }
  void skip_group(const std::string& common_prefix) {
    it_.Seek(after_prefix(key_range_start(bucket_, common_prefix)));
  }
  // Past the other versions of `key`.
  void skip_key(const std::string& key) {
    const std::string versions = key_prefix(bucket_, key);
    it_.Next();
    if (it_.Valid() && it_.key().starts_with(versions)) it_.Seek(after_prefix(versions));
  }
  bool valid() const { return it_.Valid() && it_.key().starts_with(range_); }
  std::string_view index_key() const { return it_.key().ToStringView(); }
  std::string_view value() const { return it_.value().ToStringView(); }
  void next() { it_.Next(); }
  StoreResult<> status() const {
    if (!it_.status().ok()) return std::unexpected(store_error(it_.status()));
    return {};
  }

 private:
  rocksdb::Iterator& it_;
  BucketId bucket_;
  std::string range_;
};

StoreResult<ListEntry> entry_at(const Cursor& cursor) {
  auto parsed = parse_object_key(cursor.index_key());
  auto record = decode<ObjectRecord>(cursor.value());
  if (!parsed || !record) return store_fail(StoreErrc::corrupt, "an object's index record");
  record->sequence = parsed->sequence;
  return ListEntry{std::move(parsed->key), std::move(*record)};
}

template <class Page>
bool full(Page& page, const ListQuery& query) {
  if (page.entries.size() + page.common_prefixes.size() < query.max_keys) return false;
  page.truncated = true;
  return true;
}

}  // namespace

StoreResult<ListPage> list_objects(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query) {
  ListPage page;
  if (query.max_keys == 0) return page;
  Cursor cursor(it, bucket, query);
  cursor.seek_start(query);
  while (cursor.valid()) {
    LF_TRY(ListEntry entry, entry_at(cursor));
    if (entry.record.delete_marker) {
      cursor.skip_key(entry.key);
      continue;
    }
    if (full(page, query)) break;
    std::string group = common_prefix_of(entry.key, query);
    if (!group.empty()) {
      cursor.skip_group(group);
      page.next_key = group;
      page.common_prefixes.push_back(std::move(group));
      continue;
    }
    cursor.skip_key(entry.key);
    page.next_key = entry.key;
    page.entries.push_back(std::move(entry));
  }
  LF_CHECK(cursor.status());
  return page;
}

StoreResult<ListPage> list_versions(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query) {
  ListPage page;
  if (query.max_keys == 0) return page;
  Cursor cursor(it, bucket, query);
  cursor.seek_start(query);
  std::string previous_key;
  bool has_previous = false;
  if (!query.after_key.empty() && !query.after_version.empty()) {
    // Within the key: find the version, go on behind it. Versions of one key are few.
    cursor.seek(key_prefix(bucket, query.after_key));
    while (cursor.valid()) {
      LF_TRY(ListEntry entry, entry_at(cursor));
      if (entry.key != query.after_key) break;
      const std::string id = entry.record.version_id.empty() ? "null" : entry.record.version_id;
      cursor.next();
      previous_key = query.after_key;
      has_previous = true;
      if (id == query.after_version) break;
    }
  }
  while (cursor.valid()) {
    LF_TRY(ListEntry entry, entry_at(cursor));
    if (full(page, query)) break;
    std::string group = common_prefix_of(entry.key, query);
    if (!group.empty()) {
      cursor.skip_group(group);
      page.next_key = group;
      page.next_version.clear();
      page.common_prefixes.push_back(std::move(group));
      continue;
    }
    cursor.next();
    entry.is_latest = !has_previous || entry.key != previous_key;
    previous_key = entry.key;
    has_previous = true;
    page.next_key = entry.key;
    page.next_version = entry.record.version_id.empty() ? "null" : entry.record.version_id;
    page.entries.push_back(std::move(entry));
  }
  LF_CHECK(cursor.status());
  return page;
}

StoreResult<UploadsPage> list_uploads(rocksdb::Iterator& it, BucketId bucket, const ListQuery& query) {
  UploadsPage page;
  if (query.max_keys == 0) return page;
  Cursor cursor(it, bucket, query);
  cursor.seek_start(query);
  if (!query.after_key.empty() && !query.after_version.empty()) {
    cursor.seek(after_prefix(upload_key(bucket, query.after_key, query.after_version)));
  }
  while (cursor.valid()) {
    auto parsed = parse_upload_key(cursor.index_key());
    auto record = decode<UploadRecord>(cursor.value());
    if (!parsed || !record) return store_fail(StoreErrc::corrupt, "an upload's index record");
    if (full(page, query)) break;
    std::string group = common_prefix_of(parsed->key, query);
    if (!group.empty()) {
      cursor.skip_group(group);
      page.next_key = group;
      page.next_upload_id.clear();
      page.common_prefixes.push_back(std::move(group));
      continue;
    }
    cursor.next();
    page.next_key = parsed->key;
    page.next_upload_id = parsed->upload_id;
    page.entries.push_back({std::move(parsed->key), std::move(*record)});
  }
  LF_CHECK(cursor.status());
  return page;
}

}  // namespace landfall::s3
