// Cache, origin request and response headers policies.
#include "services/cloudfront/operations_testing.h"

namespace landfall::cloudfront {
namespace {

using testing::CloudFrontTest;
using testing::kOptimized;

TEST_F(CloudFrontTest, lists_pages_policies_and_tags) {
  for (const char* reference : {"a", "b", "c"}) create(config(reference));
  const auto first =
      t_.call([](Call& call) { return ListDistributions(call, {.MaxItems = "2"}); }).DistributionList;
  EXPECT_EQ(first->Quantity, 2);
  EXPECT_EQ(first->IsTruncated, true);
  const auto rest = t_.call([&](Call& call) {
                        return ListDistributions(call, {.Marker = first->NextMarker});
                      }).DistributionList;
  EXPECT_EQ(rest->Quantity, 1);
  const auto policies =
      t_.call([](Call& call) { return ListCachePolicies(call, {.Type = "managed"}); }).CachePolicyList;
  EXPECT_EQ(policies->Items[0].CachePolicy->CachePolicyConfig->Name, "Managed-CachingOptimized");
  const std::string arn = *rest->Items[0].ARN;
  cloudfront::Tags tags{.Items = {{.Key = "team", .Value = "web"}}};
  t_.call([&](Call& call) { return TagResource(call, {.Resource = arn, .Tags = tags}); });
  EXPECT_EQ(
      t_.call([&](Call& call) { return ListTagsForResource(call, {.Resource = arn}); }).Tags->Items[0].Value,
      "web");
  expect<NoSuchResource>([&](Call& call) { ListTagsForResource(call, {.Resource = arn + "X"}); });
}

CachePolicyConfig own_policy(const std::string& name, int64_t ttl) {
  CachePolicyConfig config{.Name = name, .DefaultTTL = ttl, .MaxTTL = 1000, .MinTTL = 0};
  ParametersInCacheKeyAndForwardedToOrigin key{.EnableAcceptEncodingGzip = true};
  key.HeadersConfig = CachePolicyHeadersConfig{.HeaderBehavior = "whitelist",
                                               .Headers = Headers{.Quantity = 1, .Items = {"X-Tenant"}}};
  key.CookiesConfig = CachePolicyCookiesConfig{.CookieBehavior = "none"};
  key.QueryStringsConfig = CachePolicyQueryStringsConfig{.QueryStringBehavior = "all"};
  config.ParametersInCacheKeyAndForwardedToOrigin = key;
  return config;
}

TEST_F(CloudFrontTest, a_policy_of_ones_own_decides_what_a_behavior_does_and_cannot_go_while_it_does) {
  auto made = t_.call(
      [&](Call& call) { return CreateCachePolicy(call, {.CachePolicyConfig = own_policy("mine", 60)}); });
  const std::string id = *made.CachePolicy->Id;
  DistributionConfig c = config("own-policy");
  c.DefaultCacheBehavior->CachePolicyId = id;
  const std::string distribution = *create(c).Id;
  const auto snapshot = [&] {
    return t_.call([&](Call& call) { return snapshot_of(call, find_distribution(call, distribution)); });
  };
  EXPECT_EQ(snapshot().behaviors.back().default_ttl, 60);
  EXPECT_EQ(snapshot().behaviors.back().key_headers.names, std::vector<std::string>{"x-tenant"});
  EXPECT_THROW(t_.call([&](Call& call) { return DeleteCachePolicy(call, {.Id = id, .IfMatch = made.ETag}); }),
               CachePolicyInUse);
  t_.call([&](Call& call) {
    return UpdateCachePolicy(call,
                             {.CachePolicyConfig = own_policy("mine", 90), .Id = id, .IfMatch = made.ETag});
  });
  EXPECT_EQ(snapshot().behaviors.back().default_ttl, 90);
}

TEST_F(CloudFrontTest, of_two_who_change_a_policy_the_second_is_told) {
  auto made = t_.call(
      [&](Call& call) { return CreateCachePolicy(call, {.CachePolicyConfig = own_policy("mine", 60)}); });
  const auto update = [&](std::optional<std::string> etag) {
    t_.call([&](Call& call) {
      return UpdateCachePolicy(
          call, {.CachePolicyConfig = own_policy("mine", 70), .Id = *made.CachePolicy->Id, .IfMatch = etag});
    });
  };
  update(made.ETag);
  EXPECT_THROW(update(made.ETag), PreconditionFailed);
  EXPECT_THROW(update(std::nullopt), InvalidIfMatchVersion);
  EXPECT_THROW(t_.call([&](Call& call) {
    return CreateCachePolicy(call, {.CachePolicyConfig = own_policy("mine", 60)});
  }),
               CachePolicyAlreadyExists);
  EXPECT_THROW(t_.call([&](Call& call) {
    return DeleteCachePolicy(call, {.Id = kOptimized, .IfMatch = std::string("E23ZP02F085DFQ")});
  }),
               IllegalDelete);
}

TEST_F(CloudFrontTest, policies_are_listed_managed_first_in_pages) {
  t_.call([&](Call& call) { return CreateCachePolicy(call, {.CachePolicyConfig = own_policy("mine", 60)}); });
  std::vector<std::string> types;
  std::optional<std::string> marker;
  do {
    auto page = *t_.call([&](Call& call) {
                     return ListCachePolicies(call, {.Marker = marker, .MaxItems = "2"});
                   }).CachePolicyList;
    EXPECT_LE(page.Items.size(), 2u);
    for (const auto& item : page.Items) types.push_back(*item.Type);
    marker = page.NextMarker;
  } while (marker);
  EXPECT_EQ(types,
            (std::vector<std::string>{"managed", "managed", "managed", "managed", "managed", "custom"}));
}

TEST_F(CloudFrontTest, response_headers_of_ones_own_are_the_behaviors) {
  ResponseHeadersPolicyConfig policy{.Name = "headers"};
  policy.SecurityHeadersConfig = ResponseHeadersPolicySecurityHeadersConfig{};
  policy.SecurityHeadersConfig->StrictTransportSecurity = ResponseHeadersPolicyStrictTransportSecurity{
      .Override = true, .IncludeSubdomains = true, .AccessControlMaxAgeSec = 60};
  policy.CustomHeadersConfig = ResponseHeadersPolicyCustomHeadersConfig{
      .Quantity = 1, .Items = {{.Header = "X-A", .Value = "b", .Override = false}}};
  auto made = t_.call(
      [&](Call& call) { return CreateResponseHeadersPolicy(call, {.ResponseHeadersPolicyConfig = policy}); });
  DistributionConfig c = config("headers");
  c.DefaultCacheBehavior->ResponseHeadersPolicyId = made.ResponseHeadersPolicy->Id;
  const std::string id = *create(c).Id;
  const auto headers = t_.call([&](Call& call) { return snapshot_of(call, find_distribution(call, id)); })
                           .behaviors.back()
                           .response_headers;
  ASSERT_EQ(headers.size(), 2u);
  EXPECT_EQ(headers[0].value, "max-age=60; includeSubDomains");
  EXPECT_EQ(headers[1].name, "X-A");
  EXPECT_FALSE(headers[1].override_origin);
}

TEST_F(CloudFrontTest, cors_removals_and_timing_of_a_policy_are_the_behaviors) {
  ResponseHeadersPolicyConfig policy{.Name = "cors"};
  policy.CorsConfig = ResponseHeadersPolicyCorsConfig{
      .AccessControlAllowOrigins =
          ResponseHeadersPolicyAccessControlAllowOrigins{.Quantity = 2,
                                                         .Items = {"https://a.test", "https://*.b.test"}},
      .AccessControlAllowHeaders =
          ResponseHeadersPolicyAccessControlAllowHeaders{.Quantity = 1, .Items = {"*"}},
      .AccessControlAllowMethods =
          ResponseHeadersPolicyAccessControlAllowMethods{.Quantity = 1, .Items = {"ALL"}},
      .AccessControlAllowCredentials = false,
      .OriginOverride = true};
  policy.ServerTimingHeadersConfig =
      ResponseHeadersPolicyServerTimingHeadersConfig{.Enabled = true, .SamplingRate = 50};
  policy.RemoveHeadersConfig =
      ResponseHeadersPolicyRemoveHeadersConfig{.Quantity = 1, .Items = {{.Header = "Via"}}};
  expect<InvalidArgument>(
      [&](Call& call) { CreateResponseHeadersPolicy(call, {.ResponseHeadersPolicyConfig = policy}); });
  policy.RemoveHeadersConfig->Items[0].Header = "X-Powered-By";
  const auto made = t_.call(
      [&](Call& call) { return CreateResponseHeadersPolicy(call, {.ResponseHeadersPolicyConfig = policy}); });
  DistributionConfig c = config("cors");
  c.DefaultCacheBehavior->ResponseHeadersPolicyId = made.ResponseHeadersPolicy->Id;
  const auto behavior =
      published<DistributionSnapshot>(kDistributionSnapshotKind, *create(c).Id)->behaviors.back();
  EXPECT_EQ(behavior.cors->origins.size(), 2u);
  EXPECT_TRUE(behavior.cors->override_origin);
  EXPECT_EQ(behavior.cors->methods, "GET, DELETE, HEAD, OPTIONS, PATCH, POST, PUT");
  EXPECT_EQ(behavior.removed_headers, std::vector<std::string>{"X-Powered-By"});
  EXPECT_EQ(behavior.timing_percent, 50);
}

}  // namespace
}  // namespace landfall::cloudfront
