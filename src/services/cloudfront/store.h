// What CloudFront keeps. It is a global service: rows are the account's (Call::global_rows), ids the
// resources' own.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cloudfront/shapes.h"
#include "gateway/call.h"
#include "store/store.h"

namespace landfall::cloudfront {

using TagMap = std::map<std::string, std::string>;

// InProgress -> Deployed when edge serves the revision that published the snapshot; each change begins anew.
struct DistributionRecord {
  std::string id, arn, domain, etag;
  Timestamp modified;
  DistributionConfig config;  // with AWS's defaults filled in
  std::string requested;  // the config as CreateDistribution got it, as JSON: what a repeated call must equal
  TagMap tags;
  bool deployed = false;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("arn", arn);
    v("domain", domain);
    v("etag", etag);
    v("modified", modified);
    v("config", config);
    v("requested", requested);
    v("tags", tags);
    v("deployed", deployed);
  }
};

struct OriginAccessControlRecord {
  std::string id, etag;
  OriginAccessControlConfig config;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("etag", etag);
    v("config", config);
  }
};

// A policy of the account's own (AWS's managed ones: policies.h).
template <class Config>
struct PolicyRecord {
  std::string id, etag;
  Timestamp modified;
  Config config;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("etag", etag);
    v("modified", modified);
    v("config", config);
  }
};
using CachePolicyRecord = PolicyRecord<CachePolicyConfig>;
using OriginRequestPolicyRecord = PolicyRecord<OriginRequestPolicyConfig>;
using ResponseHeadersPolicyRecord = PolicyRecord<ResponseHeadersPolicyConfig>;
using PublicKeyRecord = PolicyRecord<PublicKeyConfig>;  // modified: when it was made
using KeyGroupRecord = PolicyRecord<KeyGroupConfig>;

// One stage of a function. What LIVE is, PublishFunction copied from DEVELOPMENT.
struct FunctionStage {
  std::string etag, code_base64;
  FunctionConfig config;
  Timestamp modified;
  template <class V>
  void fields(V& v) {
    v("etag", etag);
    v("code", code_base64);
    v("config", config);
    v("modified", modified);
  }
};
struct FunctionRecord {
  std::string name;
  Timestamp created;
  FunctionStage development;
  std::optional<FunctionStage> live;
  TagMap tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("created", created);
    v("development", development);
    v("live", live);
    v("tags", tags);
  }
};

// Row id: "<distribution id>/<invalidation id>".
struct InvalidationRecord {
  std::string distribution_id, id;
  InvalidationBatch batch;
  Timestamp created;
  bool completed = false;
  template <class V>
  void fields(V& v) {
    v("distribution_id", distribution_id);
    v("id", id);
    v("batch", batch);
    v("created", created);
    v("completed", completed);
  }
};

// *.cloudfront.net, of Landfall's CA; row id "default".
struct DefaultCertificateRecord {
  std::string chain_pem;
  Secret key_pem;
  Timestamp issued;
  template <class V>
  void fields(V& v) {
    v("chain_pem", chain_pem);
    v("key_pem", key_pem);
    v("issued", issued);
  }
};

inline constexpr store::Table<DistributionRecord> kDistributions{"cloudfront.distribution"};
inline constexpr store::Table<OriginAccessControlRecord> kOriginAccessControls{
    "cloudfront.originaccesscontrol"};
inline constexpr store::Table<CachePolicyRecord> kCachePolicies{"cloudfront.cachepolicy"};
inline constexpr store::Table<OriginRequestPolicyRecord> kOriginRequestPolicies{
    "cloudfront.originrequestpolicy"};
inline constexpr store::Table<ResponseHeadersPolicyRecord> kResponseHeadersPolicies{
    "cloudfront.responseheaderspolicy"};
inline constexpr store::Table<PublicKeyRecord> kPublicKeys{"cloudfront.publickey"};
inline constexpr store::Table<KeyGroupRecord> kKeyGroups{"cloudfront.keygroup"};
inline constexpr store::Table<FunctionRecord> kFunctions{"cloudfront.function"};
inline constexpr store::Table<InvalidationRecord> kInvalidations{"cloudfront.invalidation"};
inline constexpr store::Table<DefaultCertificateRecord> kDefaultCertificates{"cloudfront.certificate"};

// Quotas (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).
inline constexpr size_t kMaxDistributions = 500;
inline constexpr size_t kMaxAliases = 100;
inline constexpr size_t kMaxOrigins = 100;
inline constexpr size_t kMaxBehaviors = 75;
inline constexpr size_t kMaxPathsInProgress = 3000;
inline constexpr size_t kMaxKeptInvalidations =
    100;  // of a distribution: completed ones beyond go, oldest first

}  // namespace landfall::cloudfront
