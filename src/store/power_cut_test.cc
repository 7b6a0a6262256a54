// What a power cut at any instant may leave of control's state: each commit that returned, and of the one
// under way all or nothing (rocks/power_cut_recorder.h).
#include "rocks/power_cut_recorder.h"
#include "store/store.h"

namespace landfall::store {
namespace {

using namespace power_cut;  // NOLINT: the test's own vocabulary

constexpr size_t kStatesOfAQuickRun = 20;
constexpr int kSessions = 3, kCommitsOfASession = 12;

// Commit n writes `n` under each of these, and erases a document of the commit before: a torn one shows.
constexpr const char* kKeys[] = {"test.thing/a", "test.thing/b", "test.thing/c"};
std::string text_of(int n) { return "\"" + std::to_string(n) + std::string(n % 4 * 3'000, 'x') + "\""; }
std::string passing_key(int n) { return "test.passing/" + std::to_string(n); }

Result<> commit(Store& store, int n) {
  Txn txn(store);
  for (const char* key : kKeys) txn.put_text(key, text_of(n));
  txn.put_text(passing_key(n), text_of(n));
  txn.erase_key(passing_key(n - 1));
  LF_CHECK(txn.commit());
  return {};
}

Result<std::unique_ptr<Store>> open(const std::string& folder) {
  LF_TRY(auto backend, rocksdb_backend(folder));
  return Store::open(std::move(backend));
}

void work_in(const std::string& folder, Recorder& recorder) {
  for (int session = 0; session < kSessions; ++session) {
    auto store = open(folder);
    ASSERT_TRUE(store) << store.error().message;
    for (int i = 1; i <= kCommitsOfASession; ++i) {
      const int n = session * kCommitsOfASession + i;
      recorder.mark(static_cast<uint64_t>(2 * n));
      ASSERT_TRUE(commit(**store, n));
      recorder.mark(static_cast<uint64_t>(2 * n + 1));
    }
  }
}

// True if the store is as commit n left it.
bool is_as_after(const Store& store, int n) {
  size_t documents = 0;
  store.each("", [&](std::string_view, const Document&) { ++documents; });
  if (n == 0) return documents == 0;
  const auto holds = [&](const std::string& key) {
    const Document* document = store.find(key);
    return document != nullptr && document->text == text_of(n);
  };
  return documents == std::size(kKeys) + 1 && std::ranges::all_of(kKeys, holds) && holds(passing_key(n)) &&
         store.revision() == static_cast<Revision>(n);
}

std::string judge(const std::string& folder, const Disk& disk, size_t done) {
  int acknowledged = 0, begun = 0;
  for (size_t i = 0; i < done; ++i) {
    if (disk.operation(i).kind != Kind::mark) continue;
    const int n = static_cast<int>(disk.operation(i).offset / 2);
    (disk.operation(i).offset % 2 == 0 ? begun : acknowledged) = n;
  }
  const auto store = open(folder);
  if (!store) return "does not open: " + store.error().message;
  if (is_as_after(**store, acknowledged) || is_as_after(**store, begun)) return "";
  std::string what;
  (*store)->each("", [&](std::string_view key, const Document& document) {
    what += " " + std::string(key) + "=" + document.text.substr(0, document.text.find_first_of("x\"", 1));
  });
  return "commit " + std::to_string(acknowledged) + " is lost or another torn: revision " +
         std::to_string((*store)->revision()) + what;
}

TEST(StorePowerCut, LeavesEachCommitThatReturnedAndOfTheOneUnderWayAllOrNothing) {
  char name[] = "/tmp/landfall-store-XXXXXX";
  const std::string folder = mkdtemp(name);
  std::filesystem::create_directory(folder + "/disk");
  Disk disk;
  {
    Recorder recorder(folder + "/disk");
    work_in(folder + "/disk/store", recorder);
    disk = recorder.disk();
  }
  replay(disk, folder + "/cut", kStatesOfAQuickRun,
         [&](const std::string& left, size_t done) { return judge(left + "/store", disk, done); });
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace landfall::store
