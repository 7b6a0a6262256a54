#include "services/s3/dataplane/object_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "services/s3/dataplane/crc32c.h"
#include "services/s3/dataplane/keys.h"
#include "services/s3/dataplane/payload.h"
#include "services/s3/dataplane/s3_error.h"
#include "services/s3/dataplane/store_testing.h"

namespace landfall::s3 {
namespace {

// RFC 3720 appendix B.4.
TEST(Crc32c, matches_the_vectors_of_the_rfc) {
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c("56789", crc32c("1234")), 0xe3069283u);
}

TEST(Crc32c, of_a_long_text_is_that_of_its_bytes_one_by_one) {
  std::string text(20'000, '\0');
  SeededRandom(5).fill(text.data(), text.size());
  for (size_t size : {3071, 3072, 3073, 6144, 9999, 20'000}) {
    const std::string_view part = std::string_view(text).substr(text.size() - size);
    uint32_t crc = 0;
    for (size_t i = 0; i < size; ++i) crc = crc32c(part.substr(i, 1), crc);
    EXPECT_EQ(crc32c(part), crc) << size;
    EXPECT_EQ(crc32c(part.substr(1), crc32c(part.substr(0, 1))), crc) << size;
  }
}

TEST(Keys, sort_as_object_keys_do_and_newest_first) {
  EXPECT_LT(object_key(1, "a", 5), object_key(1, "a", 4));
  EXPECT_LT(object_key(1, "a", 1), object_key(1, std::string("a\0", 2), 9));
  EXPECT_LT(object_key(1, std::string("a\0", 2), 1), object_key(1, "a!", 9));
  EXPECT_LT(object_key(1, "\xff\xff", 1), object_key(2, "a", 9));
  auto parsed = parse_object_key(object_key(7, std::string("x\0\1y", 4), 42));
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->key, std::string("x\0\1y", 4));
  EXPECT_EQ(parsed->sequence, 42u);
}

class ObjectStoreTest : public ::testing::Test {
 protected:
  TemporaryDirectory directory;
  std::unique_ptr<ObjectStore> store = open_store(directory.path());
  void reopen() {
    store.reset();
    store = open_store(directory.path());
  }
  size_t body_files() {
    store->wait_until_idle();
    return files_under(directory.path() + "/objects");
  }
  void set_versioning(const std::string& bucket, Versioning versioning) {
    ASSERT_TRUE(wait_for([&](Done<> done) {
      store->change_bucket(
          bucket, [=](BucketRecord& record) { record.versioning = versioning; }, std::move(done));
    }));
  }
};

TEST_F(ObjectStoreTest, small_and_large_objects_read_back_after_a_reopen) {
  ObjectName name = make_bucket(*store, "b");
  for (size_t size : {0ul, 1ul, kInlineBytes, kInlineBytes + 1, 3 * kBlockBytes + 17}) {
    name.key = "k" + std::to_string(size);
    ASSERT_TRUE(put(*store, name, pattern(size, size)));
  }
  reopen();
  for (size_t size : {0ul, 1ul, kInlineBytes, kInlineBytes + 1, 3 * kBlockBytes + 17}) {
    name.key = "k" + std::to_string(size);
    EXPECT_TRUE(get(*store, name) == pattern(size, size));
  }
  EXPECT_EQ(body_files(), 2u);
}

TEST_F(ObjectStoreTest, an_upload_that_is_cut_leaves_no_file_though_its_pieces_wait_to_be_hashed) {
  http::Request request;
  request.headers.add("content-length", "1000000");
  PayloadSignature signature;
  signature.claim = {aws::sigv4::PayloadKind::unsigned_payload, aws::sigv4::kUnsignedPayload};
  std::shared_ptr<Payload> payload = std::move(*Payload::create(request, signature, Md5::always));
  payload->hash_at({.large = store->hash_lanes(),
                    .on_pool = [this](HashJob job) { store->pool().run(std::move(job)); },
                    .small = store->hash_lanes(),
                    .on_loop = nullptr});
  auto writer = store->write_body(payload);
  writer->write(pattern(kGatheredBytes / 2, 1));
  writer.reset();
  store.reset();  // ends when what was begun has ended
  EXPECT_EQ(files_under(directory.path() + "/incoming"), 0u);
}

TEST_F(ObjectStoreTest, a_written_piece_is_kept_and_filled_again) {
  SparePieces& spares = store->spare_pieces();
  std::string piece = spares.take(kPieceBytes);
  piece.resize(kPieceBytes - 1);  // as the last of a body is
  const char* const at = piece.data();
  auto writer = store->write_body(std::make_shared<Blind>());
  writer->write(std::move(piece));
  ASSERT_TRUE(wait_for<StagedBody>([&](Done<StagedBody> done) { writer->finish(std::move(done)); }));
  ASSERT_EQ(spares.kept_bytes(), kPieceBytes);
  EXPECT_EQ(spares.take(kPieceBytes / 2).size(), kPieceBytes / 2);  // not of those
  EXPECT_EQ(spares.kept_bytes(), kPieceBytes);
  const std::string again = spares.take(kPieceBytes);
  EXPECT_EQ(again.data(), at);
  EXPECT_EQ(again.size(), kPieceBytes);
  EXPECT_EQ(spares.kept_bytes(), 0u);
}

TEST(SparePieces, keeps_so_many_and_only_of_one_size) {
  SparePieces spares;
  for (const size_t bytes : {size_t{0}, kPieceBytes - 1, kPieceBytes + 1, kPieceBytes * 2}) {
    spares.give(std::string(bytes, 'x'));
    EXPECT_EQ(spares.kept_bytes(), 0u) << bytes;
  }
  for (size_t given = kPieceBytes; given <= kSpareBytes + 2 * kPieceBytes; given += kPieceBytes) {
    spares.give(std::string(kPieceBytes, 'x'));
    EXPECT_EQ(spares.kept_bytes(), std::min(given, kSpareBytes));
  }
}

TEST_F(ObjectStoreTest, an_overwrite_and_a_delete_remove_the_old_file) {
  ObjectName name = make_bucket(*store, "b", "k");
  ASSERT_TRUE(put(*store, name, pattern(100'000, 1)));
  ASSERT_TRUE(put(*store, name, pattern(100'000, 2)));
  EXPECT_TRUE(get(*store, name) == pattern(100'000, 2));
  EXPECT_EQ(body_files(), 1u);
  ASSERT_TRUE(erase(*store, name));
  EXPECT_EQ(store->find(name).error().code, StoreErrc::no_such_key);
  EXPECT_EQ(body_files(), 0u);
}

TEST_F(ObjectStoreTest, a_body_being_read_outlives_the_delete_of_its_object) {
  ObjectName name = make_bucket(*store, "b", "k");
  auto record = put(*store, name, pattern(600'000, 1));
  auto body = store->open_body(record->segments);
  ASSERT_TRUE(body);
  ASSERT_TRUE(erase(*store, name));
  EXPECT_EQ(body_files(), 1u);
  EXPECT_TRUE((*body)->read(500'000, 10) == pattern(600'000, 1).substr(500'000, 10));
  body->reset();
  EXPECT_EQ(body_files(), 0u);
  EXPECT_EQ(store->open_body(record->segments).error().code, StoreErrc::no_such_key);
}

// The one body file under the directory, with one bit of it changed.
void flip_a_bit(const std::string& directory, off_t at) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory + "/objects")) {
    if (!entry.is_regular_file()) continue;
    UniqueFd fd(::open(entry.path().c_str(), O_RDWR));
    char byte;
    ASSERT_EQ(pread(fd.get(), &byte, 1, at), 1);
    byte ^= 1;
    ASSERT_EQ(pwrite(fd.get(), &byte, 1, at), 1);
  }
}

TEST_F(ObjectStoreTest, a_flipped_bit_on_disk_is_an_error_and_never_data) {
  ObjectName name = make_bucket(*store, "b", "k");
  ASSERT_TRUE(put(*store, name, pattern(600'000, 1)));
  flip_a_bit(directory.path(), 300'000);
  EXPECT_EQ(get(*store, name).error().code, StoreErrc::corrupt);
}

TEST_F(ObjectStoreTest, a_verified_body_is_ready_without_the_disk_until_its_verdict_ends) {
  ManualClock clock;
  store.reset();
  store = std::move(*ObjectStore::open({.directory = directory.path(), .clock = &clock}));
  ObjectName name = make_bucket(*store, "b", "k");
  auto record = put(*store, name, pattern(600'000, 1));
  ASSERT_TRUE(record);
  EXPECT_EQ(store->find_open_body(record->segments), nullptr);

  auto body = std::move(*store->open_body(record->segments));
  EXPECT_EQ(body->ready(0, 600'000).length, 0u);
  ASSERT_TRUE(body->prepare(0, 1));  // its block
  EXPECT_EQ(body->ready(10, 600'000).length, kBlockBytes - 10);
  ASSERT_TRUE(body->prepare(0, 600'000));
  body.reset();

  auto open = store->find_open_body(record->segments);
  ASSERT_TRUE(open);
  const StoredBody::Ready ready = open->ready(1000, 600'000);
  ASSERT_EQ(ready.length, 599'000u);
  std::string bytes(ready.length, '\0');
  ASSERT_EQ(pread(ready.file->get(), bytes.data(), bytes.size(), static_cast<off_t>(ready.offset)), 599'000);
  EXPECT_TRUE(bytes == pattern(600'000, 1).substr(1000));

  flip_a_bit(directory.path(), 300'000);
  clock.advance_ms(kVerifiedSeconds * 1000 + 1000);
  EXPECT_EQ(open->ready(0, 600'000).length, 0u);
  EXPECT_TRUE(open->prepare(0, kBlockBytes));  // the first block is as it was
  EXPECT_EQ(open->prepare(0, 600'000).error().code, StoreErrc::corrupt);
  EXPECT_EQ(open->ready(0, 600'000).length, kBlockBytes);
}

TEST_F(ObjectStoreTest, a_deleted_body_is_not_kept_open) {
  ObjectName name = make_bucket(*store, "b", "k");
  auto record = put(*store, name, pattern(600'000, 1));
  ASSERT_TRUE(get(*store, name));
  EXPECT_NE(store->find_open_body(record->segments), nullptr);
  ASSERT_TRUE(erase(*store, name));
  EXPECT_EQ(body_files(), 0u);
  EXPECT_EQ(store->find_open_body(record->segments), nullptr);
}

TEST(SmallBodies, are_bounded_by_their_bytes_and_the_least_lately_used_go_first) {
  SmallBodies bodies(100'000);
  const auto body = std::make_shared<const std::string>(10'000, 'x');
  for (uint64_t i = 0; i < 20; ++i) {
    bodies.put({1, i}, body);
    EXPECT_EQ(bodies.find({1, 0}), body);  // used again each time
    EXPECT_LE(bodies.bytes(), 100'000u);
  }
  EXPECT_EQ(bodies.find({1, 10}), nullptr);
  EXPECT_EQ(bodies.find({1, 19}), body);
}

TEST_F(ObjectStoreTest, a_small_body_is_in_memory_once_it_has_been_read_and_its_parts_are_cut_from_it) {
  ObjectName name = make_bucket(*store, "b", "k");
  auto record = put(*store, name, pattern(5000, 1));
  reopen();
  ASSERT_TRUE(get(*store, name));
  Segment part = record->segments.at(0);
  part.offset = 1000;
  part.length = 500;
  auto found = store->small_body_in_memory({part});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->bytes, pattern(5000, 1).substr(1000, 500));
  auto body = std::move(*store->open_body({part}));
  EXPECT_EQ(body->ready(10, 500).bytes, pattern(5000, 1).substr(1010, 490));
  EXPECT_EQ(*body->read(10, 5), pattern(5000, 1).substr(1010, 5));
}

TEST_F(ObjectStoreTest, open_files_are_bounded_and_the_least_lately_used_go_first) {
  auto files = BodyFiles::open(directory.path() + "/bounded");
  ASSERT_TRUE(files);
  OpenBodies bodies(*files, Clock::system());
  const FileRecord record{.references = 1, .size = 3, .block_crcs = {0}};
  for (uint64_t i = 0; i <= kOpenBodies; ++i) {
    const BodyId id{1, i};
    std::filesystem::create_directories(std::filesystem::path(files->path(id)).parent_path());
    std::ofstream(files->path(id)) << "abc";
    ASSERT_TRUE(bodies.open(id, record));
    EXPECT_NE(bodies.find({1, 0}), nullptr);  // used again each time
  }
  EXPECT_EQ(bodies.find({1, 1}), nullptr);
  EXPECT_NE(bodies.find({1, 2}), nullptr);
}

struct FullDisk : testing::Test {
  FullDisk() {
    auto opened = ObjectStore::open(
        {.directory = directory.path(), .free_bytes = [this](const std::string&) { return free.load(); }});
    EXPECT_TRUE(opened);
    store = std::move(*opened);
  }
  static constexpr uint64_t kFull = rocks::kLeftForDeletions - 1;

  TemporaryDirectory directory;
  std::atomic<uint64_t> free{UINT64_MAX};
  std::unique_ptr<ObjectStore> store;
};

TEST_F(FullDisk, what_adds_is_refused_what_frees_is_taken_and_room_lets_all_in_again) {
  ObjectName name = make_bucket(*store, "b", "small");
  ObjectName large = name, doomed = name;
  large.key = "large";
  doomed.key = "doomed";
  ASSERT_TRUE(put(*store, doomed, pattern(50'000, 1)));
  const std::string upload = *wait_for<std::string>(
      [&](Done<std::string> done) { store->create_upload(name, {}, std::move(done)); });

  free = kFull;
  EXPECT_EQ(put(*store, name, "1").error().code, StoreErrc::no_space);
  EXPECT_EQ(put(*store, large, pattern(50'000, 2)).error().code, StoreErrc::no_space);
  EXPECT_EQ(get(*store, doomed), pattern(50'000, 1)) << "reading needs no room";
  EXPECT_TRUE(erase(*store, doomed));
  EXPECT_TRUE(wait_for([&](Done<> done) { store->abort_upload(name, upload, std::move(done)); }));
  store->wait_until_idle();
  EXPECT_EQ(files_under(directory.path() + "/objects") + files_under(directory.path() + "/incoming"), 0u);
  EXPECT_TRUE(wait_for([&](Done<> done) { store->delete_bucket("b", std::move(done)); }));

  free = UINT64_MAX;
  name = make_bucket(*store, "b", "small");
  EXPECT_TRUE(put(*store, name, "1"));
}

TEST_F(FullDisk, an_upload_stops_before_it_takes_what_is_kept_for_deletions) {
  ObjectName name = make_bucket(*store, "b", "k");
  free = rocks::kLeftForDeletions + 1'000'000;
  EXPECT_TRUE(put(*store, name, pattern(900'000, 1)));
  EXPECT_EQ(put(*store, name, pattern(1'100'000, 2)).error().code, StoreErrc::no_space);
  EXPECT_EQ(get(*store, name), pattern(900'000, 1));
}

TEST_F(FullDisk, not_even_a_deletion_takes_what_rocksdb_itself_needs) {
  ObjectName name = make_bucket(*store, "b", "k");
  ASSERT_TRUE(put(*store, name, "1"));
  free = rocks::kLeftForRocksDb;
  EXPECT_EQ(erase(*store, name).error().code, StoreErrc::no_space);
  EXPECT_EQ(get(*store, name), "1");
}

TEST_F(FullDisk, a_deletion_is_not_refused_for_what_shares_its_group) {
  ObjectName kept = make_bucket(*store, "b", "kept");
  ASSERT_TRUE(put(*store, kept, "1"));
  free = kFull;
  std::atomic<int> refused{0}, deleted{0}, left{200};
  std::promise<void> all;
  const auto count = [&](std::atomic<int>& which) {
    ++which;
    if (--left == 0) all.set_value();
  };
  for (int i = 0; i < 100; ++i) {
    ObjectName name = kept;
    name.key = std::to_string(i);
    store->put({name, {}, store->stage_inline("x"), {}}, [&](StoreResult<ObjectRecord> result) {
      EXPECT_EQ(result.error().code, StoreErrc::no_space);
      count(refused);
    });
    store->erase({kept, std::nullopt, {}}, [&](StoreResult<DeleteOutcome> result) {
      EXPECT_TRUE(result);
      count(deleted);
    });
  }
  all.get_future().wait();
  EXPECT_EQ(refused, 100);
  EXPECT_EQ(deleted, 100);
  EXPECT_FALSE(get(*store, kept));
}

TEST(FullDiskAnswer, says_what_is_full_and_what_to_do) {
  const S3Error error = from_store({StoreErrc::no_space, "the disk of x is full"});
  EXPECT_EQ(error.status, 507);
  EXPECT_EQ(error.code, "InsufficientStorage");
  EXPECT_NE(error.message.find("Delete objects"), std::string::npos);
}

TEST_F(ObjectStoreTest, a_precondition_is_judged_within_the_commit) {
  ObjectName name = make_bucket(*store, "b", "k");
  auto absent = [](const ObjectRecord* current) -> StoreResult<> {
    if (current) return store_fail(StoreErrc::precondition_failed);
    return {};
  };
  EXPECT_TRUE(put(*store, name, "first", absent));
  EXPECT_EQ(put(*store, name, pattern(50'000, 1), absent).error().code, StoreErrc::precondition_failed);
  EXPECT_EQ(get(*store, name), "first");
  EXPECT_EQ(body_files(), 0u) << "the refused body's file is gone";
}

TEST_F(ObjectStoreTest, many_writers_share_synced_writes) {
  ObjectName name = make_bucket(*store, "b");
  const auto before = store->counters();
  std::atomic<int> done_count{0};
  std::promise<void> all;
  constexpr int kPuts = 500;
  for (int i = 0; i < kPuts; ++i) {
    name.key = std::to_string(i);
    PutRequest request{name, {}, store->stage_inline(pattern(4096, i)), {}};
    store->put(std::move(request), [&](StoreResult<ObjectRecord> result) {
      EXPECT_TRUE(result);
      if (++done_count == kPuts) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_LT(store->counters().synced_groups - before.synced_groups, kPuts / 4u);
  name.key = "499";
  EXPECT_TRUE(get(*store, name) == pattern(4096, 499));
}

TEST_F(ObjectStoreTest, only_one_of_two_conditional_puts_in_one_group_wins) {
  ObjectName name = make_bucket(*store, "b", "k");
  std::atomic<int> won{0}, finished{0};
  std::promise<void> all;
  for (int i = 0; i < 20; ++i) {
    PutRequest request{name, {}, store->stage_inline("x"), [](const ObjectRecord* current) -> StoreResult<> {
                         if (current) return store_fail(StoreErrc::precondition_failed);
                         return {};
                       }};
    store->put(std::move(request), [&](StoreResult<ObjectRecord> result) {
      won += result.has_value();
      if (++finished == 20) all.set_value();
    });
  }
  all.get_future().wait();
  EXPECT_EQ(won, 1);
}

TEST_F(ObjectStoreTest, a_copy_shares_the_file_until_both_are_gone) {
  ObjectName source = make_bucket(*store, "b", "source");
  auto record = put(*store, source, pattern(100'000, 1));
  ObjectName target = source;
  target.key = "target";
  auto shared = store->share(record->segments, 10, 50'000);
  ASSERT_TRUE(shared);
  PutRequest request{target, {}, std::move(*shared), {}};
  ASSERT_TRUE(wait_for<ObjectRecord>(
      [&](Done<ObjectRecord> done) { store->put(std::move(request), std::move(done)); }));
  ASSERT_TRUE(erase(*store, source));
  EXPECT_EQ(body_files(), 1u);
  reopen();
  EXPECT_TRUE(get(*store, target) == pattern(100'000, 1).substr(10, 50'000));
  ASSERT_TRUE(erase(*store, target));
  EXPECT_EQ(body_files(), 0u);
}

TEST_F(ObjectStoreTest, versions_pile_up_and_markers_hide_them) {
  ObjectName name = make_bucket(*store, "b", "k");
  ASSERT_TRUE(put(*store, name, "before versioning"));
  set_versioning("b", Versioning::enabled);
  auto v1 = put(*store, name, "one"), v2 = put(*store, name, "two");
  EXPECT_EQ(get(*store, name), "two");
  EXPECT_EQ(get(*store, name, v1->version_id), "one");
  EXPECT_EQ(get(*store, name, "null"), "before versioning");
  auto marker = erase(*store, name);
  EXPECT_TRUE(marker->delete_marker);
  EXPECT_TRUE((*store->find(name))->delete_marker);
  EXPECT_EQ(store->list_objects(name.bucket_id, {})->entries.size(), 0u);
  EXPECT_EQ(store->list_versions(name.bucket_id, {})->entries.size(), 4u);
  ASSERT_TRUE(erase(*store, name, marker->version_id));
  EXPECT_EQ(get(*store, name), "two");
  EXPECT_EQ(store->find(name, "0000000000000001AAAAAAAAAAAAAAAA").error().code, StoreErrc::no_such_version);
  set_versioning("b", Versioning::suspended);
  ASSERT_TRUE(put(*store, name, "null again"));
  EXPECT_EQ(get(*store, name), "null again");
  EXPECT_EQ(get(*store, name, "null"), "null again");
  EXPECT_EQ(store->list_versions(name.bucket_id, {})->entries.size(), 3u);
}

TEST_F(ObjectStoreTest, a_listing_groups_by_delimiter_and_pages_without_gap_or_repeat) {
  ObjectName name = make_bucket(*store, "b");
  for (const char* key : {"a", "b/1", "b/2", "b/3", "c", "d/x/1", "d/y", "e"}) {
    name.key = key;
    ASSERT_TRUE(put(*store, name, key));
  }
  for (size_t page_size : {1u, 2u, 3u, 100u}) {
    std::vector<std::string> seen;
    ListQuery query{
        .prefix = "", .delimiter = "/", .after_key = "", .after_version = "", .max_keys = page_size};
    while (true) {
      auto page = store->list_objects(name.bucket_id, query);
      ASSERT_TRUE(page);
      EXPECT_LE(page->entries.size() + page->common_prefixes.size(), page_size);
      for (const auto& entry : page->entries) seen.push_back(entry.key);
      for (const auto& prefix : page->common_prefixes) seen.push_back(prefix);
      if (!page->truncated) break;
      query.after_key = page->next_key;
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<std::string>{"a", "b/", "c", "d/", "e"})) << page_size;
  }
  auto under = store->list_objects(name.bucket_id, {.prefix = "d/", .delimiter = "/"});
  ASSERT_EQ(under->entries.size(), 1u);
  EXPECT_EQ(under->entries[0].key, "d/y");
  EXPECT_EQ(under->common_prefixes, std::vector<std::string>{"d/x/"});
}

TEST_F(ObjectStoreTest, a_bucket_goes_only_when_empty_and_returns_empty) {
  ObjectName name = make_bucket(*store, "b", "k");
  ASSERT_TRUE(put(*store, name, "x"));
  auto remove = [&] { return wait_for([&](Done<> done) { store->delete_bucket("b", std::move(done)); }); };
  EXPECT_EQ(remove().error().code, StoreErrc::bucket_not_empty);
  ASSERT_TRUE(erase(*store, name));
  EXPECT_TRUE(remove());
  EXPECT_EQ(put(*store, name, "x").error().code, StoreErrc::no_such_bucket);
  ObjectName again = make_bucket(*store, "b", "k");
  EXPECT_NE(again.bucket_id, name.bucket_id);
  reopen();
  EXPECT_EQ(store->find_bucket("b")->id, again.bucket_id);
}

class UploadTest : public ObjectStoreTest {
 protected:
  ObjectName name = make_bucket(*store, "b", "k");
  std::string start() {
    return *wait_for<std::string>(
        [&](Done<std::string> done) { store->create_upload(name, {}, std::move(done)); });
  }
  StoreResult<PartRecord> part(const std::string& id, uint32_t number, const std::string& bytes) {
    auto body = stage(*store, bytes);
    PartRecord record{.number = number, .size = 0, .etag = "e" + std::to_string(bytes.size())};
    return wait_for<PartRecord>(
        [&](Done<PartRecord> done) { store->put_part(name, id, record, std::move(*body), std::move(done)); });
  }
  StoreResult<ObjectRecord> complete(const std::string& id, std::vector<ChosenPart> parts) {
    CompleteRequest request{
        name, id, std::move(parts), {}, [](const auto&, const auto&, ObjectRecord& record) {
          record.etag = "whole";
          return StoreResult<>{};
        }};
    return wait_for<ObjectRecord>(
        [&](Done<ObjectRecord> done) { store->complete_upload(std::move(request), std::move(done)); });
  }
};

TEST_F(UploadTest, parts_become_one_object_and_the_rest_is_released) {
  const std::string id = start(), first = pattern(kMinPartBytes, 1), last = pattern(10, 2);
  ASSERT_TRUE(part(id, 1, pattern(kMinPartBytes, 9)));
  ASSERT_TRUE(part(id, 1, first));  // replaces
  ASSERT_TRUE(part(id, 2, pattern(30'000, 3)));
  ASSERT_TRUE(part(id, 7, last));
  EXPECT_EQ(store->list_parts(id, 0, 1000)->entries.size(), 3u);
  EXPECT_EQ(complete(id, {{1, "e5242880"}, {2, "e30000"}, {7, "e10"}}).error().code,
            StoreErrc::part_too_small);
  EXPECT_EQ(complete(id, {{1, "other"}}).error().code, StoreErrc::invalid_part);
  auto done = complete(id, {{1, "e5242880"}, {7, "e10"}});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->size, first.size() + last.size());
  EXPECT_TRUE(get(*store, name) == first + last);
  EXPECT_EQ(body_files(), 1u);
  EXPECT_TRUE(complete(id, {{1, "e5242880"}, {7, "e10"}})) << "a client that asks again hears the same";
  EXPECT_EQ(part(id, 1, "late").error().code, StoreErrc::no_such_upload);
}

TEST_F(UploadTest, an_aborted_upload_leaves_nothing) {
  const std::string id = start();
  ASSERT_TRUE(part(id, 1, pattern(30'000, 1)));
  EXPECT_EQ(store->list_uploads(name.bucket_id, {})->entries.size(), 1u);
  ASSERT_TRUE(wait_for([&](Done<> done) { store->abort_upload(name, id, std::move(done)); }));
  EXPECT_EQ(store->list_uploads(name.bucket_id, {})->entries.size(), 0u);
  EXPECT_EQ(body_files(), 0u);
}

}  // namespace
}  // namespace landfall::s3
