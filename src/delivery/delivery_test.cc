#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "codec/gzip.h"
#include "delivery/line_buffer.h"
#include "delivery/log_delivery.h"

namespace landfall::delivery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class Delivering : public testing::Test {
 protected:
  Delivering() {
    std::string name = (std::filesystem::temp_directory_path() / "landfall-spool-XXXXXX").string();
    directory_ = mkdtemp(name.data());
    open();
  }
  ~Delivering() override {
    delivery_.reset();
    spool_.reset();
    std::filesystem::remove_all(directory_);
  }
  // As an edge that starts.
  void open(uint64_t limit = kSpoolBytes, uint64_t segment = kSegmentBytes) {
    delivery_.reset();
    spool_ = Spool::open({directory_, limit, segment, &clock_, &random_}).value();
    delivery_ = std::make_unique<LogDelivery>(
        LogDelivery::Options{.loop = *loop_,
                             .spool = spool_,
                             .put =
                                 [this](EventLoop&, PutObject object, auto done) {
                                   tried_.push_back(object);
                                   done(answer_(object));
                                 },
                             .gather = [this] { ++gathered_; }});
  }
  static Destination to(const std::string& bucket) {
    return {.bucket = bucket,
            .key_prefix = "p/",
            .name = "%Y/%m/%d/x_%Y%m%dT%H%MZ_%r.log",
            .writers = {{.service = "logs.example"}},
            .source_arn = "arn:x"};
  }
  void append(const std::string& bucket, const std::string& line) {
    LineBuffer buffer(spool_->stream(to(bucket)));
    buffer.line() += line;
    buffer.end_line();
  }
  void deliver() {
    bool done = false;
    delivery_->deliver_now([&] { done = true; });
    for (int i = 0; i < 200 && !done; ++i) loop_->run_once(0);
    EXPECT_TRUE(done);
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory_))
      names.push_back(entry.path().filename().string());
    return names;
  }

  ManualClock clock_{{1'700'000'000'000}};  // 2023-11-14T22:13:20Z
  SeededRandom random_{7};
  std::unique_ptr<EventLoop> loop_ = EventLoop::create(clock_).value();
  std::string directory_;
  std::shared_ptr<Spool> spool_;
  std::unique_ptr<LogDelivery> delivery_;
  std::vector<PutObject> tried_;
  int gathered_ = 0;
  std::function<PutAnswer(const PutObject&)> answer_ = [](const PutObject&) {
    return PutAnswer{PutOutcome::stored, ""};
  };
};

}  // namespace

TEST(ObjectKey, SaysTheTimeAndTheSameRandomCharactersEachTime) {
  Destination destination{.key_prefix = "50%Y/", .name = "a/%Y-%m-%d-%H-%M-%S-%R.%r.gz"};
  const std::string key = object_key(destination, {1'700'000'000'000}, "00000000000000ff");
  EXPECT_EQ(key, "50%Y/a/2023-11-14-22-13-20-00000000000000FF.37000000.gz");
  EXPECT_EQ(object_key(destination, {1'700'000'000'000}, "00000000000000ff"), key);
  EXPECT_NE(object_key(destination, {1'700'000'000'000}, "00000000000000fe"), key);
}

