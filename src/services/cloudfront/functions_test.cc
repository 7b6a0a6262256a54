// Functions and key groups: what a behavior names beside its policies.
#include "services/cloudfront/key_testing.h"
#include "services/cloudfront/operations_testing.h"

namespace landfall::cloudfront {
namespace {

using testing::CloudFrontTest;

TEST_F(CloudFrontTest, a_key_groups_keys_reach_the_snapshot_and_stay_while_they_are_used) {
  const auto key = t_.call([](Call& call) {
    return CreatePublicKey(call,
                           {.PublicKeyConfig = PublicKeyConfig{
                                .CallerReference = "k", .Name = "k", .EncodedKey = testing::kRsaPublicKey}});
  });
  const std::string key_id = *key.PublicKey->Id;
  EXPECT_EQ(key_id.size(), 14u);
  const auto group = t_.call([&](Call& call) {
    return CreateKeyGroup(call, {.KeyGroupConfig = KeyGroupConfig{.Name = "g", .Items = {key_id}}});
  });
  const std::string group_id = *group.KeyGroup->Id;
  auto c = config("guarded");
  c.DefaultCacheBehavior->TrustedKeyGroups =
      TrustedKeyGroups{.Enabled = false, .Quantity = 1, .Items = {group_id}};
  expect<InvalidArgument>([&](Call& call) { CreateDistribution(call, {.DistributionConfig = c}); });
  c.DefaultCacheBehavior->TrustedKeyGroups->Enabled = true;
  const Distribution made = create(c);
  EXPECT_EQ(made.ActiveTrustedKeyGroups->Enabled, true);
  EXPECT_EQ(made.ActiveTrustedKeyGroups->Items[0].KeyGroupId, group_id);
  EXPECT_EQ(made.ActiveTrustedKeyGroups->Items[0].KeyPairIds->Items[0], key_id);
  const auto snapshot = published<DistributionSnapshot>(kDistributionSnapshotKind, *made.Id);
  EXPECT_TRUE(snapshot->behaviors.back().restricted);
  EXPECT_EQ(snapshot->behaviors.back().signer_key_ids, std::vector<std::string>{key_id});
  EXPECT_EQ(snapshot->public_keys[0].pem, testing::kRsaPublicKey);
  expect<PublicKeyInUse>([&](Call& call) { DeletePublicKey(call, {.Id = key_id, .IfMatch = key.ETag}); });
  expect<ResourceInUse>([&](Call& call) { DeleteKeyGroup(call, {.Id = group_id, .IfMatch = group.ETag}); });
  const auto other = t_.call([](Call& call) {
    return CreatePublicKey(call,
                           {.PublicKeyConfig = PublicKeyConfig{
                                .CallerReference = "o", .Name = "o", .EncodedKey = testing::kRsaPublicKey}});
  });
  t_.call([&](Call& call) {
    return UpdateKeyGroup(call,
                          {.KeyGroupConfig = KeyGroupConfig{.Name = "g", .Items = {*other.PublicKey->Id}},
                           .Id = group_id,
                           .IfMatch = group.ETag});
  });
  EXPECT_EQ(
      published<DistributionSnapshot>(kDistributionSnapshotKind, *made.Id)->behaviors.back().signer_key_ids,
      std::vector<std::string>{*other.PublicKey->Id});
  t_.call([&](Call& call) { return DeletePublicKey(call, {.Id = key_id, .IfMatch = key.ETag}); });
}

TEST_F(CloudFrontTest, a_functions_stages_have_etags_of_their_own) {
  const std::string code = "function handler(event) { return event.request; }";
  FunctionConfig function{.Comment = "", .Runtime = "cloudfront-js-2.0"};
  auto made = t_.call([&](Call& call) {
    return CreateFunction(call, {.Name = "f", .FunctionConfig = function, .FunctionCode = code});
  });
  EXPECT_EQ(made.FunctionSummary->Status, "UNPUBLISHED");
  EXPECT_THROW(t_.call([&](Call& call) { return GetFunction(call, {.Name = "f", .Stage = "LIVE"}); }),
               NoSuchFunctionExists);
  t_.call([&](Call& call) { return PublishFunction(call, {.Name = "f", .IfMatch = made.ETag}); });
  t_.call([&](Call& call) {
    return UpdateFunction(
        call, {.Name = "f", .IfMatch = made.ETag, .FunctionConfig = function, .FunctionCode = code + "//2"});
  });
  EXPECT_EQ(
      t_.call([&](Call& call) { return GetFunction(call, {.Name = "f", .Stage = "LIVE"}); }).FunctionCode,
      code);
  EXPECT_EQ(t_.call([&](Call& call) { return GetFunction(call, {.Name = "f"}); }).FunctionCode, code + "//2");
  EXPECT_THROW(t_.call([&](Call& call) { return DeleteFunction(call, {.Name = "f", .IfMatch = made.ETag}); }),
               PreconditionFailed);
}

TEST_F(CloudFrontTest, a_published_function_reaches_the_snapshot_and_stays_while_it_is_associated) {
  const std::string code = "function handler(event) { return event.request; }";
  const auto made = t_.call([&](Call& call) {
    return CreateFunction(call,
                          {.Name = "f",
                           .FunctionConfig = FunctionConfig{.Comment = "", .Runtime = "cloudfront-js-2.0"},
                           .FunctionCode = code});
  });
  auto c = config("with-function");
  const std::string arn = *made.FunctionSummary->FunctionMetadata->FunctionARN;
  const auto associate = [&](std::vector<const char*> events) {
    FunctionAssociations all{.Quantity = static_cast<int64_t>(events.size())};
    for (const char* event : events) all.Items.push_back({.FunctionARN = arn, .EventType = event});
    c.DefaultCacheBehavior->FunctionAssociations = all;
  };
  const auto attempt = [&](Call& call) { CreateDistribution(call, {.DistributionConfig = c}); };
  associate({"viewer-request"});
  expect<InvalidFunctionAssociation>(attempt, "not published");
  t_.call([&](Call& call) { return PublishFunction(call, {.Name = "f", .IfMatch = made.ETag}); });
  associate({"origin-request"});
  expect<InvalidFunctionAssociation>(attempt);
  associate({"viewer-request", "viewer-request"});
  expect<TooManyFunctionAssociations>(attempt);
  associate({"viewer-request", "viewer-response"});
  const Distribution distribution = create(c);
  const auto snapshot = [&] {
    return *published<DistributionSnapshot>(kDistributionSnapshotKind, *distribution.Id);
  };
  EXPECT_EQ(snapshot().behaviors.back().request_function, arn);
  EXPECT_EQ(snapshot().behaviors.back().response_function, arn);
  ASSERT_EQ(snapshot().functions.size(), 1u);
  const std::string version = snapshot().functions[0].version;
  const auto updated = t_.call([&](Call& call) {
    return UpdateFunction(call,
                          {.Name = "f",
                           .IfMatch = made.ETag,
                           .FunctionConfig = FunctionConfig{.Comment = "", .Runtime = "cloudfront-js-2.0"},
                           .FunctionCode = code + "//2"});
  });
  EXPECT_EQ(snapshot().functions[0].version, version) << "DEVELOPMENT is nobody's business";
  t_.call([&](Call& call) { return PublishFunction(call, {.Name = "f", .IfMatch = updated.ETag}); });
  EXPECT_NE(snapshot().functions[0].version, version);
  expect<FunctionInUse>([&](Call& call) { DeleteFunction(call, {.Name = "f", .IfMatch = updated.ETag}); });
}

TEST_F(CloudFrontTest, a_function_is_tested_by_running_it) {
  const auto made = t_.call([&](Call& call) {
    return CreateFunction(call,
                          {.Name = "t",
                           .FunctionConfig = FunctionConfig{.Comment = "", .Runtime = "cloudfront-js-2.0"},
                           .FunctionCode = "function handler(event) { console.log('saw', event.request.uri); "
                                           "if (event.request.uri === '/no') throw new Error('no');"
                                           " event.request.uri += 'index.html'; return event.request; }"});
  });
  const auto test = [&](const std::string& uri) {
    return *t_.call([&](Call& call) {
                return TestFunction(
                    call,
                    {.Name = "t",
                     .IfMatch = made.ETag,
                     .EventObject =
                         R"({"version":"1.0","context":{"eventType":"viewer-request"},"request":{"method":"GET","uri":")" +
                         uri + "\"}}"});
              }).TestResult;
  };
  const TestResult good = test("/a/");
  EXPECT_EQ(good.FunctionOutput, R"({"request":{"method":"GET","uri":"/a/index.html"}})");
  EXPECT_EQ(good.FunctionExecutionLogs, std::vector<std::string>{"saw /a/"});
  EXPECT_EQ(good.FunctionErrorMessage, "");
  EXPECT_LE(std::stoi(*good.ComputeUtilization), 100);
  EXPECT_EQ(test("/no").FunctionErrorMessage, "Error: no");
  expect<InvalidArgument>(
      [&](Call& call) { TestFunction(call, {.Name = "t", .IfMatch = made.ETag, .EventObject = "{}"}); });
  expect<InvalidIfMatchVersion>(
      [&](Call& call) { TestFunction(call, {.Name = "t", .IfMatch = "E0", .EventObject = "{}"}); });
}

}  // namespace
}  // namespace landfall::cloudfront
