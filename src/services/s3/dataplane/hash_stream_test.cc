#define OPENSSL_SUPPRESS_DEPRECATED
#include "services/s3/dataplane/hash_stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "base/encoding.h"
#include "base/random.h"
#include "base/sha256.h"
#include "services/s3/dataplane/hash_blocks.h"
#include "services/s3/dataplane/worker_pool.h"

namespace landfall::s3 {
namespace {

std::string bytes_of(size_t size, uint64_t seed) {
  std::string bytes(size, '\0');
  SeededRandom(seed).fill(bytes.data(), size);
  return bytes;
}

std::string md5_of(const std::string& bytes) {
  std::string digest(MD5_DIGEST_LENGTH, '\0');
  MD5(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
      reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

TEST(HashBlocks, HashesAnyNumberOfTextsAsOneByOne) {
  for (size_t count = 1; count <= kHashLanes; ++count) {
    std::vector<std::string> texts;
    std::vector<MD5_CTX> states(count);
    std::vector<Md5Lane> lanes;
    for (size_t i = 0; i < count; ++i) {
      texts.push_back(bytes_of(37 * kHashBlockBytes, count * 100 + i));
      MD5_Init(&states[i]);
    }
    for (size_t i = 0; i < count; ++i)
      lanes.push_back({&states[i], reinterpret_cast<const unsigned char*>(texts[i].data())});
    md5_blocks(lanes, 37);
    for (size_t i = 0; i < count; ++i) {
      std::string digest(MD5_DIGEST_LENGTH, '\0');
      MD5_Final(reinterpret_cast<unsigned char*>(digest.data()), &states[i]);
      EXPECT_EQ(to_hex(digest), to_hex(md5_of(texts[i]))) << i << " of " << count;
    }
    std::vector<SHA256_CTX> sha256_states(count);
    std::vector<Sha256Lane> sha256_lanes;
    for (size_t i = 0; i < count; ++i) {
      SHA256_Init(&sha256_states[i]);
      sha256_lanes.push_back({&sha256_states[i], lanes[i].data});
    }
    sha256_blocks(sha256_lanes, 37);
    for (size_t i = 0; i < count; ++i) {
      Sha256Digest digest;
      SHA256_Final(digest.data(), &sha256_states[i]);
      EXPECT_EQ(hex(digest), hex(landfall::sha256(texts[i]))) << i << " of " << count;
    }
  }
}

TEST(HashStream, KnowsTheTestSuiteOfRfc1321) {
  for (const auto& [text, digest] : {std::pair{"", "d41d8cd98f00b204e9800998ecf8427e"},
                                     {"abc", "900150983cd24fb0d6963f7d28e17f72"},
                                     {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"}}) {
    HashStream stream({.md5 = true});
    stream.update(text);
    EXPECT_EQ(to_hex(stream.md5()), digest);
  }
}

// Streams of all lengths, in pieces of all lengths, begun and ended at different times.
TEST(HashStream, StreamsHashedTogetherAreHashedAsAlone) {
  WorkerPool pool(4);
  const auto shared_lanes = std::make_shared<HashLanes>();
  HashLanes& lanes = *shared_lanes;
  const HashExecutor on_pool = [&pool](HashJob job) { pool.run(std::move(job)); };
  constexpr size_t kStreams = 40;
  std::vector<std::shared_ptr<HashStream>> streams;
  std::vector<std::string> texts;
  std::vector<std::promise<void>> settled(kStreams);
  SeededRandom random(7);
  for (size_t i = 0; i < kStreams; ++i) {
    streams.push_back(std::make_shared<HashStream>(HashesWanted{.md5 = i % 3 != 0, .sha256 = i % 3 != 1}));
    texts.push_back(bytes_of(random.below(300'000), i));
  }
  std::vector<size_t> at(kStreams, 0);
  for (size_t left = kStreams; left > 0;) {
    const size_t i = random.below(kStreams);
    if (at[i] > texts[i].size()) continue;
    if (at[i] == texts[i].size()) {
      streams[i]->settle(lanes, on_pool, [&settled, i] { settled[i].set_value(); });
      ++at[i];
      --left;
      continue;
    }
    const size_t size = std::min(texts[i].size() - at[i], 1 + random.below(i % 2 == 0 ? 200 : 70'000));
    streams[i]->add(lanes, on_pool, std::make_shared<const std::string>(texts[i].substr(at[i], size)));
    at[i] += size;
  }
  for (size_t i = 0; i < kStreams; ++i) {
    settled[i].get_future().wait();
    if (i % 3 != 0) EXPECT_EQ(to_hex(streams[i]->md5()), to_hex(md5_of(texts[i]))) << i;
    if (i % 3 != 1) EXPECT_EQ(to_hex(streams[i]->sha256()), hex(landfall::sha256(texts[i]))) << i;
  }
  pool.stop();
}

// Whose bytes are hashed is told by who still holds them.
TEST(HashStream, WaitsForCompanyButNotForLong) {
  const auto shared_lanes = std::make_shared<HashLanes>();
  HashLanes& lanes = *shared_lanes;
  const HashExecutor at_once = [](HashJob job) { job(); };
  const auto piece = [](size_t size) { return std::make_shared<const std::string>(size, 'x'); };
  const auto alone = std::make_shared<HashStream>(HashesWanted{.md5 = true});
  const auto first = piece(kAloneBytes - 1), second = piece(kHashBlockBytes);
  alone->add(lanes, at_once, first);
  EXPECT_GT(first.use_count(), 1);  // it may find company
  alone->add(lanes, at_once, second);
  EXPECT_EQ(first.use_count(), 1);   // too much to wait any longer
  EXPECT_GT(second.use_count(), 1);  // that little can still
  alone->settle(lanes, at_once, [] {});
  EXPECT_EQ(second.use_count(), 1);

  std::vector<std::shared_ptr<HashStream>> streams;
  std::vector<SharedBytes> pieces;
  for (size_t i = 0; i < kHashLanes; ++i) {
    streams.push_back(std::make_shared<HashStream>(HashesWanted{.md5 = true}));
    pieces.push_back(piece(kGatheredBytes / kHashLanes + i * kHashBlockBytes));
    // None is hashed before the last has come: only the new one has a single owner.
    EXPECT_EQ(std::ranges::count_if(pieces, [](const auto& bytes) { return bytes.use_count() == 1; }), 1);
    streams.back()->add(lanes, at_once, pieces.back());
  }
  // All but the shortest have a rest, which is left for a turn of full lanes, until somebody waits for it.
  EXPECT_EQ(pieces.front().use_count(), 1);
  for (size_t i = 1; i < kHashLanes; ++i) EXPECT_GT(pieces[i].use_count(), 1) << i;
  streams.back()->settle(lanes, at_once, [] {});
  EXPECT_EQ(pieces.back().use_count(), 1);
  EXPECT_EQ(to_hex(streams.back()->md5()), to_hex(md5_of(*pieces.back())));
}

// Who lets no more bytes in until fewer are held relies on it: an upload hung, one in a hundred.
TEST(HashStream, HoldsLessOfAStreamThanItsLimitAndAPiece) {
  const auto shared_lanes = std::make_shared<HashLanes>();
  HashLanes& lanes = *shared_lanes;
  const HashExecutor at_once = [](HashJob job) { job(); };
  constexpr size_t kPiece = 64 * 1024, kPart = 40 * 1024;
  const auto ahead = std::make_shared<HashStream>(HashesWanted{.md5 = true});
  std::vector<std::weak_ptr<const std::string>> pieces;
  const auto add = [&](size_t size) {
    auto piece = std::make_shared<const std::string>(size, 'x');
    pieces.push_back(piece);
    ahead->add(lanes, at_once, std::move(piece));
  };
  const auto held = [&pieces] {
    size_t bytes = 0;
    for (const auto& each : pieces)
      if (const auto piece = each.lock()) bytes += piece->size();
    return bytes;
  };
  while (held() + kPiece < kAloneBytes) add(kPiece);
  // Others come by and end: they take it along for a part of its first piece.
  std::vector<std::shared_ptr<HashStream>> others;
  for (size_t i = 1; i < kHashLanes; ++i) {
    others.push_back(std::make_shared<HashStream>(HashesWanted{.md5 = true}));
    others.back()->add(lanes, at_once, std::make_shared<const std::string>(kPart, 'y'));
  }
  others.front()->settle(lanes, at_once, [] {});
  add(kPiece);
  add(kPart - 1);
  EXPECT_GE(held(), kAloneBytes);  // the first piece still counts, though most of it has been hashed
  EXPECT_LT(held(), kAloneBytes + kPiece);
  for (int i = 0; i < 100; ++i) {
    add(kPiece);
    EXPECT_LT(held(), kAloneBytes + kPiece);
  }
}

TEST(HashStream, AnExecutorThatEndsFirstLeavesNoneWaiting) {
  const auto shared_lanes = std::make_shared<HashLanes>();
  HashLanes& lanes = *shared_lanes;
  const auto first = std::make_shared<HashStream>(HashesWanted{.md5 = true});
  first->add(lanes, [](HashJob) {}, std::make_shared<const std::string>("dropped"));
  const auto held = std::make_shared<int>();
  first->settle(lanes, [](HashJob) {}, [held] { ADD_FAILURE(); });
  EXPECT_EQ(held.use_count(), 1);  // a callback may hold its stream
  const auto second = std::make_shared<HashStream>(HashesWanted{.md5 = true});
  const HashExecutor at_once = [](HashJob job) { job(); };
  second->add(lanes, at_once, std::make_shared<const std::string>("abc"));
  bool settled = false;
  second->settle(lanes, at_once, [&settled] { settled = true; });
  EXPECT_TRUE(settled);
  EXPECT_EQ(to_hex(second->md5()), to_hex(md5_of("abc")));
}

}  // namespace
}  // namespace landfall::s3
