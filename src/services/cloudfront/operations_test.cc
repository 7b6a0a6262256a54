#include "services/cloudfront/operations_testing.h"

namespace landfall::cloudfront {
namespace {

using testing::CloudFrontTest;

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

TEST_F(CloudFrontTest, geographic_restrictions_are_country_codes_and_are_kept) {
  const auto restricted = [&](const char* type, std::vector<std::string> places) {
    DistributionConfig c = config("geo");
    const auto count = static_cast<int64_t>(places.size());
    c.Restrictions =
        Restrictions{.GeoRestriction = GeoRestriction{
                         .RestrictionType = type, .Quantity = count, .Items = std::move(places)}};
    return c;
  };
  for (const DistributionConfig& wrong : {restricted("whitelist", {}), restricted("none", {"US"}),
                                          restricted("blacklist", {"usa"}), restricted("greylist", {"US"})})
    expect<InvalidGeoRestrictionParameter>(
        [&](Call& call) { CreateDistribution(call, {.DistributionConfig = wrong}); });
  const auto made = create(restricted("whitelist", {"US", "DE"}));
  EXPECT_EQ(made.DistributionConfig->Restrictions->GeoRestriction->Items,
            (std::vector<std::string>{"US", "DE"}));
}

TEST_F(CloudFrontTest, grpc_needs_post_and_http_2) {
  DistributionConfig wanted = config("grpc");
  wanted.DefaultCacheBehavior->GrpcConfig = GrpcConfig{.Enabled = true};
  expect<InvalidArgument>([&](Call& call) { CreateDistribution(call, {.DistributionConfig = wanted}); });
  wanted.DefaultCacheBehavior->AllowedMethods =
      AllowedMethods{.Quantity = 7, .Items = {"GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"}};
  wanted.HttpVersion = "http1.1";
  expect<InvalidArgument>([&](Call& call) { CreateDistribution(call, {.DistributionConfig = wanted}); });
  wanted.HttpVersion = "http2and3";
  const auto made =
      t_.call([&](Call& call) { return CreateDistribution(call, {.DistributionConfig = wanted}); });
  EXPECT_EQ(made.Distribution->DistributionConfig->DefaultCacheBehavior->GrpcConfig->Enabled, true);
}

TEST_F(CloudFrontTest, what_landfall_has_not_is_refused_by_name_and_empty_is_not_it) {
  const auto with = [&](auto change) {
    return [this, change](Call& call) {
      DistributionConfig c = config("absent");
      change(c);
      CreateDistribution(call, {.DistributionConfig = c});
    };
  };
  expect<InvalidWebACLId>(with([](auto& c) { c.WebACLId = "arn:aws:wafv2:us-east-1:1:global/webacl/a/b"; }));
  expect<NoSuchContinuousDeploymentPolicy>(with([](auto& c) { c.ContinuousDeploymentPolicyId = "p"; }));
  expect<NoSuchFieldLevelEncryptionConfig>(
      with([](auto& c) { c.DefaultCacheBehavior->FieldLevelEncryptionId = "f"; }));
  expect<NoSuchRealtimeLogConfig>(
      with([](auto& c) { c.DefaultCacheBehavior->RealtimeLogConfigArn = "arn"; }));
  expect<InvalidArgument>(with([](auto& c) { c.Staging = true; }));
  DistributionConfig empty = config("absent");
  empty.WebACLId = empty.ContinuousDeploymentPolicyId = "";
  empty.DefaultCacheBehavior->FieldLevelEncryptionId = "";
  empty.Staging = false;
  create(empty);
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

}  // namespace
}  // namespace landfall::cloudfront
