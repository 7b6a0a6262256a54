// The disk tier: what it holds after restarts, kills, torn files and invalidations.
#include "services/cloudfront/dataplane/disk_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>

#include "base/files.h"
#include "runtime/event_loop.h"
#include "services/cloudfront/dataplane/files.h"
#include "services/cloudfront/dataplane/object_file.h"

namespace landfall::cloudfront {
namespace {

namespace fs = std::filesystem;

// Says of itself which object it is, all along.
std::string body_of(const std::string& key, int version, size_t size) {
  const std::string line = key + " version " + std::to_string(version) + "\n";
  std::string body;
  body.reserve(size + line.size());
  while (body.size() < size) body += line;
  body.resize(size);
  return body;
}

std::shared_ptr<CachedObject> object(const std::string& key, int version, size_t size, uint64_t epoch = 0) {
  auto made = std::make_shared<CachedObject>();
  made->key = key;
  made->distribution_id = "E1";
  made->target = "/" + key;
  made->head.status = 200;
  made->head.headers.add("X-Version", std::to_string(version));
  made->body = body_of(key, version, size);
  made->stored.unix_ms = 1'000'000;
  made->ttl_seconds = 60;
  made->epoch = epoch;
  return made;
}

// A cache in a folder, as one run of edge has it.
struct CacheRun {
  explicit CacheRun(const std::string& folder, uint64_t limit = 64 * 1024 * 1024) {
    auto rules = Invalidations::open(folder + "/invalidations");
    EXPECT_TRUE(rules) << rules.error().message;
    invalidations = std::move(*rules);
    auto opened =
        DiskCache::open({.folder = folder, .limit_bytes = limit, .invalidations = invalidations.get()});
    EXPECT_TRUE(opened) << opened.error().message;
    disk = std::move(*opened);
  }
  ObjectPtr find(const std::string& key) {
    std::optional<ObjectPtr> found;
    disk->find(key, *loop, [&](ObjectPtr object) { found = std::move(object); });
    while (!found) loop->run_once(-1);
    return *found;
  }
  void put(ObjectPtr object) {
    disk->put(std::move(object));
    disk->wait();
  }
  std::unique_ptr<EventLoop> loop = *EventLoop::create();
  std::unique_ptr<Invalidations> invalidations;
  std::unique_ptr<DiskCache> disk;
};

class DiskCacheTest : public ::testing::Test {
 protected:
  DiskCacheTest() {
    std::string pattern = fs::temp_directory_path() / "landfall-cdn-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  ~DiskCacheTest() override { fs::remove_all(folder_); }
  std::vector<fs::path> files() const {
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ + "/objects"))
      if (entry.is_regular_file()) out.push_back(entry.path());
    return out;
  }
  std::string folder_;
};

TEST_F(DiskCacheTest, objects_are_there_after_a_restart) {
  {
    CacheRun run(folder_);
    for (int i = 0; i < 50; ++i) {
      auto made = object("k" + std::to_string(i), i, 10'000 * static_cast<size_t>(i % 20));
      made->is_error = i % 2 == 0;
      made->compressed_here = i % 3 == 0;
      run.disk->put(made);
    }
  }
  CacheRun run(folder_);
  for (int i = 0; i < 50; ++i) {
    const ObjectPtr found = run.find("k" + std::to_string(i));
    ASSERT_NE(found, nullptr) << i;
    EXPECT_EQ(found->body, body_of("k" + std::to_string(i), i, 10'000 * static_cast<size_t>(i % 20)));
    EXPECT_EQ(found->head.headers.get("x-version"), std::to_string(i));
    EXPECT_EQ(found->target, "/k" + std::to_string(i));
    EXPECT_EQ(found->stored.unix_ms, 1'000'000);
    EXPECT_EQ(found->ttl_seconds, 60);
    EXPECT_EQ(found->is_error, i % 2 == 0);
    EXPECT_EQ(found->compressed_here, i % 3 == 0);
  }
  EXPECT_EQ(run.find("other"), nullptr);
  run.disk->wait();
  EXPECT_EQ(run.disk->count(), 50u);
  EXPECT_FALSE(run.disk->may_have("other"));
}

TEST_F(DiskCacheTest, only_the_owner_can_read_it) {
  CacheRun run(folder_);
  run.put(object("a", 1, 100));
  struct stat status;
  ASSERT_EQ(stat(files().front().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  ASSERT_EQ(stat((folder_ + "/objects").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  ASSERT_EQ(stat((folder_ + "/invalidations").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_F(DiskCacheTest, a_file_that_is_torn_or_changed_anywhere_is_dropped) {
  const size_t size = 3 * kBlockBytes / 2;
  std::string whole;
  {
    CacheRun run(folder_);
    run.put(object("a", 1, size));
    whole = *read_file(files().front());
  }
  const fs::path file = files().front();
  std::vector<std::string> broken;
  for (size_t at : {size_t{0}, size_t{9}, size_t{40}, kPrefixBytes + 5, kPrefixBytes + 100, whole.size() / 2,
                    whole.size() - 1}) {
    broken.push_back(whole.substr(0, at));
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    broken.push_back(std::move(flipped));
    std::string zeroed = whole;  // what a file system may leave of a tail that was not written
    std::fill(zeroed.begin() + static_cast<ptrdiff_t>(at), zeroed.end(), '\0');
    broken.push_back(std::move(zeroed));
  }
  broken.push_back(whole + "x");
  for (const std::string& bytes : broken) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    CacheRun run(folder_);
    EXPECT_EQ(run.find("a"), nullptr);
    run.disk->wait();
    EXPECT_FALSE(fs::exists(file));
    EXPECT_EQ(run.disk->count(), 0u);
    EXPECT_EQ(run.disk->counters().broken, 1u);
  }
}

TEST_F(DiskCacheTest, another_objects_file_under_this_name_is_not_served) {
  CacheRun run(folder_);
  run.put(object("a", 1, 1000));
  const fs::path a = files().front();
  run.put(object("b", 1, 1000));
  for (const fs::path& file : files())
    if (file != a) fs::copy_file(file, a, fs::copy_options::overwrite_existing);
  EXPECT_EQ(run.find("a"), nullptr);
  EXPECT_NE(run.find("b"), nullptr);
}

TEST_F(DiskCacheTest, what_was_half_written_is_removed_at_start) {
  {
    CacheRun run(folder_);
  }
  fs::create_directory(folder_ + "/objects/ab");
  std::ofstream(folder_ + "/objects/new-17") << "half";
  std::ofstream(folder_ + "/objects/ab/readme") << "not ours";
  CacheRun run(folder_);
  run.disk->wait();
  EXPECT_TRUE(files().empty());
}

TEST_F(DiskCacheTest, stays_within_its_limit_also_when_the_limit_is_lowered) {
  const uint64_t limit = 2 * 1024 * 1024;
  const auto on_disk = [this] {
    uint64_t total = 0;
    for (const fs::path& file : files()) total += (fs::file_size(file) + 4095) / 4096 * 4096;
    return total;
  };
  {
    CacheRun run(folder_, limit);
    std::mt19937 random(1);
    for (int i = 0; i < 150; ++i) {
      run.put(object("k" + std::to_string(random() % 100), i, random() % 100'000));
      ASSERT_LE(on_disk(), limit);
      ASSERT_LE(run.disk->bytes(), limit);
    }
    run.put(object("huge", 1, 3 * 1024 * 1024));
    EXPECT_EQ(run.find("huge"), nullptr);
    EXPECT_GT(on_disk(), limit / 2);
    EXPECT_GT(run.disk->counters().evicted, 0u);
  }
  CacheRun run(folder_, limit / 4);
  run.disk->wait();
  EXPECT_LE(on_disk(), limit / 4);
  EXPECT_GT(run.disk->count(), 0u);
}

TEST_F(DiskCacheTest, keeps_what_is_used_in_memory_when_a_scan_passes) {
  CacheRun run(folder_, 1024 * 1024);
  const auto hot = object("hot", 1, 10'000);
  run.put(hot);
  for (int i = 0; i < 400; ++i) {
    hot->used->store(true);  // as ObjectCache::find() does
    run.put(object("scan" + std::to_string(i), 1, 10'000));
  }
  EXPECT_NE(run.find("hot"), nullptr);
  EXPECT_EQ(run.find("scan0"), nullptr);
}

// What people ask for (Zipf, exponent 1, over 1,000 objects) from a disk that holds 100; then a crawler
// passes that asks for each of 3,000 others once, two for each of theirs: thirty times what the disk holds.
TEST_F(DiskCacheTest, keeps_its_hit_ratio_when_a_scan_passes_through) {
  constexpr size_t kBody = 3'000, kOnDisk = 2 * 4'096;  // as it is charged for
  constexpr int kAsked = 1'500;
  CacheRun run(folder_, 100 * kOnDisk);
  std::vector<double> weights;
  for (int i = 1; i <= 1'000; ++i) weights.push_back(1.0 / i);
  std::discrete_distribution<int> people(weights.begin(), weights.end());
  std::mt19937 random(7);
  const auto ask = [&](const std::string& key) {
    if (const ObjectPtr found = run.find(key)) {
      EXPECT_EQ(found->body, body_of(key, 1, kBody));
      return 1;
    }
    run.put(object(key, 1, kBody));
    return 0;
  };
  const auto hit_ratio = [&](int scanned_for_each) {
    static int next_scanned = 0;
    int hits = 0;
    for (int i = 0; i < kAsked; ++i) {
      for (int k = 0; k < scanned_for_each; ++k) ask("scanned" + std::to_string(next_scanned++));
      hits += ask("page" + std::to_string(people(random)));
    }
    return hits / static_cast<double>(kAsked);
  };
  hit_ratio(0);  // fills it
  const double before = hit_ratio(0), during = hit_ratio(2), after = hit_ratio(0);
  RecordProperty("hit_ratio",
                 std::to_string(before) + " " + std::to_string(during) + " " + std::to_string(after));
  EXPECT_GT(before, 0.5);
  EXPECT_GT(during, before - 0.04);
  EXPECT_GT(after, before - 0.04);
  EXPECT_LE(run.disk->bytes(), 100 * kOnDisk);
}

TEST_F(DiskCacheTest, an_invalidated_object_never_comes_back) {
  {
    CacheRun run(folder_);
    run.put(object("a", 1, 1000));
    run.put(object("b", 1, 1000));
    ASSERT_TRUE(run.invalidations->add("E1", {"/a"}));
    EXPECT_EQ(run.find("a"), nullptr);
    EXPECT_EQ(files().size(), 2u) << "nothing has swept yet, as if edge had been killed";
  }
  {
    CacheRun run(folder_);
    EXPECT_EQ(run.find("a"), nullptr);
    EXPECT_NE(run.find("b"), nullptr);
    run.disk->wait();
    run.disk->wait();  // sweeping ends in a job of its own
    EXPECT_EQ(files().size(), 1u);
    EXPECT_FALSE(run.invalidations->needs_sweep());
    run.put(object("a", 1, 1000, 0));  // asked for before the invalidation
    EXPECT_EQ(run.find("a"), nullptr);
    run.put(object("a", 2, 1000, run.invalidations->sequence()));
    EXPECT_NE(run.find("a"), nullptr);
  }
  CacheRun run(folder_);
  EXPECT_EQ(run.invalidations->sequence(), 1u);
  EXPECT_NE(run.find("a"), nullptr);
  EXPECT_NE(run.find("b"), nullptr);
}

TEST_F(DiskCacheTest, without_its_journal_nothing_is_trusted) {
  const auto fill = [this] {
    CacheRun run(folder_);
    run.put(object("a", 1, 1000, run.invalidations->sequence()));
    ASSERT_TRUE(run.invalidations->add("E1", {"/x"}));
    ASSERT_TRUE(run.invalidations->add("E1", {"/y"}));
    EXPECT_NE(run.find("a"), nullptr);
  };
  fill();
  fs::remove(folder_ + "/invalidations");
  {
    CacheRun run(folder_);
    EXPECT_EQ(run.find("a"), nullptr);
    run.disk->wait();
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 2) << "the journal and objects/";
  }
  fill();
  std::string text = *read_file(folder_ + "/invalidations");
  text[text.find("/x")] = '!';
  std::ofstream(folder_ + "/invalidations", std::ios::trunc) << text;
  {
    CacheRun run(folder_);
    EXPECT_EQ(run.find("a"), nullptr);
  }
  fill();
  text = *read_file(folder_ + "/invalidations");
  std::ofstream(folder_ + "/invalidations", std::ios::trunc) << text.substr(0, text.size() - 3);
  CacheRun run(folder_);
  EXPECT_NE(run.find("a"), nullptr) << "a line that was never acknowledged says nothing about the others";
}

// ---- killed at any time ----

struct Report {
  char what;  // 'p': put was called; 'i': an invalidation was acknowledged
  int key, version;
};

constexpr int kKeys = 12;

[[noreturn]] void write_until_killed(const std::string& folder, int pipe, unsigned seed) {
  CacheRun run(folder, 3 * 1024 * 1024);
  std::mt19937 random(seed);
  for (int version = static_cast<int>(seed) * 100'000 + 1;; ++version) {
    Report report{'p', static_cast<int>(random() % kKeys), version};
    const std::string key = "k" + std::to_string(report.key);
    if (version % 5 == 0) {
      report.what = 'i';
      if (!run.invalidations->add("E1", {"/" + key})) _exit(1);
      run.disk->sweep();
    } else {
      run.disk->put(object(key, version, random() % 300'000, run.invalidations->sequence()));
    }
    if (::write(pipe, &report, sizeof report) != sizeof report) _exit(2);
  }
}

TEST_F(DiskCacheTest, a_writer_killed_anywhere_leaves_only_whole_and_valid_objects) {
  std::map<int, int> least;  // by key: no version up to this may be seen again
  int seen = 0;
  for (unsigned round = 1; round <= 24; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(folder_, ends[1], round);
    ::close(ends[1]);
    Report report;
    for (unsigned i = 0; i < round * 3; ++i) {
      ASSERT_EQ(::read(ends[0], &report, sizeof report), static_cast<ssize_t>(sizeof report));
      if (report.what == 'i') least[report.key] = report.version;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(ends[0], &report, sizeof report) == static_cast<ssize_t>(sizeof report))
      if (report.what == 'i') least[report.key] = report.version;
    ::close(ends[0]);
    CacheRun run(folder_, 3 * 1024 * 1024);
    for (int k = 0; k < kKeys; ++k) {
      const std::string key = "k" + std::to_string(k);
      const ObjectPtr found = run.find(key);
      if (!found) continue;
      ++seen;
      const int version = std::stoi(std::string(*found->head.headers.get("x-version")));
      EXPECT_EQ(found->body, body_of(key, version, found->body.size()));
      EXPECT_GT(version, least[k]) << "an invalidated object came back";
    }
    EXPECT_EQ(run.disk->counters().broken, 0u)
        << "a kill tears nothing: files are renamed when they are whole";
    EXPECT_LE(run.disk->bytes(), 3u * 1024 * 1024);
  }
  EXPECT_GT(seen, 24) << "the caches were not empty";
}

}  // namespace
}  // namespace landfall::cloudfront
