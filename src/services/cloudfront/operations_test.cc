#include <gtest/gtest.h>

#include <filesystem>

#include "acm/operations.h"
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "codec/fields.h"
#include "gateway/testing.h"
#include "route53/operations.h"
#include "services/acm/acm.h"
#include "services/cloudfront/cloudfront.h"
#include "services/cloudfront/distributions.h"
#include "services/route53/snapshot.h"

namespace landfall::cloudfront {
namespace {

constexpr char kOptimized[] = "658327ea-f89d-4fab-a63d-7e88639e58f6";

class CloudFrontTest : public ::testing::Test {
 protected:
  CloudFrontTest() {
    char name[] = "/tmp/landfall-cloudfront-XXXXXX";
    t_.config.data_dir = mkdtemp(name);
    acm_ = acm::make_service(t_.plane);
    service_ = make_service(t_.plane);
    acm_->start();
    service_->start();
  }
  ~CloudFrontTest() override {
    service_.reset();
    acm_.reset();
    std::filesystem::remove_all(t_.config.data_dir);
  }

  static DistributionConfig config(const std::string& reference, const std::string& control = "") {
    DistributionConfig c{
        .CallerReference = reference, .DefaultRootObject = "index.html", .Comment = "", .Enabled = true};
    Origin origin{.Id = "site",
                  .DomainName = "assets.s3.us-east-1.amazonaws.com",
                  .S3OriginConfig = S3OriginConfig{.OriginAccessIdentity = ""},
                  .OriginAccessControlId = control};
    c.Origins = cloudfront::Origins{.Quantity = 1, .Items = {origin}};
    c.DefaultCacheBehavior = DefaultCacheBehavior{.TargetOriginId = "site",
                                                  .ViewerProtocolPolicy = "redirect-to-https",
                                                  .Compress = true,
                                                  .CachePolicyId = kOptimized};
    return c;
  }
  Distribution create(const DistributionConfig& c) {
    return *t_.call([&](Call& call) {
                return CreateDistribution(call, {.DistributionConfig = c});
              }).Distribution;
  }
  GetDistributionResult get(const std::string& id) {
    return t_.call([&](Call& call) { return GetDistribution(call, {.Id = id}); });
  }
  template <class E, class F>
  void expect(F&& body, const char* what = "") {
    EXPECT_THROW(t_.call(std::forward<F>(body)), E) << what;
  }
  template <class T>
  std::optional<T> published(const char* kind, const std::string& id) {
    const store::Document* document = t_.store->find(store::Txn::key_of(std::string(kEdgePrefix) + kind, id));
    return document == nullptr ? std::nullopt : std::optional<T>(*from_json<T>(document->text));
  }
  void edge_catches_up() {
    t_.plane.edge_revision = t_.store->revision();
    t_.settle(100);
  }
  std::string certificate(const std::string& domain) {
    const std::string arn =
        *t_.call([&](Call& call) {
             return acm::RequestCertificate(
                 call, {.DomainName = domain, .ValidationMethod = "DNS", .KeyAlgorithm = "EC_prime256v1"});
           }).CertificateArn;
    const auto describe = [&] {
      return *t_.call([&](Call& call) {
                  return acm::DescribeCertificate(call, {.CertificateArn = arn});
                }).Certificate;
    };
    const auto proof = *describe().DomainValidationOptions[0].ResourceRecord;
    const std::string zone =
        *t_.call([&](Call& call) {
             return route53::CreateHostedZone(call, {.Name = domain, .CallerReference = domain});
           }).HostedZone->Id;
    route53::ResourceRecordSet set{.Name = proof.Name, .Type = proof.Type, .TTL = 60};
    set.ResourceRecords.push_back({proof.Value});
    t_.call([&](Call& call) {
      return route53::ChangeResourceRecordSets(
          call, {.HostedZoneId = zone, .ChangeBatch = route53::ChangeBatch{.Changes = {{"UPSERT", set}}}});
    });
    for (int i = 0; i < 200 && describe().Status != "ISSUED"; ++i) t_.loop->run_once(50);
    EXPECT_EQ(describe().Status, "ISSUED");
    return arn;
  }

