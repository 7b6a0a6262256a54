#include <gtest/gtest.h>

#include "gateway/testing.h"

namespace landfall {
namespace {
struct Row {
  std::string name;
  template <class V>
  void fields(V& v) {
    v("name", name);
  }
};
constexpr store::Table<Row> kRows{"test.row"};
}  // namespace

TEST(Call, RowsOfAnotherRegionAreNotSeen) {
  testing_support::TestPlane t;
  t.call([&](Call& call) { call.rows(kRows).put("a", {"x"}); });
  t.call([&](Call& call) {
    EXPECT_TRUE(call.rows(kRows).has("a"));
    call.region = "eu-west-1";
    EXPECT_FALSE(call.rows(kRows).has("a"));
  });
}

TEST(ControlPlane, TransactWritesNothingWhenTheBodyThrows) {
  testing_support::TestPlane t;
  EXPECT_THROW(t.plane.transact("x.amazonaws.com",
                                [&](Call& call) {
                                  call.rows(kRows).put("a", {"x"});
                                  throw ServiceError("No", 400, "no");
                                }),
               ServiceError);
  EXPECT_EQ(t.store->revision(), 0u);
}

TEST(ControlPlane, PublishingTheSameSnapshotAgainWritesNothing) {
  testing_support::TestPlane t;
  t.call([](Call& call) { publish(call.txn, "Kind", "id", Row{"x"}); });
  const auto revision = t.store->revision();
  t.call([](Call& call) { publish(call.txn, "Kind", "id", Row{"x"}); });
  EXPECT_EQ(t.store->revision(), revision);
  t.call([](Call& call) { publish(call.txn, "Kind", "id", Row{"y"}); });
  EXPECT_GT(t.store->revision(), revision);
}

TEST(ResourceKey, SplitsRegionalAndGlobalKeys) {
  EXPECT_EQ(parse_resource_key("1/us-east-1/vpc-1").id, "vpc-1");
  EXPECT_EQ(parse_resource_key("1/us-east-1/a/b").id, "a/b");
  EXPECT_EQ(parse_resource_key("1/Z1").region, "");
}
}  // namespace landfall