TEST(EndOfPeriod, IsOfThePeriodThatHasJustEnded) {
  const Timestamp end{1'699'999'800'000};  // a multiple of five minutes
  EXPECT_EQ(end_of_period(end, 300'000), end);
  EXPECT_EQ(end_of_period({end.unix_ms + 20}, 300'000), end);  // the timer was a little late
  EXPECT_EQ(end_of_period({end.unix_ms + 2'000}, 300'000).unix_ms, end.unix_ms + 300'000);
}

TEST_F(Delivering, WhatWasLoggedIsInOneObjectNamedByTheEndOfItsPeriod) {
  const auto held = spool_->stream(to("logs"));  // as a worker holds it; two of them log
  append("logs", "one");
  append("logs", "two");
  deliver();
  ASSERT_THAT(tried_, SizeIs(1));
  EXPECT_EQ(tried_[0].bucket, "logs");
  EXPECT_EQ(tried_[0].body, "one\ntwo\n");
  EXPECT_THAT(tried_[0].key, HasSubstr("p/2023/11/14/x_20231114T2215Z_"));
  EXPECT_EQ(tried_[0].source_arn, "arn:x");
  EXPECT_THAT(files(), IsEmpty());
  EXPECT_EQ(spool_->used_bytes(), 0u);
  deliver();
  EXPECT_THAT(tried_, SizeIs(1));  // nothing was logged since
}

TEST_F(Delivering, HappensAtTheEndOfEachPeriod) {
  delivery_->start();
  append("logs", "one");
  loop_->run_once(0);
  EXPECT_THAT(tried_, IsEmpty());
  clock_.advance_ms(99'999);  // 22:14:59.999
  loop_->run_once(0);
  EXPECT_THAT(tried_, IsEmpty());
  clock_.advance_ms(1);
  for (int i = 0; i < 5; ++i) loop_->run_once(0);
  EXPECT_THAT(tried_, SizeIs(1));
}

TEST_F(Delivering, GathersEachSecondAndBeforeFilesAreClosed) {
  delivery_->start();
  clock_.advance_ms(kFlushMs);
  loop_->run_once(0);
  EXPECT_EQ(gathered_, 1);
  deliver();
  EXPECT_EQ(gathered_, 2);
}

TEST_F(Delivering, GzippedFilesHaveTheirPreamble) {
  Destination destination = to("logs");
  destination.gzip = true;
  destination.preamble = "#Version: 1.0\n";
  spool_->stream(destination)->append("line\n");
  deliver();
  ASSERT_THAT(tried_, SizeIs(1));
  EXPECT_EQ(codec::gunzip(tried_[0].body, 1000).value(), "#Version: 1.0\nline\n");
}

TEST_F(Delivering, ADestinationThatChangesGetsAnotherFile) {
  append("first", "one");
  append("second", "two");
  deliver();
  ASSERT_THAT(tried_, SizeIs(2));
  EXPECT_EQ(tried_[0].body + tried_[1].body, "one\ntwo\n");
}

TEST_F(Delivering, TheFirstWriterWhoIsLetInWrites) {
  answer_ = [](const PutObject& object) {
    return object.writer.account == "1" ? PutAnswer{PutOutcome::stored, ""}
                                        : PutAnswer{PutOutcome::denied, "AccessDenied"};
  };
  Destination destination = to("logs");
  destination.writers.push_back({.account = "1"});
  spool_->stream(destination)->append("line\n");
  deliver();
  ASSERT_THAT(tried_, SizeIs(2));
  EXPECT_EQ(tried_[1].body, "line\n");
  EXPECT_EQ(tried_[1].key, tried_[0].key);
  EXPECT_EQ(delivery_->counters().delivered_files, 1u);
}

TEST_F(Delivering, WhatFailsIsTriedAgainUnderTheSameKeyAndTold) {
  answer_ = [](const PutObject&) { return PutAnswer{PutOutcome::denied, "AccessDenied: no"}; };
  append("logs", "one");
  deliver();
  ASSERT_THAT(delivery_->problems(), SizeIs(1));
  EXPECT_EQ(delivery_->problems()[0].what, "logs of arn:x to logs");
  EXPECT_EQ(delivery_->problems()[0].why, "AccessDenied: no");
  EXPECT_THAT(files(), SizeIs(1));
  answer_ = [](const PutObject&) { return PutAnswer{PutOutcome::stored, ""}; };
  clock_.advance_ms(kPeriodMs);
  deliver();
  ASSERT_THAT(tried_, SizeIs(2));
  EXPECT_EQ(tried_[1].key, tried_[0].key);
  EXPECT_THAT(delivery_->problems(), IsEmpty());
  EXPECT_THAT(files(), IsEmpty());
}

TEST_F(Delivering, IsGivenUpAfterSoManyAttempts) {
  answer_ = [](const PutObject&) { return PutAnswer{PutOutcome::failed, "NoSuchBucket"}; };
  append("gone", "one");
  for (int i = 0; i < kAttempts + 3; ++i) deliver();
  EXPECT_THAT(tried_, SizeIs(kAttempts));
  EXPECT_EQ(delivery_->counters().given_up_files, 1u);
  EXPECT_EQ(spool_->used_bytes(), 0u);
  ASSERT_THAT(delivery_->problems(), SizeIs(1));
  EXPECT_EQ(delivery_->problems()[0].what, "log delivery");
  EXPECT_THAT(delivery_->problems()[0].why, HasSubstr("1 files of logs were given up"));
}

TEST_F(Delivering, AFileThatAKilledProcessHadBegunIsDelivered) {
  {
    auto stream = spool_->stream(to("logs"));
    stream->append("whole\n");
    // The process ends here, within a write: nothing is closed, and half a line is there.
    std::filesystem::path open_file;
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) open_file = entry.path();
    std::ofstream(open_file, std::ios::app) << "half";
    std::filesystem::copy_file(open_file, directory_ + "/kept");
    stream.reset();
    for (const auto& name : files())
      if (name != "kept") std::filesystem::remove(directory_ + "/" + name);
    std::filesystem::rename(directory_ + "/kept", open_file);
  }
  open();
  delivery_->start();
  for (int i = 0; i < 5; ++i) loop_->run_once(0);
  ASSERT_THAT(tried_, SizeIs(1));
  EXPECT_EQ(tried_[0].body, "whole\n");
}

TEST_F(Delivering, AFileThatIsNoSegmentOfOursIsGivenUpAndTheOthersGo) {
  std::ofstream(directory_ + "/1-open-0123456789abcdef") << "no json";
  std::ofstream(directory_ + "/something") << "else";
  open();
  append("logs", "one");
  deliver();
  EXPECT_THAT(tried_, SizeIs(1));
  EXPECT_EQ(delivery_->counters().given_up_files, 1u);
  EXPECT_THAT(files(), ElementsAre("something"));
}

TEST_F(Delivering, AFullSpoolDropsWhatComesAndSaysHowMuch) {
  open(/*limit=*/1'000);
  const std::string line(99, 'x');
  for (int i = 0; i < 30; ++i) append("logs", line);
  EXPECT_LE(spool_->used_bytes(), 1'500u);  // the limit, and the heads of segments
  EXPECT_GT(spool_->dropped_bytes(), 0u);
  EXPECT_EQ(spool_->dropped_bytes() % 100, 0u);  // whole lines
  EXPECT_THAT(delivery_->problems().back().what, "log spool");
  deliver();
  append("logs", "one");  // there is room again
  deliver();
  EXPECT_EQ(tried_.back().body, "one\n");
}

TEST_F(Delivering, AFullSegmentGoesAtOnce) {
  open(kSpoolBytes, /*segment=*/500);
  auto stream = spool_->stream(to("logs"));
  stream->append(std::string(600, 'x') + "\n");
  for (int i = 0; i < 5; ++i) loop_->run_once(0);
  ASSERT_THAT(tried_, SizeIs(1));
  stream->append("next\n");
  deliver();
  EXPECT_EQ(tried_.back().body, "next\n");
}

}  // namespace landfall::delivery
