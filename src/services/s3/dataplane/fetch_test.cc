// S3Service::fetch(), as CloudFront's origin access control uses it.
#include <gtest/gtest.h>

#include "codec/fields.h"
#include "runtime/event_loop.h"
#include "services/iam/dataplane/directory.h"
#include "services/s3/dataplane/store_testing.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

constexpr const char* kAccount = "123456789012";
constexpr const char* kDistribution = "arn:aws:cloudfront::123456789012:distribution/E1";

struct Answer final : FetchSink {
  http::Response head;
  std::string body;
  bool finished = false, aborted = false;
  size_t room = SIZE_MAX;  // bytes taken before saying "enough for now"
  std::move_only_function<void()> resume;

  void start(http::Response response) override { head = std::move(response); }
  bool write(std::string bytes) override {
    body += bytes;
    return body.size() < room;
  }
  void on_writable(std::move_only_function<void()> callback) override { resume = std::move(callback); }
  void finish() override { finished = true; }
  void abort() override { aborted = true; }
};

class FetchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    {
      auto store = open_store(directory.path());
      ObjectName name = make_bucket(*store, "site");
      ASSERT_TRUE(wait_for([&](Done<> done) {
        store->change_bucket(
            "site",
            [](BucketRecord& record) {
              record.owner = kAccount;
              record.configuration["policy"] =
                  R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},)"
                  R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*","Condition":{"StringEquals":{"AWS:SourceArn":)"
                  R"("arn:aws:cloudfront::123456789012:distribution/E1"}}}]})";
            },
            std::move(done));
      }));
      name.key = "small";
      ASSERT_TRUE(put(*store, name, "hello"));
      name.key = "large";
      ASSERT_TRUE(put(*store, name, pattern(3'000'000, 1)));
    }
    service = std::move(*S3Service::create({.data_dir = directory.path(), .account = kAccount}));
    iam::Directory identities;
    const std::string account =
        to_json(iam::AccountDocument{.account = kAccount, .root_keys = {}, .token_keys = {}});
    ASSERT_TRUE(identities.apply(iam::kAccountKind, kAccount, &account));
    service->set_iam(identities.snapshot());
  }

  std::shared_ptr<Answer> fetch(const std::string& path, const std::string& source_arn = kDistribution,
                                const std::string& method = "GET", size_t room = SIZE_MAX) {
    FetchRequest request;
    request.method = method;
    request.bucket = "site";
    request.path = path;
    request.principal.kind = aws::policy::PrincipalKind::service;
    request.principal.service = "cloudfront.amazonaws.com";
    request.context = {{"aws:SourceArn", source_arn}};
    auto answer = std::make_shared<Answer>();
    answer->room = room;
    service->fetch(*loop, std::move(request), answer);
    while (!answer->finished && !answer->aborted && !answer->resume) loop->run_once(5000);
    return answer;
  }

  TemporaryDirectory directory;
  std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
  std::unique_ptr<S3Service> service;
};

TEST_F(FetchTest, the_distribution_that_the_policy_names_reads_small_and_large) {
  auto small = fetch("/small");
  EXPECT_EQ(small->head.status, 200);
  EXPECT_EQ(small->body, "hello");
  EXPECT_EQ(small->head.headers.get("content-length"), "5");
  auto large = fetch("/large");
  EXPECT_TRUE(large->finished);
  EXPECT_TRUE(large->body == pattern(3'000'000, 1));
  auto head = fetch("/large", kDistribution, "HEAD");
  EXPECT_EQ(head->body, "");
  EXPECT_EQ(head->head.headers.get("content-length"), "3000000");
}

TEST_F(FetchTest, another_distribution_is_denied) {
  auto answer = fetch("/small", "arn:aws:cloudfront::123456789012:distribution/OTHER");
  EXPECT_EQ(answer->head.status, 403);
  EXPECT_NE(answer->body.find("<Code>AccessDenied</Code>"), std::string::npos);
}

TEST_F(FetchTest, a_missing_key_is_denied_to_who_may_not_list) {
  EXPECT_EQ(fetch("/absent")->head.status, 403);
}

TEST_F(FetchTest, a_slow_reader_gets_no_more_than_it_asked_for) {
  auto answer = fetch("/large", kDistribution, "GET", 1'000'000);
  ASSERT_TRUE(answer->resume);
  const size_t had = answer->body.size();
  EXPECT_LT(had, 1'500'000u);
  for (int i = 0; i < 5; ++i) loop->run_once(0);
  EXPECT_EQ(answer->body.size(), had);
  answer->room = SIZE_MAX;
  std::exchange(answer->resume, nullptr)();
  while (!answer->finished) loop->run_once(5000);
  EXPECT_TRUE(answer->body == pattern(3'000'000, 1));
}

}  // namespace
}  // namespace landfall::s3
