// What `control` tells `edge` about CloudFront: the only header that its two planes share. Documents, one per
// thing:
//   DistributionSnapshot   kind "DistributionSnapshot", id = distribution id ("E..."): all of one
//   distribution InvalidationSnapshot   kind "InvalidationSnapshot", id = "<distribution id>/<invalidation
//   id>"; there until edge has
//                          applied it. Applying it again does no harm: it only evicts.
// Cache policies, origin request policies and ForwardedValues are resolved here into what a behaviour does.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"

namespace landfall::cloudfront {

inline constexpr char kDistributionSnapshotKind[] = "DistributionSnapshot";
// Event types of functions.
inline constexpr char kViewerRequest[] = "viewer-request";
inline constexpr char kViewerResponse[] = "viewer-response";
inline constexpr char kInvalidationSnapshotKind[] = "InvalidationSnapshot";

// Which of the viewer's headers, cookies or query strings: "none", "all", "whitelist" (these) or "allExcept"
// (all but these). Names of headers are lower case.
struct Selection {
  std::string mode = "none";
  std::vector<std::string> names;
  template <class V>
  void fields(V& v) {
    v("mode", mode);
    v("names", names);
  }
};

struct HeaderSnapshot {
  std::string name, value;
  bool override_origin = true;  // of a response headers policy
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("value", value);
    v("override_origin", override_origin);
  }
};

// Of a response headers policy. Lists are as they are sent, empty: no such header.
struct CorsSnapshot {
  bool override_origin = false;      // else any CORS header of the origin's keeps all of these away
  std::vector<std::string> origins;  // "*", "https://*.example.com"
  bool credentials = false;
  std::string methods, headers, exposed;
  std::optional<int64_t> max_age_seconds;
  template <class V>
  void fields(V& v) {
    v("override_origin", override_origin);
    v("origins", origins);
    v("credentials", credentials);
    v("methods", methods);
    v("headers", headers);
    v("exposed", exposed);
    v("max_age_seconds", max_age_seconds);
  }
};

struct OriginSnapshot {
  std::string id;
  std::string domain;   // lower case
  std::string path;     // "" or "/app": put before the request's path
  std::string bucket;   // an S3 origin's; empty: a custom origin
  std::string signing;  // the origin access control's behaviour: "" (none), always, never, no-override
  std::string protocol_policy = "http-only";  // custom: http-only, https-only, match-viewer
  int64_t http_port = 80, https_port = 443;
  int64_t connect_seconds = 10, read_seconds = 30, attempts = 3;
  std::vector<HeaderSnapshot> headers;  // added to each request
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("domain", domain);
    v("path", path);
    v("bucket", bucket);
    v("signing", signing);
    v("protocol_policy", protocol_policy);
    v("http_port", http_port);
    v("https_port", https_port);
    v("connect_seconds", connect_seconds);
    v("read_seconds", read_seconds);
    v("attempts", attempts);
    v("headers", headers);
  }
};

// Two origins: the second is asked what the first cannot answer.
struct OriginGroupSnapshot {
  std::string id;
  std::vector<int64_t> status_codes;  // of the first, which are as good as none
  std::string first, second;          // ids of origins
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("status_codes", status_codes);
    v("first", first);
    v("second", second);
  }
};

struct PublicKeySnapshot {
  std::string id, pem;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("pem", pem);
  }
};

struct FunctionSnapshot {
  std::string arn;
  std::string version;      // the same for the same code only
  std::string code_base64;  // what is LIVE
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("version", version);
    v("code", code_base64);
  }
};

struct BehaviorSnapshot {
  std::string path_pattern;  // "*" for the default behaviour, which is last
  std::string origin_id;     // an origin's or an origin group's
  std::string viewer_protocol_policy = "allow-all";
  std::vector<std::string> allowed_methods;
  bool options_cached = false;  // CachedMethods has OPTIONS
  bool compress = false, key_gzip = false, key_brotli = false;
  int64_t min_ttl = 0, default_ttl = 86400, max_ttl = 31536000;  // seconds
  Selection key_headers, key_cookies, key_query;                 // in the cache key, and forwarded
  Selection forward_headers, forward_cookies, forward_query;     // forwarded besides
  std::vector<HeaderSnapshot> response_headers;
  std::optional<CorsSnapshot> cors;
  std::vector<std::string> removed_headers;
  std::optional<double> timing_percent;     // of the answers that get Server-Timing
  bool restricted = false;                  // only for holders of signed URLs and cookies of these keys
  std::vector<std::string> signer_key_ids;  // of DistributionSnapshot::public_keys

