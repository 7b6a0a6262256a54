#include "services/s3/dataplane/record_cache.h"

#include <gtest/gtest.h>

namespace landfall::s3 {
namespace {

RecordCache::Record record(const std::string& etag) {
  ObjectRecord made;
  made.etag = etag;
  return std::make_shared<const ObjectRecord>(std::move(made));
}

const std::vector<std::string> kChange = {"a"};

TEST(RecordCache, GivesBackWhatWasPut) {
  RecordCache cache;
  const auto missed = cache.find("a");
  EXPECT_EQ(missed.record, nullptr);
  cache.put("a", missed.ticket, record("1"));
  ASSERT_NE(cache.find("a").record, nullptr);
  EXPECT_EQ(cache.find("a").record->etag, "1");
  EXPECT_EQ(cache.find("b").record, nullptr);
}

TEST(RecordCache, AChangeRemovesTheRecordBeforeTheIndexHasTheNewOne) {
  RecordCache cache;
  cache.put("a", cache.find("a").ticket, record("1"));
  cache.changing(kChange);
  EXPECT_EQ(cache.find("a").record, nullptr);
}

TEST(RecordCache, WhatWasLookedUpBeforeAChangeIsNotTakenInAfterIt) {
  RecordCache cache;
  const auto before = cache.find("a");
  cache.changing(kChange);
  cache.changed(kChange);
  cache.put("a", before.ticket, record("old"));
  EXPECT_EQ(cache.find("a").record, nullptr);
}

TEST(RecordCache, WhatIsLookedUpDuringAChangeIsNotTakenIn) {
  RecordCache cache;
  const auto before = cache.find("a");
  cache.changing(kChange);
  cache.put("a", before.ticket, record("old"));
  EXPECT_EQ(cache.find("a").record, nullptr);
  const auto during = cache.find("a");
  cache.changed(kChange);
  cache.put("a", during.ticket, record("old"));
  EXPECT_EQ(cache.find("a").record, nullptr);
  cache.put("a", cache.find("a").ticket, record("new"));
  EXPECT_EQ(cache.find("a").record->etag, "new");
}

TEST(RecordCache, IsBoundedAndTheLeastLatelyUsedGoFirst) {
  RecordCache cache(16 * 16'384);
  cache.put("kept", cache.find("kept").ticket, record("k"));
  for (int i = 0; i < 10'000; ++i) {
    const std::string object = "object" + std::to_string(i);
    cache.put(object, cache.find(object).ticket, record(object));
    ASSERT_NE(cache.find("kept").record, nullptr) << i;
  }
  int there = 0;
  for (int i = 0; i < 10'000; ++i) there += cache.find("object" + std::to_string(i)).record != nullptr;
  EXPECT_GT(there, 16);
  EXPECT_LT(there, 16 * 16'384 / 256);
}

}  // namespace
}  // namespace landfall::s3
