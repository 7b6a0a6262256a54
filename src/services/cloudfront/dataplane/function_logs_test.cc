#include "services/cloudfront/dataplane/function_logs.h"

#include <gtest/gtest.h>

#include "codec/fields.h"

namespace landfall::cloudfront {
namespace {

constexpr char kArn[] = "arn:aws:cloudfront::123456789012:function/f";

class FunctionLogsTest : public ::testing::Test {
 protected:
  FunctionLog next() {
    reported_.clear();
    while (reported_.empty()) loop_->run_once(-1);
    return *from_json<FunctionLog>(reported_);
  }

  std::string reported_;
  const FunctionLogs::Report report_ = [this](std::string kind, std::string id, std::string document) {
    EXPECT_EQ(kind, kFunctionLogKind);
    EXPECT_EQ(id, kArn);
    reported_ = std::move(document);
  };
  std::unique_ptr<EventLoop> loop_ = *EventLoop::create();
  FunctionLogs logs_{*loop_, report_};
};

TEST_F(FunctionLogsTest, a_run_is_told_line_by_line_and_a_silent_one_not_at_all) {
  logs_.add(kArn, "E1", "r0", "", "");
  logs_.add(kArn, "E1", "r1", "one\ntwo\n", "Error: no");
  const FunctionLog log = next();
  EXPECT_EQ(log.account, "123456789012");
  EXPECT_EQ(log.function, "f");
  std::vector<std::string> texts;
  for (const FunctionLogLine& line : log.lines) texts.push_back(line.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"r1 START DistributionID: E1", "r1 one", "r1 two",
                                             "r1 Error: no", "r1 END"}));
}

TEST_F(FunctionLogsTest, what_is_too_much_is_dropped_and_said_to_be_until_the_next_report) {
  const std::string much(10 * 1024, 'x');
  for (int i = 0; i < 100; ++i) logs_.add(kArn, "E1", "r", much, "");
  const FunctionLog log = next();
  EXPECT_LT(reported_.size(), FunctionLogs::kMostBytes + 2 * much.size());
  EXPECT_EQ(log.lines.back().text, "r (more has been logged than is kept)");
  logs_.add(kArn, "E1", "r", "again", "");
  EXPECT_EQ(next().lines.size(), 3u);
}

}  // namespace
}  // namespace landfall::cloudfront
