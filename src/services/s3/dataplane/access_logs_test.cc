// Server access logs, from a request to a line in the spool.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <thread>

#include "codec/fields.h"
#include "runtime/event_loop.h"
#include "services/iam/dataplane/directory.h"
#include "services/s3/dataplane/access_entry.h"
#include "services/s3/dataplane/store_testing.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

constexpr const char* kLogOwner = "123456789012";
constexpr Timestamp kLogTime{1'550'000'000'000};  // 2019-02-12T19:33:20Z

std::string logging_to(const std::string& format) {
  return "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>site/</"
         "TargetPrefix>" +
         format + "</LoggingEnabled></BucketLoggingStatus>";
}

BucketRecord bucket_logging(const std::string& format) {
  return {.id = 1,
          .name = "site",
          .owner = kLogOwner,
          .region = "us-east-1",
          .configuration = {{"logging", logging_to(format)}}};
}

std::string key_with(const std::string& format) {
  return delivery::object_key(log_destination_of(bucket_logging(format), kLogTime).value(),
                              kLogTime.plus_seconds(86'400), "e5d3000000000000");
}

struct LogAnswer final : FetchSink {
  int status = 0;
  bool finished = false;
  void start(http::Response head) override { status = head.status; }
  bool write(std::string) override { return true; }
  void on_writable(std::move_only_function<void()> resume) override { resume(); }
  void finish() override { finished = true; }
  void abort() override { finished = true; }
};

class AccessLogsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    {
      auto store = open_store(directory.path() + "/s3");
      for (const std::string name : {"site", "quiet"}) {
        ObjectName object = make_bucket(*store, name, "a b/index.html");
        ASSERT_TRUE(wait_for([&](Done<> done) {
          store->change_bucket(
              name,
              [&](BucketRecord& record) {
                record.owner = kLogOwner;
                record.region = "us-east-1";
                if (name == "site") record.configuration["logging"] = logging_to("");
              },
              std::move(done));
        }));
        ASSERT_TRUE(put(*store, object, "hello"));
      }
    }
    service = std::move(*S3Service::create({.data_dir = directory.path() + "/s3", .account = kLogOwner}));
    iam::Directory identities;
    const std::string account =
        to_json(iam::AccountDocument{.account = kLogOwner, .root_keys = {}, .token_keys = {}});
    ASSERT_TRUE(identities.apply(iam::kAccountKind, kLogOwner, &account));
    service->set_iam(identities.snapshot());
    spool = delivery::Spool::open({.directory = directory.path() + "/spool"}).value();
  }
  int ask(const std::string& bucket, const std::string& path, const std::string& method = "GET",
          const std::string& account = kLogOwner) {
    FetchRequest request{.method = method, .bucket = bucket, .path = path};
    if (account.empty()) {
      request.principal = {.kind = aws::policy::PrincipalKind::anonymous};
    } else {
      request.principal = {.kind = aws::policy::PrincipalKind::service,
                           .service = "cloudfront.amazonaws.com"};
    }
    request.headers.add("User-Agent", "a \"quoted\" agent");
    request.headers.add("Range", "bytes=0-1");
    auto answer = std::make_shared<LogAnswer>();
    service->fetch(*loop, std::move(request), answer);
    while (!answer->finished) loop->run_once(5000);
    // The request is logged as it goes, and a thread of the pool may be the last to let go of it.
    while (answer.use_count() > 1) {
      loop->run_once(0);
      std::this_thread::yield();
    }
    return answer->status;
  }
  std::vector<std::string> lines() {
    service->flush_access_logs();
    spool->close_segments();
    std::vector<std::string> all;
    for (const auto& segment : spool->take_closed()) {
      std::istringstream text(std::string(delivery::Spool::read(segment).value().lines()));
      for (std::string line; std::getline(text, line);) all.push_back(line);
    }
    return all;
  }
  void allow_cloudfront() {
    service.reset();
    {
      auto store = open_store(directory.path() + "/s3");
      ASSERT_TRUE(wait_for([&](Done<> done) {
        store->change_bucket(
            "site",
            [](BucketRecord& record) {
              record.configuration["policy"] =
                  R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},)"
                  R"("Action":"s3:GetObject","Resource":"arn:aws:s3:::site/*"}]})";
            },
            std::move(done));
      }));
    }
    service = std::move(*S3Service::create({.data_dir = directory.path() + "/s3", .account = kLogOwner}));
  }

  TemporaryDirectory directory;
  std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
  std::shared_ptr<delivery::Spool> spool;
  std::unique_ptr<S3Service> service;
};

}  // namespace

TEST(LogDestination, ASimplePrefixIsFollowedByTheTimeOfDelivery) {
  EXPECT_EQ(key_with(""), "site/2019-02-13-19-33-20-E5D3000000000000");
  EXPECT_EQ(key_with("<TargetObjectKeyFormat><SimplePrefix/></TargetObjectKeyFormat>"), key_with(""));
}

TEST(LogDestination, APartitionedPrefixSaysTheSourceAndTheDayOfDeliveryOrEvent) {
  EXPECT_EQ(key_with("<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>DeliveryTime"
                     "</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>"),
            "site/123456789012/us-east-1/site/2019/02/13/2019-02-13-19-33-20-E5D3000000000000");
  EXPECT_EQ(key_with("<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>EventTime"
                     "</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>"),
            "site/123456789012/us-east-1/site/2019/02/12/2019-02-12-00-00-00-E5D3000000000000");
}

TEST(LogDestination, TheLoggingServiceWritesForTheBucket) {
  const auto to = log_destination_of(bucket_logging(""), kLogTime).value();
  EXPECT_EQ(to.bucket, "logs");
  EXPECT_FALSE(to.gzip);
  EXPECT_THAT(to.writers, ElementsAre(delivery::Writer{.service = "logging.s3.amazonaws.com"}));
  EXPECT_EQ(to.source_arn, "arn:aws:s3:::site");
  EXPECT_EQ(to.source_account, kLogOwner);
  EXPECT_FALSE(log_destination_of({.name = "quiet"}, kLogTime));
}

TEST(LogOperation, IsTheUserGuidesNameOfIt) {
  EXPECT_EQ(log_operation("GET", "GetObject", false), "REST.GET.OBJECT");
  EXPECT_EQ(log_operation("GET", "ListObjectsV2", false), "REST.GET.BUCKET");
  EXPECT_EQ(log_operation("POST", "DeleteObjects", false), "REST.POST.MULTI_OBJECT_DELETE");
  EXPECT_EQ(log_operation("PUT", "CopyObject", false), "REST.COPY.OBJECT");
  EXPECT_EQ(log_operation("GET", "GetBucketVersioning", false), "REST.GET.VERSIONING");
  EXPECT_EQ(log_operation("GET", "", true), "WEBSITE.GET.OBJECT");
  EXPECT_EQ(log_operation("OPTIONS", "", false), "REST.OPTIONS.PREFLIGHT");
}

TEST_F(AccessLogsTest, NothingIsLoggedWithoutASpool) {
  ask("site", "/a%20b/index.html");
  service->set_log_spool(spool);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(AccessLogsTest, ARequestIsALineInTheUserGuidesFormat) {
  allow_cloudfront();
  service->set_log_spool(spool);
  ASSERT_EQ(ask("site", "/a%20b/index.html"), 206);
  const auto logged = lines();
  ASSERT_THAT(logged, SizeIs(1));
  EXPECT_THAT(logged[0],
              MatchesRegex("[0-9a-f]{64} site \\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} \\+0000\\] - "
                           "svc:cloudfront.amazonaws.com [0-9A-Z]{16} REST.GET.OBJECT a%20b/index.html "
                           "\"GET /site/a%20b/index.html HTTP/1.1\" 206 - 2 5 [0-9]+ [0-9]+ \"-\" "
                           "\"a %22quoted%22 agent\" - [A-Za-z0-9+/]{64} - - - s3.localhost - - -"));
}

TEST_F(AccessLogsTest, WhatIsRefusedIsLoggedWithItsError) {
  service->set_log_spool(spool);
  ASSERT_EQ(ask("site", "/secret", "GET", ""), 403);
  const auto logged = lines();
  ASSERT_THAT(logged, SizeIs(1));
  EXPECT_THAT(logged[0], HasSubstr(" - - "));  // whence, who: not known
  EXPECT_THAT(logged[0],
              HasSubstr(" REST.GET.OBJECT secret \"GET /site/secret HTTP/1.1\" 403 AccessDenied "));
}

TEST_F(AccessLogsTest, ABucketWithoutLoggingIsNotLogged) {
  service->set_log_spool(spool);
  ask("quiet", "/a%20b/index.html");
  ask("absent", "/x");
  EXPECT_THAT(lines(), IsEmpty());
}

}  // namespace landfall::s3
