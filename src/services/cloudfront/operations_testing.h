// CloudFront's control plane with a store of its own, for tests of operations.
#pragma once

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

namespace landfall::cloudfront::testing {

inline constexpr char kOptimized[] = "658327ea-f89d-4fab-a63d-7e88639e58f6";

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

}  // namespace landfall::cloudfront::testing
