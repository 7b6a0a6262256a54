// What a power cut at any instant may leave of a store at work: whatever it had acknowledged by then must be
// there afterwards, whole (rocks/power_cut_recorder.h).
#include <set>

#include "rocks/power_cut_recorder.h"
#include "services/s3/dataplane/lifecycle.h"
#include "services/s3/dataplane/store_testing.h"

namespace landfall::s3::power_cut_test {
namespace {

using namespace power_cut;  // NOLINT: the test's own vocabulary

constexpr size_t kStatesOfAQuickRun = 20;  // of each test

Timestamp days_later(Timestamp now, int64_t days) { return now.plus_seconds(days * 86'400); }

// ---- the work ----

constexpr int kWriters = 4, kKeysPerWriter = 3, kWritesPerWriter = 9;

// One write or removal of one key. Its number marks its beginning (2 * number) and its acknowledgement (2 *
// number + 1).
struct Step {
  std::string key;
  std::string value;
  bool erasing = false;
};

std::vector<Step> steps_of(int session, int writer) {
  constexpr size_t sizes[] = {10, 4'096, 40'000, 70'000, 300'000};
  std::vector<Step> steps;
  for (int i = 0; i < kWritesPerWriter; ++i) {
    const int seed = session * 1'000 + writer * 100 + i;
    Step step{.key = std::to_string(writer) + "/" + std::to_string(i % kKeysPerWriter),
              .erasing = i % 5 == 4};
    if (!step.erasing) step.value = std::to_string(seed) + " " + pattern(sizes[(writer + i) % 5], seed);
    steps.push_back(std::move(step));
  }
  return steps;
}

bool put_in_parts(ObjectStore& store, const ObjectName& name, const std::string& bytes) {
  auto id =
      wait_for<std::string>([&](Done<std::string> done) { store.create_upload(name, {}, std::move(done)); });
  auto body = stage(store, bytes);
  if (!id || !body) return false;
  PartRecord part;
  part.number = 1;
  part.etag = "part";
  auto stored = wait_for<PartRecord>(
      [&](Done<PartRecord> done) { store.put_part(name, *id, part, std::move(*body), std::move(done)); });
  if (!stored) return false;
  CompleteRequest request{.name = name, .upload_id = *id, .parts = {{1, "part"}}};
  request.finish = [](const std::vector<PartRecord>&, const UploadRecord&, ObjectRecord&) -> StoreResult<> {
    return {};
  };
  return wait_for<ObjectRecord>(
             [&](Done<ObjectRecord> done) { store.complete_upload(std::move(request), std::move(done)); })
      .has_value();
}

struct Work {
  std::vector<Step> steps;  // by number
  std::mutex mutex;
  size_t begin(const Step& step) {
    std::lock_guard lock(mutex);
    steps.push_back(step);
    return steps.size() - 1;
  }
};

void write_keys(ObjectStore& store, Recorder& recorder, Work& work, const ObjectName& bucket,
                std::vector<Step> steps) {
  for (const Step& step : steps) {
    ObjectName name = bucket;
    name.key = step.key;
    const size_t number = work.begin(step);
    recorder.mark(2 * number);
    bool done = false;
    if (step.erasing)
      done = erase(store, name).has_value();
    else if (number % 4 == 3)
      done = put_in_parts(store, name, step.value);
    else
      done = put(store, name, step.value).has_value();
    ASSERT_TRUE(done) << step.key;
    recorder.mark(2 * number + 1);
  }
}

// Two sessions of one store, so that the second begins with what the first left.
void work_in(const std::string& directory, Recorder& recorder, Work& work) {
  for (int session = 0; session < 2; ++session) {
    auto store = open_store(directory);
    if (session == 0) make_bucket(*store, "b");
    const ObjectName bucket{"b", store->find_bucket("b")->id, ""};
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer)
      writers.emplace_back(
          [&, writer] { write_keys(*store, recorder, work, bucket, steps_of(session, writer)); });
    for (auto& writer : writers) writer.join();
    store->wait_until_idle();
  }
}

// ---- what must be there ----

struct Expected {
  const Step* acknowledged = nullptr;  // the last of the key
  const Step* begun = nullptr;         // after it, unanswered
};

std::map<std::string, Expected> expected_after(const Disk& disk, const Work& work, size_t done) {
  std::map<std::string, Expected> keys;
  for (size_t i = 0; i < done; ++i) {
    if (disk.operation(i).kind != Kind::mark) continue;
    const uint64_t mark = disk.operation(i).offset;
    const Step& step = work.steps[mark / 2];
    if (mark % 2 == 0)
      keys[step.key].begun = &step;
    else
      keys[step.key] = {&step, nullptr};
  }
  return keys;
}

bool holds(const StoreResult<std::string>& got, const Step* step) {
  if (step == nullptr || step->erasing) return !got && got.error().code == StoreErrc::no_such_key;
  return got && *got == step->value;
}

// The first thing that is wrong with the store in `directory`; nothing if all is well.
std::string judge(const std::string& directory, const std::map<std::string, Expected>& keys) {
  auto opened = ObjectStore::open({.directory = directory});
  if (!opened) return "does not open: " + opened.error().message;
  ObjectStore& store = **opened;
  store.wait_until_idle();
  const auto bucket = store.find_bucket("b");
  if (!bucket) return keys.empty() ? "" : "the bucket is lost";
  for (const auto& [key, expected] : keys) {
    const auto got = get(store, {"b", bucket->id, key});
    if (holds(got, expected.acknowledged) || (expected.begun != nullptr && holds(got, expected.begun)))
      continue;
    const std::string found = got ? std::to_string(got->size()) + " bytes, " + got->substr(0, got->find(' '))
                                  : "error: " + got.error().message;
    return key + " is lost or torn: " + found;
  }
  return "";
}

class PowerCut : public ::testing::Test {
 protected:
  TemporaryDirectory directory_;
  std::string root() {
    const std::string root = directory_.path() + "/disk";
    std::filesystem::create_directory(root);
    return root;
  }
};

TEST_F(PowerCut, leaves_every_acknowledged_object_whole_whatever_was_not_synced) {
  Work work;
  const std::string on = root();
  Disk disk;
  {
    Recorder recorder(on);
    work_in(on + "/s3", recorder, work);
    disk = recorder.disk();
  }
  replay(disk, directory_.path() + "/cut", kStatesOfAQuickRun, [&](const std::string& left, size_t done) {
    return judge(left + "/s3", expected_after(disk, work, done));
  });
}

// ---- versions, copies, deletes of many, expiry, buckets and what is configured of them ----

// What is named ("key/v/1/0", "bucket/v", ...) and what a reader finds of it: text, empty when there is
// nothing.
struct Change {
  std::string thing, state;
};

class Ledger {
 public:
  explicit Ledger(Recorder& recorder) : recorder_(recorder) {}
  size_t begin(std::string thing, std::string state) {
    std::lock_guard lock(mutex_);
    changes_.push_back({std::move(thing), std::move(state)});
    recorder_.mark(2 * (changes_.size() - 1));
    return changes_.size() - 1;
  }
  void done(size_t number) { recorder_.mark(2 * number + 1); }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  Recorder& recorder_;
  std::mutex mutex_;
  std::vector<Change> changes_;
};

std::string value_of(int seed) {
  constexpr size_t sizes[] = {10, 4'096, 40'000, 70'000, 300'000};
  return std::to_string(seed) + " " + pattern(sizes[seed % 5], seed);
}

// One key of a versioned bucket and what it is known to hold, newest first.
class VersionedKey {
 public:
  VersionedKey(Ledger& ledger, std::string key) : ledger_(ledger), key_(std::move(key)) {}

  void use(ObjectStore& store) {
    store_ = &store;
    name_ = {"v", store.find_bucket("v")->id, key_};
  }
  void put_value(int seed) {
    const size_t change = begin_with(std::to_string(seed));
    ASSERT_TRUE(put(*store_, name_, value_of(seed)));
    finish(change, std::to_string(seed));
  }
  void put_parts(int seed) {
    const size_t change = begin_with(std::to_string(seed));
    ASSERT_TRUE(put_in_parts(*store_, name_, value_of(seed)));
    finish(change, std::to_string(seed));
  }
  void copy_from(const VersionedKey& other) {  // whose newest version is no marker
    const std::string token = other.versions_.front().token;
    const std::string value = token.substr(0, token.find('#'));
    const size_t change = begin_with(value);
    const auto record = store_->find(other.name_);
    ASSERT_TRUE(record);
    auto body = store_->share((*record)->segments, 0, (*record)->size);
    ASSERT_TRUE(body);
    PutRequest request{name_, {}, std::move(*body), {}};
    ASSERT_TRUE(wait_for<ObjectRecord>(
        [&](Done<ObjectRecord> done) { store_->put(std::move(request), std::move(done)); }));
    finish(change, value);
  }
  void tag(const std::string& value) {
    const std::string token = versions_.front().token + "#" + value;
    Version newest = versions_.front();
    versions_.erase(versions_.begin());
    const size_t change = begin_with(token);
    ASSERT_TRUE(wait_for<ObjectRecord>([&](Done<ObjectRecord> done) {
      store_->change_attributes(
          name_, {}, [&](ObjectAttributes& attributes) { attributes.tags.emplace_back(value, value); },
          std::move(done));
    }));
    ledger_.done(change);
    versions_.insert(versions_.begin(), {newest.id, token});
  }
  void remove_oldest() {
    const std::string id = versions_.back().id;
    versions_.pop_back();
    const size_t change = ledger_.begin(thing(), state());
    ASSERT_TRUE(erase(*store_, name_, id));
    ledger_.done(change);
  }
  // As DeleteObjects does: all are begun before one is answered.
  static void mark_deleted(const std::vector<VersionedKey*>& keys) {
    std::vector<std::future<StoreResult<DeleteOutcome>>> outcomes;
    std::vector<size_t> changes;
    for (VersionedKey* key : keys) {
      changes.push_back(key->begin_with("M"));
      auto outcome = std::make_shared<std::promise<StoreResult<DeleteOutcome>>>();
      outcomes.push_back(outcome->get_future());
      key->store_->erase({key->name_, {}, {}}, [outcome](StoreResult<DeleteOutcome> result) {
        outcome->set_value(std::move(result));
      });
    }
    for (size_t i = 0; i < keys.size(); ++i) {
      const auto outcome = outcomes[i].get();
      ASSERT_TRUE(outcome);
      keys[i]->ledger_.done(changes[i]);
      keys[i]->versions_.insert(keys[i]->versions_.begin(), {outcome->version_id, "M"});
    }
  }

 private:
  struct Version {
    std::string id, token;
  };
  std::string thing() const { return "key/v/" + key_; }
  std::string state() const {
    std::string out;
    for (const Version& version : versions_) out += version.token + " ";
    return out;
  }
  size_t begin_with(const std::string& token) { return ledger_.begin(thing(), token + " " + state()); }
  void finish(size_t change, const std::string& token) {
    ledger_.done(change);
    versions_.insert(versions_.begin(), {(*store_->find(name_))->version_id, token});
  }

  Ledger& ledger_;
  std::string key_;
  ObjectStore* store_ = nullptr;
  ObjectName name_;
  std::vector<Version> versions_;
};

void change(Ledger& ledger, std::string thing, std::string state,
            const std::function<void(Done<> done)>& start) {
  const size_t number = ledger.begin(std::move(thing), std::move(state));
  ASSERT_TRUE(wait_for([&](Done<> done) { start(std::move(done)); }));
  ledger.done(number);
}

void make_bucket_of(Ledger& ledger, ObjectStore& store, const std::string& name, Versioning versioning,
                    const std::string& lifecycle = {}) {
  BucketRecord record;
  record.name = name;
  record.versioning = versioning;
  if (!lifecycle.empty()) record.configuration[kLifecycleConfiguration] = lifecycle;
  change(ledger, "bucket/" + name, "1", [&](Done<> done) { store.create_bucket(record, std::move(done)); });
}

void write_versions(Ledger& ledger, ObjectStore& store, std::vector<VersionedKey>& keys, int seed) {
  for (VersionedKey& key : keys) key.use(store);
  keys[0].put_value(seed);
  keys[0].put_parts(seed + 4);  // 300,000 bytes: a file
  keys[1].copy_from(keys[0]);
  keys[0].tag("t");
  VersionedKey::mark_deleted({&keys[0], &keys[1]});
  keys[0].remove_oldest();
  keys[1].put_value(seed + 2);
  keys[0].remove_oldest();  // of what keys[1] is a copy
  keys[1].put_value(seed + 3);
  keys[1].remove_oldest();  // the copy itself
  const std::string own = "w" + std::to_string(seed);
  make_bucket_of(ledger, store, own, Versioning::never);
  change(ledger, "policy/" + own, std::to_string(seed), [&](Done<> done) {
    store.change_bucket(
        own, [&](BucketRecord& record) { record.configuration["policy"] = std::to_string(seed); },
        std::move(done));
  });
  const ObjectName name{own, store.find_bucket(own)->id, "part"};
  size_t number = ledger.begin("uploads/" + own, "1");
  const auto id =
      wait_for<std::string>([&](Done<std::string> done) { store.create_upload(name, {}, std::move(done)); });
  ASSERT_TRUE(id);
  ledger.done(number);
  change(ledger, "uploads/" + own, "", [&](Done<> done) { store.abort_upload(name, *id, std::move(done)); });
  if (seed % 200 < 100) return;
  number = ledger.begin("policy/" + own, "");
  change(ledger, "bucket/" + own, "", [&](Done<> done) { store.delete_bucket(own, std::move(done)); });
  ledger.done(number);
}

void expire(Ledger& ledger, ObjectStore& store, int session) {
  std::vector<size_t> numbers;
  const ObjectName bucket{"l", store.find_bucket("l")->id, ""};
  for (int i = 0; i < 3; ++i) {
    ObjectName name = bucket;
    name.key = std::to_string(session) + "-" + std::to_string(i);
    const int seed = session * 10 + i;
    const size_t number = ledger.begin("key/l/" + name.key, std::to_string(seed) + " ");
    ASSERT_TRUE(put(store, name, value_of(seed)));
    ledger.done(number);
  }
  for (int i = 0; i < 3; ++i)
    numbers.push_back(ledger.begin("key/l/" + std::to_string(session) + "-" + std::to_string(i), ""));
  EXPECT_EQ(apply_lifecycles(store, days_later(store.clock().now(), 3)), 3u);
  for (const size_t number : numbers) ledger.done(number);
}

void work_with_versions(const std::string& directory, Ledger& ledger) {
  constexpr int kVersionWriters = 2;
  std::vector<std::vector<VersionedKey>> keys(kVersionWriters);
  for (int writer = 0; writer < kVersionWriters; ++writer)
    for (int i = 0; i < 2; ++i)
      keys[writer].emplace_back(ledger, std::to_string(writer) + "-" + std::to_string(i));
  for (int session = 0; session < 2; ++session) {
    auto store = open_store(directory);
    if (session == 0) {
      make_bucket_of(ledger, *store, "v", Versioning::enabled);
      make_bucket_of(
          ledger, *store, "l", Versioning::never,
          "<LifecycleConfiguration><Rule><Status>Enabled</Status><Prefix/><Expiration><Days>1</Days>"
          "</Expiration></Rule></LifecycleConfiguration>");
    }
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kVersionWriters; ++writer)
      writers.emplace_back(
          [&, writer] { write_versions(ledger, *store, keys[writer], session * 100 + writer * 1'000); });
    expire(ledger, *store, session);
    for (auto& writer : writers) writer.join();
    store->wait_until_idle();
  }
}

std::string versions_found(ObjectStore& store, BucketId bucket, const std::string& key) {
  const auto page = store.list_versions(bucket, {.prefix = key});
  if (!page) return "error: " + page.error().message;
  std::string out;
  for (const ListEntry& entry : page->entries) {
    if (entry.record.delete_marker) {
      out += "M ";
      continue;
    }
    const auto bytes = read_all(store, entry.record);
    if (!bytes || *bytes != value_of(std::atoi(bytes->c_str()))) return "torn";
    out += bytes->substr(0, bytes->find(' '));
    for (const auto& [name, value] : entry.record.attributes.tags) out += "#" + value;
    out += " ";
  }
  return out;
}

std::string found(ObjectStore& store, const std::string& thing) {
  const size_t slash = thing.find('/'), end = std::min(thing.find('/', slash + 1), thing.size());
  const std::string kind = thing.substr(0, slash);
  const auto bucket = store.find_bucket(thing.substr(slash + 1, end - slash - 1));
  if (kind == "bucket") return bucket ? "1" : "";
  if (!bucket) return "";
  if (kind == "key") return versions_found(store, bucket->id, thing.substr(end + 1));
  if (kind == "policy")
    return bucket->configuration.contains("policy") ? bucket->configuration.at("policy") : "";
  const auto page = store.list_uploads(bucket->id, {});
  if (!page) return "error: " + page.error().message;
  return page->entries.empty() ? "" : std::to_string(page->entries.size());
}

std::string judge_ledger(const std::string& directory, const Disk& disk, const std::vector<Change>& changes,
                         size_t done) {
  struct Allowed {
    std::string acknowledged;
    std::optional<std::string> begun;
  };
  std::map<std::string, Allowed> things;
  for (size_t i = 0; i < done; ++i) {
    if (disk.operation(i).kind != Kind::mark) continue;
    const uint64_t mark = disk.operation(i).offset;
    const Change& change = changes[mark / 2];
    if (mark % 2 == 0)
      things[change.thing].begun = change.state;
    else
      things[change.thing] = {change.state, {}};
  }
  auto opened = ObjectStore::open({.directory = directory});
  if (!opened) return "does not open: " + opened.error().message;
  (*opened)->wait_until_idle();
  for (const auto& [thing, allowed] : things) {
    const std::string is = found(**opened, thing);
    if (is == allowed.acknowledged || (allowed.begun && is == *allowed.begun)) continue;
    return thing + " is '" + is + "', not '" + allowed.acknowledged + "'" +
           (allowed.begun ? " or '" + *allowed.begun + "'" : "");
  }
  return "";
}

TEST_F(PowerCut, leaves_versions_copies_expiries_and_buckets_as_they_were_answered) {
  const std::string on = root();
  Disk disk;
  std::vector<Change> changes;
  {
    Recorder recorder(on);
    Ledger ledger(recorder);
    work_with_versions(on + "/s3", ledger);
    disk = recorder.disk();
    changes = ledger.changes();
  }
  replay(disk, directory_.path() + "/cut", kStatesOfAQuickRun, [&](const std::string& left, size_t done) {
    return judge_ledger(left + "/s3", disk, changes, done);
  });
}

// The replay itself can fail: a store that acknowledges before it syncs is caught.
TEST(PowerCutModel, loses_what_was_not_synced_and_keeps_what_was) {
  TemporaryDirectory directory;
  Disk disk;
  const Inode a = disk.create("a"), b = disk.create("b");
  disk.write(a, 0, "synced");
  disk.sync(a, disk.size());
  disk.write(a, 6, " not");
  disk.write(b, 0, "synced too, but its name is not");
  disk.sync(b, disk.size());
  const auto left = [&](size_t done, Fate fate) {
    const std::string into = directory.path() + "/cut";
    disk.materialize(done, [fate](const Operation&) { return fate; }, into);
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(into)) {
      std::ifstream file(entry.path());
      text += entry.path().filename().string() + "=" + std::string(std::istreambuf_iterator<char>(file), {}) +
              ";";
    }
    std::filesystem::remove_all(into);
    return text;
  };
  EXPECT_EQ(left(disk.size(), Fate::lost), "");
  disk.sync(power_cut::kRoot, 1);  // began when only "a" was there
  EXPECT_EQ(left(disk.size(), Fate::lost), "a=synced;");
  disk.sync(power_cut::kRoot, disk.size());
  disk.rename("a", "c");
  EXPECT_NE(left(disk.size(), Fate::lost).find("a=synced;"), std::string::npos);
  EXPECT_NE(left(disk.size(), Fate::kept).find("c=synced not;"), std::string::npos);
  EXPECT_EQ(left(disk.size(), Fate::kept).find("a="), std::string::npos);
}

}  // namespace
}  // namespace landfall::s3::power_cut_test
