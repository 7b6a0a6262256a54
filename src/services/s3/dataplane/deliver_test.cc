// S3Service::deliver(): logs are written as any object is, if the bucket's policy lets their writer.
#include <gtest/gtest.h>

#include "codec/fields.h"
#include "runtime/event_loop.h"
#include "services/iam/dataplane/directory.h"
#include "services/s3/dataplane/store_testing.h"
#include "services/s3/s3.h"

namespace landfall::s3 {
namespace {

constexpr const char* kDeliverOwner = "123456789012";

class DeliverTest : public ::testing::Test {
 protected:
  void make(const std::string& policy, const std::string& ownership = "BucketOwnerPreferred") {
    auto store = open_store(directory.path());
    make_bucket(*store, "logs");
    ASSERT_TRUE(wait_for([&](Done<> done) {
      store->change_bucket(
          "logs",
          [&](BucketRecord& record) {
            record.owner = kDeliverOwner;
            record.region = "us-east-1";
            record.configuration["ownershipControls"] = ownership;
            if (!policy.empty()) record.configuration["policy"] = policy;
          },
          std::move(done));
    }));
    store.reset();
    service = std::move(*S3Service::create({.data_dir = directory.path(), .account = kDeliverOwner}));
    iam::Directory identities;
    const std::string account =
        to_json(iam::AccountDocument{.account = kDeliverOwner, .root_keys = {}, .token_keys = {}});
    ASSERT_TRUE(identities.apply(iam::kAccountKind, kDeliverOwner, &account));
    service->set_iam(identities.snapshot());
  }
  static std::string allowing(const std::string& principal, const std::string& condition = "{}") {
    return R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{)" + principal +
           R"(},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/web/*","Condition":)" + condition +
           "}]}";
  }
  delivery::PutAnswer deliver(delivery::Writer writer, const std::string& key = "web/one 1.log",
                              const std::string& body = "line\n") {
    delivery::PutObject object{.bucket = "logs",
                               .region = "us-east-1",
                               .key = key,
                               .content_type = "text/plain",
                               .body = body,
                               .writer = std::move(writer),
                               .source_arn = "arn:aws:x:::lb/1",
                               .source_account = "123456789012"};
    return deliver(std::move(object));
  }
  delivery::PutAnswer deliver(delivery::PutObject object) {
    std::optional<delivery::PutAnswer> answer;
    service->deliver(*loop, std::move(object), [&](delivery::PutAnswer a) { answer = std::move(a); });
    for (int i = 0; i < 100 && !answer; ++i) loop->run_once(1000);
    return answer.value_or(delivery::PutAnswer{delivery::PutOutcome::failed, "no answer"});
  }
  static bool stored(const delivery::PutAnswer& answer) {
    return answer.outcome == delivery::PutOutcome::stored;
  }
  static bool denied(const delivery::PutAnswer& answer) {
    return answer.outcome == delivery::PutOutcome::denied;
  }

  const delivery::Writer kService{.service = "logdelivery.elasticloadbalancing.amazonaws.com"};
  const delivery::Writer kElbAccount{.account = "127311923021"};
  TemporaryDirectory directory;
  std::unique_ptr<EventLoop> loop = std::move(*EventLoop::create());
  std::unique_ptr<S3Service> service;
};

}  // namespace

TEST_F(DeliverTest, without_a_policy_nobody_writes) {
  make("");
  EXPECT_TRUE(denied(deliver(kService)));
  EXPECT_TRUE(denied(deliver(kElbAccount)));
}

TEST_F(DeliverTest, the_service_that_the_policy_names_writes_below_its_prefix_alone) {
  make(allowing(R"("Service":"logdelivery.elasticloadbalancing.amazonaws.com")"));
  EXPECT_TRUE(stored(deliver(kService)));
  EXPECT_TRUE(stored(deliver(kService, "web/large", std::string(300'000, 'x'))));
  EXPECT_TRUE(denied(deliver(kService, "other/one")));
  EXPECT_TRUE(denied(deliver({.service = "logging.s3.amazonaws.com"})));
  EXPECT_TRUE(denied(deliver(kElbAccount)));
}

TEST_F(DeliverTest, the_account_that_the_policy_names_writes) {
  make(allowing(R"("AWS":"arn:aws:iam::127311923021:root")"));
  EXPECT_TRUE(stored(deliver(kElbAccount)));
  EXPECT_TRUE(denied(deliver({.account = "033677994240"})));
}

TEST_F(DeliverTest, the_conditions_on_the_source_hold) {
  const std::string service = R"("Service":"logdelivery.elasticloadbalancing.amazonaws.com")";
  make(allowing(service, R"({"StringEquals":{"aws:SourceAccount":"123456789012",)"
                         R"("s3:x-amz-acl":"bucket-owner-full-control"},)"
                         R"("ArnLike":{"aws:SourceArn":"arn:aws:x:::lb/*"}})"));
  EXPECT_TRUE(stored(deliver(kService)));
  delivery::PutObject other{.bucket = "logs",
                            .key = "web/one",
                            .writer = kService,
                            .source_arn = "arn:aws:x:::other/1",
                            .source_account = "123456789012"};
  EXPECT_TRUE(denied(deliver(other)));
  other.source_arn = "arn:aws:x:::lb/1";
  EXPECT_TRUE(stored(deliver(other)));
  other.source_account = "210987654321";
  EXPECT_TRUE(denied(deliver(other)));
}

TEST_F(DeliverTest, a_bucket_that_is_gone_or_elsewhere_is_said) {
  make(allowing(R"("Service":"logdelivery.elasticloadbalancing.amazonaws.com")"));
  delivery::PutObject object{.bucket = "gone", .key = "k", .writer = kService};
  EXPECT_EQ(deliver(object).message.substr(0, 13), "NoSuchBucket:");
  object.bucket = "logs";
  object.region = "eu-west-1";
  EXPECT_EQ(deliver(object).message.substr(0, 18), "PermanentRedirect:");
}

TEST_F(DeliverTest, what_stands_for_a_grant_needs_a_bucket_with_acls) {
  make("", "BucketOwnerEnforced");
  EXPECT_NE(deliver({.account = kDeliverOwner, .by_acl = true}).message.find("AccessControlListNotSupported"),
            std::string::npos);
  service.reset();
}

TEST_F(DeliverTest, what_stands_for_a_grant_writes_where_there_are_acls) {
  make("", "BucketOwnerPreferred");
  EXPECT_TRUE(stored(deliver({.account = kDeliverOwner, .by_acl = true})));
}

}  // namespace landfall::s3
