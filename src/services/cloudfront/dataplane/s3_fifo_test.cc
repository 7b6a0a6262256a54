// The eviction policy, beside least-recently-used on the same requests.
#include "services/cloudfront/dataplane/s3_fifo.h"

#include <gtest/gtest.h>

#include <cmath>
#include <list>
#include <random>
#include <vector>

namespace landfall::cloudfront {
namespace {

class Lru {
 public:
  explicit Lru(size_t limit) : limit_(limit) {}
  bool ask(int key) {
    if (const auto it = index_.find(key); it != index_.end()) {
      recent_.splice(recent_.begin(), recent_, it->second);
      return true;
    }
    recent_.push_front(key);
    index_[key] = recent_.begin();
    if (recent_.size() > limit_) {
      index_.erase(recent_.back());
      recent_.pop_back();
    }
    return false;
  }

 private:
  size_t limit_;
  std::list<int> recent_;
  std::unordered_map<int, std::list<int>::iterator> index_;
};

class Fifo {
 public:
  explicit Fifo(size_t limit) : objects_(limit) {}
  bool ask(int key) {
    if (objects_.find(key) != nullptr) return true;
    objects_.make_room_for(key, 1, [](int, int&) {}, [](int) { return false; });
    objects_.put(key, key, 1);
    return false;
  }

 private:
  S3Fifo<int, int> objects_;
};

// Zipf with exponent 1 over 10,000 objects: what people ask a site for.
class People {
 public:
  People() {
    for (int i = 1; i <= 10'000; ++i) weights_.push_back(1.0 / i);
    choose_ = std::discrete_distribution<int>(weights_.begin(), weights_.end());
  }
  int next() { return choose_(random_); }

 private:
  std::vector<double> weights_;
  std::discrete_distribution<int> choose_;
  std::mt19937 random_{7};
};

struct Ratios {
  double before, during;
};

// A cache of 1,000; then a crawler that asks for each of 50,000 objects once, two for each of the people's.
template <class Cache>
Ratios with_a_scan() {
  Cache cache(1'000);
  People people;
  int next_scanned = 1'000'000, hits = 0;
  for (int i = 0; i < 50'000; ++i) cache.ask(people.next());
  for (int i = 0; i < 25'000; ++i) hits += cache.ask(people.next());
  const double before = hits / 25'000.0;
  hits = 0;
  for (int i = 0; i < 25'000; ++i) {
    cache.ask(next_scanned++);
    cache.ask(next_scanned++);
    hits += cache.ask(people.next());
  }
  return {before, hits / 25'000.0};
}

TEST(S3Fifo, keeps_its_hit_ratio_when_a_scan_passes_through) {
  const Ratios fifo = with_a_scan<Fifo>(), lru = with_a_scan<Lru>();
  RecordProperty("s3fifo", std::to_string(fifo.before) + " " + std::to_string(fifo.during));
  RecordProperty("lru", std::to_string(lru.before) + " " + std::to_string(lru.during));
  EXPECT_GT(fifo.before, lru.before);
  EXPECT_GT(fifo.during, fifo.before - 0.03) << "S3-FIFO " << fifo.before << " -> " << fifo.during;
  EXPECT_LT(lru.during, lru.before - 0.10) << "LRU " << lru.before << " -> " << lru.during;
}

TEST(S3Fifo, counts_bytes_and_replaces_in_place) {
  S3Fifo<int, int> objects(100);
  int gone = 0;
  const auto put = [&](int key, size_t bytes) {
    objects.make_room_for(key, bytes, [&](int, int&) { ++gone; }, [](int) { return false; });
    objects.put(key, key, bytes);
  };
  for (int i = 0; i < 10; ++i) put(i, 10);
  EXPECT_EQ(objects.bytes(), 100u);
  put(3, 20);
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(objects.bytes(), 100u);
  EXPECT_FALSE(objects.contains(0));
  put(11, 95);
  EXPECT_TRUE(objects.contains(11));
  EXPECT_LE(objects.bytes(), 100u);
  EXPECT_TRUE(objects.erase(11));
  EXPECT_EQ(objects.erase_if([](int, int) { return true; }), objects.size());
  EXPECT_EQ(objects.bytes(), 0u);
}

}  // namespace
}  // namespace landfall::cloudfront