  std::string request_function, response_function;  // ARNs of DistributionSnapshot::functions; empty: none

  // Every viewer gets an object's own fields.
  bool answers_as_cached() const {
    return response_headers.empty() && !cors && removed_headers.empty() && !timing_percent &&
           response_function.empty();
  }
  template <class V>
  void fields(V& v) {
    v("path_pattern", path_pattern);
    v("origin_id", origin_id);
    v("viewer_protocol_policy", viewer_protocol_policy);
    v("allowed_methods", allowed_methods);
    v("options_cached", options_cached);
    v("compress", compress);
    v("key_gzip", key_gzip);
    v("key_brotli", key_brotli);
    v("min_ttl", min_ttl);
    v("default_ttl", default_ttl);
    v("max_ttl", max_ttl);
    v("key_headers", key_headers);
    v("key_cookies", key_cookies);
    v("key_query", key_query);
    v("forward_headers", forward_headers);
    v("forward_cookies", forward_cookies);
    v("forward_query", forward_query);
    v("response_headers", response_headers);
    v("cors", cors);
    v("removed_headers", removed_headers);
    v("timing_percent", timing_percent);
    v("restricted", restricted);
    v("signer_key_ids", signer_key_ids);
    v("request_function", request_function);
    v("response_function", response_function);
  }
};

struct ErrorResponseSnapshot {
  int64_t error_code = 0;
  std::string page_path;      // empty: the origin's answer
  int64_t response_code = 0;  // 0: the same
  int64_t caching_seconds = 10;
  template <class V>
  void fields(V& v) {
    v("error_code", error_code);
    v("page_path", page_path);
    v("response_code", response_code);
    v("caching_seconds", caching_seconds);
  }
};

// Standard logs.
struct LoggingSnapshot {
  std::string bucket;  // empty: off
  std::string prefix;
  bool include_cookies = false;
  std::string account;  // whose distribution it is
  template <class V>
  void fields(V& v) {
    v("bucket", bucket);
    v("prefix", prefix);
    v("include_cookies", include_cookies);
    v("account", account);
  }
};

struct DistributionSnapshot {
  std::string id, arn;
  std::string domain;                // "d111111abcdef8.cloudfront.net"
  std::vector<std::string> aliases;  // lower case; "*.example.com" stands for any names below
  bool enabled = true;
  std::string default_root_object;
  bool http2 = true;
  std::vector<OriginSnapshot> origins;
  std::vector<OriginGroupSnapshot> origin_groups;
  std::vector<BehaviorSnapshot> behaviors;  // in order; the default is last
  std::vector<ErrorResponseSnapshot> error_responses;
  std::vector<FunctionSnapshot> functions;
  std::vector<PublicKeySnapshot> public_keys;  // of the key groups that its behaviours trust
  std::string default_chain_pem;               // for `domain`
  Secret default_key_pem;
  std::string chain_pem;  // for the aliases; empty: none
  Secret key_pem;
  std::string minimum_protocol_version;  // "TLSv1.2_2021"
  LoggingSnapshot logging;
  template <class V>
  void fields(V& v) {
    v("id", id);
    v("arn", arn);
    v("domain", domain);
    v("aliases", aliases);
    v("enabled", enabled);
    v("default_root_object", default_root_object);
    v("http2", http2);
    v("origins", origins);
    v("origin_groups", origin_groups);
    v("behaviors", behaviors);
    v("error_responses", error_responses);
    v("public_keys", public_keys);
    v("functions", functions);
    v("default_chain_pem", default_chain_pem);
    v("default_key_pem", default_key_pem);
    v("chain_pem", chain_pem);
    v("key_pem", key_pem);
    v("minimum_protocol_version", minimum_protocol_version);
    v("logging", logging);
  }
};

struct InvalidationSnapshot {
  std::string distribution_id, id;
  std::vector<std::string> paths;  // "/a/b", "/a/*": percent-encoded as given
  Timestamp created;
  template <class V>
  void fields(V& v) {
    v("distribution_id", distribution_id);
    v("id", id);
    v("paths", paths);
    v("created", created);
  }
};

}  // namespace landfall::cloudfront
