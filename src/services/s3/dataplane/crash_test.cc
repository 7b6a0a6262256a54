// A child process writes, overwrites and deletes, says on a pipe what the store acknowledged, and is killed
// with SIGKILL at a random moment. Whatever it had said must be there afterwards, whole; what it had only
// started may be there, whole.
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <thread>

#include "services/s3/dataplane/store_testing.h"

extern char** environ;

namespace landfall::s3 {
namespace {

constexpr const char* kDirectoryVariable = "LANDFALL_S3_CRASH_DIRECTORY";
constexpr int kWriters = 6, kKeysPerWriter = 20;

size_t size_of(uint64_t generation) {
  constexpr size_t sizes[] = {10, 4096, kInlineBytes, 40'000, 300'000};
  return sizes[generation % 5];
}

// A value tells its generation, so that a reader can tell which write it sees: 8 digits, then the pattern.
std::string value_of(uint64_t generation) {
  char digits[9];
  snprintf(digits, sizeof digits, "%08lu", generation);
  return digits + pattern(size_of(generation), generation);
}

void write_forever(ObjectStore& store, const ObjectName& bucket, int writer, uint64_t generation) {
  while (true) {
    ObjectName name = bucket;
    name.key = std::to_string(writer) + "/" + std::to_string(generation % kKeysPerWriter);
    const bool erasing = generation % 7 == 3;
    const std::string line =
        std::to_string(writer) + " " + std::to_string(generation) + (erasing ? " erased\n" : " put\n");
    const bool done =
        erasing ? erase(store, name).has_value() : put(store, name, value_of(generation)).has_value();
    if (!done || ::write(STDOUT_FILENO, line.data(), line.size()) < 0) _exit(1);
    ++generation;
  }
}

// Runs only as the child of the test below.
TEST(CrashChild, DISABLED_writes_until_killed) {
  const char* directory = getenv(kDirectoryVariable);
  ASSERT_TRUE(directory);
  auto store = open_store(directory);
  if (!store->find_bucket("b")) make_bucket(*store, "b");
  const ObjectName bucket{"b", store->find_bucket("b")->id, ""};
  std::vector<std::thread> writers;
  const uint64_t first = std::stoull(getenv("LANDFALL_S3_CRASH_FIRST"));
  for (int i = 0; i < kWriters; ++i)
    writers.emplace_back([&, i] { write_forever(*store, bucket, i, first); });
  for (auto& writer : writers) writer.join();
}

struct Acknowledged {
  uint64_t generation = 0;
  bool erased = false;
};

// Runs the child until it has acknowledged so many writes, kills it, and returns all that it acknowledged.
std::string run_child(const std::string& directory, uint64_t first_generation, size_t acknowledgements) {
  int ends[2];
  EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
  UniqueFd reader(ends[0]), writer(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
  setenv(kDirectoryVariable, directory.c_str(), 1);
  setenv("LANDFALL_S3_CRASH_FIRST", std::to_string(first_generation).c_str(), 1);
  const char* arguments[] = {"crash", "--gtest_filter=CrashChild.*", "--gtest_also_run_disabled_tests",
                             "--gtest_brief=1", nullptr};
  pid_t child;
  EXPECT_EQ(posix_spawn(&child, "/proc/self/exe", &actions, nullptr, const_cast<char**>(arguments), environ),
            0);
  posix_spawn_file_actions_destroy(&actions);
  writer.reset();
  std::string output;
  size_t seen = 0;
  char buffer[65536];
  for (ssize_t n; (n = ::read(reader.get(), buffer, sizeof buffer)) > 0;) {
    output.append(buffer, n);
    for (const std::string_view end : {" put\n", " erased\n"}) {
      for (size_t at = 0; (at = std::string_view(buffer, n).find(end, at)) != std::string_view::npos; ++at)
        ++seen;
    }
    if (seen >= acknowledgements) kill(child, SIGKILL);
  }
  int status;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << output;
  return output;
}

// `first`: of the round's generations. A key that the round had not reached was to be written with its first
// one.
uint64_t next_generation_of(const std::string& key, const Acknowledged& last, uint64_t first) {
  if (last.generation >= first) return last.generation + kKeysPerWriter;
  return first + std::stoull(key.substr(key.find('/') + 1));
}

void check(ObjectStore& store, const std::map<std::string, Acknowledged>& acknowledged, uint64_t first) {
  ASSERT_TRUE(store.find_bucket("b"));
  const ObjectName bucket{"b", store.find_bucket("b")->id, ""};
  for (const auto& [key, last] : acknowledged) {
    ObjectName name = bucket;
    name.key = key;
    const uint64_t in_flight = next_generation_of(key, last, first);
    auto value = get(store, name);
    if (!value) {
      ASSERT_EQ(value.error().code, StoreErrc::no_such_key) << key << ": " << value.error().message;
      // Gone: either that was acknowledged, or the next write of this key was a delete that was in flight.
      EXPECT_TRUE(last.erased || in_flight % 7 == 3) << key << " lost";
      continue;
    }
    ASSERT_GE(value->size(), 8u);
    const uint64_t generation = std::stoull(value->substr(0, 8));
    EXPECT_TRUE(*value == value_of(generation)) << key << " is torn";
    EXPECT_TRUE(generation == in_flight || (!last.erased && generation == last.generation))
        << key << " holds generation " << generation << ", acknowledged was " << last.generation;
  }
}

TEST(ObjectStoreCrash, nothing_acknowledged_is_lost_and_nothing_is_torn_whenever_the_process_is_killed) {
  TemporaryDirectory directory;
  std::map<std::string, Acknowledged> acknowledged;
  SeededRandom random(42);
  uint64_t next_generation = 0;
  size_t total = 0;
  for (int round = 0; round < 6; ++round) {
    const uint64_t first = next_generation;
    const std::string output = run_child(directory.path(), first, 1 + random.below(150));
    std::istringstream lines(output);
    // Lines of gtest itself and a line cut by the kill do not parse as an acknowledgement.
    for (std::string line; std::getline(lines, line);) {
      int writer;
      unsigned long generation;
      char kind[8];
      if (sscanf(line.c_str(), "%d %lu %7s", &writer, &generation, kind) != 3) continue;
      acknowledged[std::to_string(writer) + "/" + std::to_string(generation % kKeysPerWriter)] = {
          generation, std::string_view(kind) == "erased"};
      next_generation = std::max(next_generation, generation + 1);
      ++total;
    }
    auto store = open_store(directory.path());
    store->wait_until_idle();
    check(*store, acknowledged, first);
    if (HasFatalFailure()) return;
    // Later rounds write generations above all so far; a key keeps its place because the step is a multiple.
    next_generation = (next_generation / kKeysPerWriter + 2) * kKeysPerWriter;
    // Every file left is named by the index: the sweep took the others.
    size_t named = 0;
    auto page = store->list_objects(store->find_bucket("b")->id, {});
    for (const auto& entry : page->entries) named += entry.record.size > kInlineBytes;
    EXPECT_EQ(files_under(directory.path() + "/objects"), named);
    acknowledged.clear();
    for (const auto& entry : page->entries) {
      acknowledged[entry.key] = {std::stoull(read_all(*store, entry.record)->substr(0, 8)), false};
    }
  }
  EXPECT_GT(total, 60u);
}

}  // namespace
}  // namespace landfall::s3
