// For the tests of this folder: a store in a directory of its own, and blocking forms of its calls.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <string>

#include "services/s3/dataplane/object_store.h"
#include "services/s3/dataplane/stored_body.h"

namespace landfall::s3 {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    char name[] = "/tmp/landfall-s3-XXXXXX";
    path_ = mkdtemp(name);
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::unique_ptr<ObjectStore> open_store(const std::string& directory) {
  auto store = ObjectStore::open({.directory = directory});
  EXPECT_TRUE(store) << store.error().message;
  return std::move(*store);
}

inline ObjectName make_bucket(ObjectStore& store, const std::string& name, std::string key = {}) {
  BucketRecord record;
  record.name = name;
  EXPECT_TRUE(wait_for([&](Done<> done) { store.create_bucket(record, std::move(done)); }));
  return {name, store.find_bucket(name)->id, std::move(key)};
}

struct Blind final : BodyObserver {
  void see_whole(std::shared_ptr<const std::string>, std::move_only_function<void()> hashed) override {
    hashed();
  }
  void see_piece(std::shared_ptr<const std::string>) override {}
  void settle(std::move_only_function<void()> done) override { done(); }
};

inline StoreResult<StagedBody> stage(ObjectStore& store, const std::string& bytes) {
  auto writer = store.write_body(std::make_shared<Blind>());
  for (size_t at = 0; at < bytes.size(); at += 100'000) writer->write(bytes.substr(at, 100'000));
  return wait_for<StagedBody>([&](Done<StagedBody> done) { writer->finish(std::move(done)); });
}

inline StoreResult<ObjectRecord> put(ObjectStore& store, ObjectName name, const std::string& bytes,
                                     Precondition precondition = {}) {
  auto body = stage(store, bytes);
  if (!body) return std::unexpected(body.error());
  PutRequest request{std::move(name), {}, std::move(*body), std::move(precondition)};
  return wait_for<ObjectRecord>(
      [&](Done<ObjectRecord> done) { store.put(std::move(request), std::move(done)); });
}

inline StoreResult<DeleteOutcome> erase(ObjectStore& store, ObjectName name,
                                        std::optional<std::string> version = {}) {
  DeleteRequest request{std::move(name), std::move(version), {}};
  return wait_for<DeleteOutcome>(
      [&](Done<DeleteOutcome> done) { store.erase(std::move(request), std::move(done)); });
}

inline StoreResult<std::string> read_all(ObjectStore& store, const ObjectRecord& record) {
  auto body = store.open_body(record.segments);
  if (!body) return std::unexpected(body.error());
  std::string all;
  while (all.size() < (*body)->size()) {
    auto bytes = (*body)->read(all.size(), 1 << 20);
    if (!bytes) return std::unexpected(bytes.error());
    all += *bytes;
  }
  return all;
}

inline StoreResult<std::string> get(ObjectStore& store, const ObjectName& name,
                                    std::optional<std::string> version = {}) {
  auto record = store.find(name, version);
  if (!record) return std::unexpected(record.error());
  return read_all(store, **record);
}

inline std::string pattern(size_t size, uint64_t seed) {
  std::string bytes(size, '\0');
  SeededRandom(seed).fill(bytes.data(), size);
  return bytes;
}

inline size_t files_under(const std::string& directory) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory))
    count += entry.is_regular_file();
  return count;
}

}  // namespace landfall::s3