  testing_support::TestPlane t_;
  std::unique_ptr<Service> acm_, service_;
};

TEST_F(CloudFrontTest, a_distribution_is_deployed_once_edge_serves_it) {
  const Distribution made = create(config("one"));
  EXPECT_EQ(made.Id->size(), 14u);
  EXPECT_EQ(made.Status, "InProgress");
  EXPECT_EQ(made.ARN, "arn:aws:cloudfront::123456789012:distribution/" + *made.Id);
  EXPECT_TRUE(made.DomainName->ends_with(".cloudfront.net"));
  t_.settle(100);
  EXPECT_EQ(get(*made.Id).Distribution->Status, "InProgress");
  edge_catches_up();
  EXPECT_EQ(get(*made.Id).Distribution->Status, "Deployed");
  const auto snapshot = published<DistributionSnapshot>(kDistributionSnapshotKind, *made.Id);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->origins[0].bucket, "assets");
  EXPECT_EQ(snapshot->behaviors.back().min_ttl, 1);
  EXPECT_TRUE(snapshot->behaviors.back().key_brotli);
  EXPECT_FALSE(snapshot->default_chain_pem.empty());
  const auto name = published<route53::NameSnapshot>(route53::kNameSnapshotKind, *made.DomainName);
  ASSERT_TRUE(name);
  EXPECT_EQ(name->addresses, std::vector<std::string>{"127.77.0.3"});
}

TEST_F(CloudFrontTest, the_same_caller_reference_is_the_same_distribution) {
  const Distribution made = create(config("one"));
  EXPECT_EQ(create(config("one")).Id, made.Id);
  auto other = config("one");
  other.Comment = "other";
  expect<DistributionAlreadyExists>(
      [&](Call& call) { CreateDistribution(call, {.DistributionConfig = other}); });
}

TEST_F(CloudFrontTest, a_change_needs_the_current_etag) {
  const Distribution made = create(config("one"));
  const std::string etag = *get(*made.Id).ETag;
  auto changed = config("one");
  changed.Comment = "changed";
  expect<InvalidIfMatchVersion>(
      [&](Call& call) { UpdateDistribution(call, {.DistributionConfig = changed, .Id = made.Id}); });
  expect<PreconditionFailed>([&](Call& call) {
    UpdateDistribution(call, {.DistributionConfig = changed, .Id = made.Id, .IfMatch = "E0"});
  });
  const auto updated = t_.call([&](Call& call) {
    return UpdateDistribution(call, {.DistributionConfig = changed, .Id = made.Id, .IfMatch = etag});
  });
  EXPECT_NE(updated.ETag, etag);
  EXPECT_EQ(updated.Distribution->DistributionConfig->Comment, "changed");
}

TEST_F(CloudFrontTest, deletion_wants_it_disabled_and_deployed) {
  const Distribution made = create(config("one"));
  edge_catches_up();
  expect<DistributionNotDisabled>(
      [&](Call& call) { DeleteDistribution(call, {.Id = made.Id, .IfMatch = get(*made.Id).ETag}); });
  auto disabled = config("one");
  disabled.Enabled = false;
  std::string etag =
      *t_.call([&](Call& call) {
           return UpdateDistribution(
               call, {.DistributionConfig = disabled, .Id = made.Id, .IfMatch = get(*made.Id).ETag});
         }).ETag;
  expect<DistributionNotDisabled>(
      [&](Call& call) { DeleteDistribution(call, {.Id = made.Id, .IfMatch = etag}); }, "still in progress");
  edge_catches_up();
  t_.call([&](Call& call) { return DeleteDistribution(call, {.Id = made.Id, .IfMatch = etag}); });
  expect<NoSuchDistribution>([&](Call& call) { GetDistribution(call, {.Id = made.Id}); });
  EXPECT_FALSE(published<DistributionSnapshot>(kDistributionSnapshotKind, *made.Id));
  EXPECT_FALSE(published<route53::NameSnapshot>(route53::kNameSnapshotKind, *made.DomainName));
}

TEST_F(CloudFrontTest, refuses_configurations_that_cannot_work) {
  const auto with = [](auto change) {
    DistributionConfig c = config("x");
    change(c);
    return [c](Call& call) { CreateDistribution(call, {.DistributionConfig = c}); };
  };
  expect<NoSuchOrigin>(with([](auto& c) { c.DefaultCacheBehavior->TargetOriginId = "other"; }));
  expect<NoSuchCachePolicy>(with([](auto& c) { c.DefaultCacheBehavior->CachePolicyId = "other"; }));
  expect<InvalidOriginAccessControl>(with([](auto& c) { c.Origins->Items[0].OriginAccessControlId = "E0"; }));
  expect<InconsistentQuantities>(with([](auto& c) { c.Origins->Quantity = 2; }));
  expect<InvalidDefaultRootObject>(with([](auto& c) { c.DefaultRootObject = "/index.html"; }));
  expect<InvalidArgument>(with([](auto& c) { c.Origins->Items[0].DomainName = "example.com"; }));
  expect<InvalidViewerCertificate>(
      with([](auto& c) { c.Aliases = Aliases{.Quantity = 1, .Items = {"www.example.com"}}; }));
  expect<InvalidErrorCode>(with([](auto& c) {
    c.CustomErrorResponses = CustomErrorResponses{.Quantity = 1, .Items = {{.ErrorCode = 418}}};
  }));
  expect<TrustedKeyGroupDoesNotExist>(with([](auto& c) {
    c.DefaultCacheBehavior->TrustedKeyGroups =
        TrustedKeyGroups{.Enabled = true, .Quantity = 1, .Items = {"k"}};
  }));
  expect<InvalidTTLOrder>(with([](auto& c) {
    c.DefaultCacheBehavior->CachePolicyId.reset();
    c.DefaultCacheBehavior->ForwardedValues = ForwardedValues{.QueryString = false};
    c.DefaultCacheBehavior->MinTTL = 10;
    c.DefaultCacheBehavior->DefaultTTL = 5;
  }));
}

constexpr char kPublicKey[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAjsEVWKJWxpCwUGz9NBkn\n"
    "qjQ2ZmN9MwjCvTmrINQab9/x5hi1kl2Wu9DndT15iJ7lMasgGKZ0YBIE2JB0v3HS\n"
    "OvbBvqCFk65K5Z6LOaAfKkZCxv1i9OFrjO1luRgkfKcAEn/fLuC19qvHze4N72p5\n"
    "B6yAC9P1ei8N3mratxgZhCMTzTC2NtPJSpJQvssX5Vk/auoPw7DRZQ//A25j3m7V\n"
    "2F72vMWIXa5QLxUKHdTohEat+4bn8T8sbVgCBxmK0vW21RcMydYjTU/ZxZY3x+Eh\n"
    "ZtJoM/tvQQgc0HewC7YDdGs+psLSLYx+dorCcPX8qGlTOCiKLWEjfW9+F4zHBggS\n"
    "XwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

TEST_F(CloudFrontTest, a_key_groups_keys_reach_the_snapshot_and_stay_while_they_are_used) {
  const auto key = t_.call([](Call& call) {
    return CreatePublicKey(call, {.PublicKeyConfig = PublicKeyConfig{
                                      .CallerReference = "k", .Name = "k", .EncodedKey = kPublicKey}});
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
  EXPECT_EQ(snapshot->public_keys[0].pem, kPublicKey);
  expect<PublicKeyInUse>([&](Call& call) { DeletePublicKey(call, {.Id = key_id, .IfMatch = key.ETag}); });
  expect<ResourceInUse>([&](Call& call) { DeleteKeyGroup(call, {.Id = group_id, .IfMatch = group.ETag}); });
  const auto other = t_.call([](Call& call) {
    return CreatePublicKey(call, {.PublicKeyConfig = PublicKeyConfig{
                                      .CallerReference = "o", .Name = "o", .EncodedKey = kPublicKey}});
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

TEST_F(CloudFrontTest, an_alias_needs_a_certificate_that_covers_it_and_belongs_to_one_distribution) {
  const std::string arn = certificate("www.example.com");
  auto c = config("one");
  c.Aliases = Aliases{.Quantity = 1, .Items = {"www.example.com"}};
  c.ViewerCertificate = ViewerCertificate{
      .ACMCertificateArn = arn, .SSLSupportMethod = "sni-only", .MinimumProtocolVersion = "TLSv1.2_2021"};
  auto uncovered = c;
  uncovered.Aliases->Items = {"other.example.com"};
  expect<InvalidViewerCertificate>(
      [&](Call& call) { CreateDistribution(call, {.DistributionConfig = uncovered}); });
  const Distribution made = create(c);
  const auto snapshot = published<DistributionSnapshot>(kDistributionSnapshotKind, *made.Id);
  EXPECT_NE(snapshot->chain_pem.find("BEGIN CERTIFICATE"), std::string::npos);
  const auto in_use = t_.call([&](Call& call) {
                          return acm::DescribeCertificate(call, {.CertificateArn = arn});
                        }).Certificate->InUseBy;
  EXPECT_EQ(in_use, std::vector<std::string>{*made.ARN});
  c.CallerReference = "two";
  expect<CNAMEAlreadyExists>([&](Call& call) { CreateDistribution(call, {.DistributionConfig = c}); });
}

TEST_F(CloudFrontTest, an_origin_access_control_reaches_the_snapshot_and_stays_while_it_is_used) {
  const auto made = t_.call([](Call& call) {
    return CreateOriginAccessControl(call, {.OriginAccessControlConfig = OriginAccessControlConfig{
                                                .Name = "oac",
                                                .SigningProtocol = "sigv4",
                                                .SigningBehavior = "always",
                                                .OriginAccessControlOriginType = "s3"}});
  });
  const std::string id = *made.OriginAccessControl->Id;
  const Distribution distribution = create(config("one", id));
  EXPECT_EQ(published<DistributionSnapshot>(kDistributionSnapshotKind, *distribution.Id)->origins[0].signing,
            "always");
  expect<OriginAccessControlInUse>(
      [&](Call& call) { DeleteOriginAccessControl(call, {.Id = id, .IfMatch = made.ETag}); });
  auto never = *made.OriginAccessControl->OriginAccessControlConfig;
  never.SigningBehavior = "never";
  t_.call([&](Call& call) {
    return UpdateOriginAccessControl(call,
                                     {.OriginAccessControlConfig = never, .Id = id, .IfMatch = made.ETag});
  });
  EXPECT_EQ(published<DistributionSnapshot>(kDistributionSnapshotKind, *distribution.Id)->origins[0].signing,
            "never");
}

TEST_F(CloudFrontTest, an_invalidation_is_completed_once_edge_has_applied_it) {
  const Distribution made = create(config("one"));
  const auto ask = [&](std::vector<std::string> paths, const char* reference) {
    CreateInvalidationRequest in{.DistributionId = made.Id};
    in.InvalidationBatch =
        InvalidationBatch{.Paths = Paths{.Quantity = static_cast<int64_t>(paths.size()), .Items = paths},
                          .CallerReference = reference};
    return *t_.call([&](Call& call) { return CreateInvalidation(call, in); }).Invalidation;
  };
  const Invalidation invalidation = ask({"/css/*"}, "r1");
  EXPECT_EQ(invalidation.Status, "InProgress");
  EXPECT_EQ(ask({"/css/*"}, "r1").Id, invalidation.Id);
  EXPECT_THROW(ask({"/js/*"}, "r1"), InvalidArgument);
  EXPECT_THROW(ask({"css"}, "r2"), InvalidArgument);
  EXPECT_THROW(ask({"/a*b"}, "r3"), InvalidArgument);
  const std::string row = *made.Id + "/" + *invalidation.Id;
  EXPECT_EQ(published<InvalidationSnapshot>(kInvalidationSnapshotKind, row)->paths[0], "/css/*");
  EXPECT_EQ(get(*made.Id).Distribution->InProgressInvalidationBatches, 1);
  edge_catches_up();
  EXPECT_EQ(t_.call([&](Call& call) {
                return GetInvalidation(call, {.DistributionId = made.Id, .Id = invalidation.Id});
              }).Invalidation->Status,
            "Completed");
  EXPECT_FALSE(published<InvalidationSnapshot>(kInvalidationSnapshotKind, row));
  EXPECT_EQ(t_.call([&](Call& call) {
                return ListInvalidations(call, {.DistributionId = made.Id});
              }).InvalidationList->Items.size(),
            1u);
}

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

TEST_F(CloudFrontTest, an_origin_group_has_two_of_the_origins_and_codes_that_fail_over) {
  auto c = config("group");
  c.Origins->Items.push_back(c.Origins->Items[0]);
  c.Origins->Items[1].Id = "spare";
  c.Origins->Quantity = 2;
  OriginGroup group{.Id = "group"};
  group.FailoverCriteria =
      OriginGroupFailoverCriteria{.StatusCodes = StatusCodes{.Quantity = 1, .Items = {503}}};
  group.Members = OriginGroupMembers{.Quantity = 2, .Items = {{.OriginId = "site"}, {.OriginId = "spare"}}};
  c.OriginGroups = OriginGroups{.Quantity = 1, .Items = {group}};
  c.DefaultCacheBehavior->TargetOriginId = "group";
  const auto refused = [&](auto change) {
    DistributionConfig wrong = c;
    change(wrong);
    expect<InvalidArgument>([&](Call& call) { CreateDistribution(call, {.DistributionConfig = wrong}); });
  };
  refused([](auto& w) { w.OriginGroups->Items[0].Members->Items[1].OriginId = "other"; });
  refused([](auto& w) { w.OriginGroups->Items[0].FailoverCriteria->StatusCodes->Items = {418}; });
  refused([](auto& w) { w.OriginGroups->Items[0].Id = "site"; });
  refused([](auto& w) {
    w.DefaultCacheBehavior->AllowedMethods =
        AllowedMethods{.Quantity = 7, .Items = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}};
  });
  const auto snapshot = published<DistributionSnapshot>(kDistributionSnapshotKind, *create(c).Id);
  EXPECT_EQ(snapshot->origin_groups[0].second, "spare");
  EXPECT_EQ(snapshot->behaviors.back().origin_id, "group");
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
