#include "rocks/write.h"

#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <stdlib.h>

#include <filesystem>

namespace landfall::rocks {
namespace {

struct RocksWrite : testing::Test {
  RocksWrite() {
    char name[] = "/tmp/landfall-rocks-XXXXXX";
    directory = mkdtemp(name);
    rocksdb::Options options;
    options.create_if_missing = true;
    rocksdb::DB* opened = nullptr;
    EXPECT_TRUE(rocksdb::DB::Open(options, directory + "/db", &opened).ok());
    db.reset(opened);
  }
  ~RocksWrite() override {
    db.reset();
    std::filesystem::remove_all(directory);
  }

  rocksdb::Status put(const std::string& key, const std::string& value, uint64_t left_bytes) {
    rocksdb::WriteBatch batch;
    batch.Put(key, value);
    return write_synced(*db, &batch, left_bytes, [this](const std::string& path) {
      EXPECT_EQ(path, directory + "/db");
      return free;
    });
  }
  bool has(const std::string& key) {
    std::string value;
    return db->Get({}, key, &value).ok();
  }

  std::string directory;
  std::unique_ptr<rocksdb::DB> db;
  uint64_t free = 0;
};

TEST_F(RocksWrite, IsRefusedOnAFullDiskLeavesNothingAndIsTakenOnceThereIsRoom) {
  free = kLeftForDeletions;
  const rocksdb::Status refused = put("a", "value", kLeftForDeletions);
  EXPECT_TRUE(refused.IsNoSpace()) << refused.ToString();
  EXPECT_FALSE(has("a"));

  free = kLeftForDeletions + 1024;
  EXPECT_TRUE(put("a", "value", kLeftForDeletions).ok());
  EXPECT_TRUE(has("a"));
}

TEST_F(RocksWrite, WhatMakesRoomMayUseMoreOfTheLast) {
  free = kLeftForDeletions - 1;
  EXPECT_TRUE(put("a", "value", kLeftForRocksDb).ok());
  EXPECT_TRUE(put("b", "value", kLeftForDeletions).IsNoSpace());
  free = kLeftForRocksDb;
  EXPECT_TRUE(put("c", "value", kLeftForRocksDb).IsNoSpace());
}

TEST_F(RocksWrite, ALargeBatchIsCountedBeforeItIsWritten) {
  free = kLeftForRocksDb + 64 * 1024;
  EXPECT_TRUE(put("large", std::string(128 * 1024, 'x'), kLeftForRocksDb).IsNoSpace());
  EXPECT_TRUE(put("small", "x", kLeftForRocksDb).ok());
}

TEST(RocksFreeBytes, AreTheFileSystemsAndUnboundedWhereItGivesNone) {
  EXPECT_GT(free_bytes("/tmp"), 0u);
  EXPECT_LT(free_bytes("/tmp"), UINT64_MAX);
  EXPECT_EQ(free_bytes("/nowhere/at/all"), UINT64_MAX);
}

}  // namespace
}  // namespace landfall::rocks
