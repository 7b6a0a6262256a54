#include <gtest/gtest.h>

#include <deque>
#include <filesystem>
#include <fstream>

#include "codec/fields.h"
#include "mirror/receiver.h"
#include "mirror/sender.h"

namespace landfall::mirror {

struct MirrorTest : testing::Test {
  std::unique_ptr<EventLoop> loop = EventLoop::create().value();
  std::unique_ptr<store::Store> store = store::Store::open(store::memory_backend()).value();
  std::string folder;
  std::map<std::string, std::string> seen;
  std::deque<std::string> to_receiver, to_sender;
  std::unique_ptr<Sender> sender;
  std::unique_ptr<Receiver> receiver;
  int64_t acknowledged = 0;
  int puts = 0;

  void SetUp() override {
    char name[] = "/tmp/landfall-mirror-XXXXXX";
    folder = mkdtemp(name);
    sender = std::make_unique<Sender>(*store, *loop, "edge.", Barriers::yes,
                                      [this](std::string m) { to_receiver.push_back(std::move(m)); });
    restart_receiver();
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  void restart_receiver() {
    seen.clear();
    receiver = std::make_unique<Receiver>(
        folder,
        [this](std::string_view kind, std::string_view id, const std::string* document) {
          const std::string key = std::string(kind) + ":" + std::string(id);
          if (document) {
            seen[key] = *document;
          } else {
            seen.erase(key);
          }
        },
        [this](std::string m) { to_sender.push_back(std::move(m)); });
    ASSERT_TRUE(receiver->open());
  }
  void write(const char* key, const char* text) {
    store::Txn txn(*store);
    if (text) {
      txn.put_text(key, text);
    } else {
      txn.erase_key(key);
    }
    ASSERT_TRUE(txn.commit());
  }
  void expect_complete_after_connecting() {
    bool told = false;
    receiver->when_complete([&] { told = true; });
    EXPECT_FALSE(told);
    sender->connected();
    settle();
    EXPECT_TRUE(told);
  }
  void settle() {
    loop->run_once(0);
    while (!to_receiver.empty() || !to_sender.empty()) {
      if (!to_receiver.empty()) {
        puts += from_json<Envelope>(to_receiver.front())->type == "Put";
        receiver->received(to_receiver.front());
        to_receiver.pop_front();
      }
      if (!to_sender.empty()) {
        if (auto result = from_json<SyncResult>(to_sender.front()); result->type == "SyncResult")
          sender->received(*result);
        if (auto barrier = from_json<Barrier>(to_sender.front()); barrier->type == "Barrier")
          acknowledged = barrier->revision;
        to_sender.pop_front();
      }
      loop->run_once(0);
    }
  }
};

TEST_F(MirrorTest, CarriesWhatIsThereAndEachChangeAndAcknowledgesTheRevision) {
  write("edge.Zone/a.b/c", "{\"x\":1}");
  write("other.Zone/z", "{}");
  sender->connected();
  settle();
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"Zone:a.b/c", "{\"x\":1}"}}));
  write("edge.Zone/b", "{}");
  write("edge.Zone/a.b/c", nullptr);
  settle();
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"Zone:b", "{}"}}));
  EXPECT_EQ(acknowledged, static_cast<int64_t>(store->revision()));
}

TEST_F(MirrorTest, AReceiverThatRestartsServesFromDiskAndFetchesOnlyWhatChanged) {
  write("edge.Zone/a", "{\"x\":1}");
  write("edge.Zone/b", "{\"x\":1}");
  write("edge.Zone/c", "{\"x\":1}");
  sender->connected();
  settle();
  sender->disconnected();
  restart_receiver();
  EXPECT_EQ(seen.size(), 3u);
  write("edge.Zone/b", "{\"x\":2}");
  write("edge.Zone/c", nullptr);
  puts = 0;
  sender->connected();
  settle();
  EXPECT_EQ(puts, 1);
  EXPECT_EQ(seen, (std::map<std::string, std::string>{{"Zone:a", "{\"x\":1}"}, {"Zone:b", "{\"x\":2}"}}));
}

TEST_F(MirrorTest, IsCompleteOnceAllThatWasThereHasComeAndFromThenOnAtOnce) {
  write("edge.Zone/a", "{}");
  write("edge.Zone/b", "{}");
  int told = 0;
  receiver->when_complete([&] {
    EXPECT_TRUE(seen.contains("Zone:a"));
    EXPECT_FALSE(seen.contains("Zone:b"));
    ++told;
  });
  sender->connected();
  write("edge.Zone/b", nullptr);  // what goes meanwhile is not waited for
  write("edge.Zone/c", "{}");
  for (int i = 0; i < 2; ++i) {  // the Sync, the Delete
    EXPECT_EQ(told, 0);
    receiver->received(to_receiver.front());
    to_receiver.pop_front();
  }
  EXPECT_EQ(told, 0);
  settle();
  EXPECT_EQ(told, 1);

  restart_receiver();
  receiver->when_complete([&] { ++told; });
  EXPECT_EQ(told, 2);
}

TEST_F(MirrorTest, IsNotCompleteIfItWasClosedBeforeAllHadCome) {
  write("edge.Zone/a", "{}");
  write("edge.Zone/b", "{}");
  sender->connected();
  receiver->received(to_receiver.front());
  sender->received(*from_json<SyncResult>(to_sender.front()));
  to_receiver.pop_front();
  receiver->received(to_receiver.front());  // the first Put
  EXPECT_EQ(seen.size(), 1u);
  to_receiver.clear();
  to_sender.clear();
  sender->disconnected();

  restart_receiver();
  expect_complete_after_connecting();
}

TEST_F(MirrorTest, IsCompleteWithNothingIfThereIsNothing) { expect_complete_after_connecting(); }

TEST_F(MirrorTest, DropsAFileThatAPowerCutTore) {
  write("edge.Zone/a", "{\"x\":1}");
  sender->connected();
  settle();
  std::ofstream(folder + "/Zone/a", std::ios::trunc) << "1\n{\"x\":";
  restart_receiver();
  EXPECT_TRUE(seen.empty());
  sender->connected();
  settle();
  EXPECT_EQ(seen.size(), 1u);
}

}  // namespace landfall::mirror
