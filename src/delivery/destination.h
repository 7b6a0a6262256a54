// Destination: where the lines of one log go: a bucket, how its objects are named, and in whose name they are
// written. Written at the head of each file of the spool, so that a file found after a crash tells by itself
// where it belongs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace landfall::delivery {

// In whose name an object is written; exactly one is set.
struct Writer {
  std::string service;  // "logdelivery.elasticloadbalancing.amazonaws.com"
  std::string account;  // that account's root
  // Stands for a grant in the bucket's ACL: no good where the bucket's ownership turns ACLs off.
  bool by_acl = false;
  bool operator==(const Writer&) const = default;
  template <class V>
  void fields(V& v) {
    v("service", service);
    v("account", account);
    v("by_acl", by_acl);
  }
};

struct Destination {
  std::string bucket;
  std::string region;      // that the bucket must be in; empty: any
  std::string key_prefix;  // before the name, as it is
  // The rest of the key. %Y %m %d %H %M %S are of the time below; %r is 8 characters of [a-z0-9], %R 16 of
  // [0-9A-F], the same ones at each attempt to write the file.
  std::string name;
  bool named_by_begin = false;  // of the file's first line; else of the end of the period it was closed in
  std::string preamble;         // before the first line of each object, with its line feed
  bool gzip = false;
  std::vector<Writer> writers;             // tried in order; the first that may write does
  std::string source_arn, source_account;  // aws:SourceArn, aws:SourceAccount
  bool operator==(const Destination&) const = default;
  template <class V>
  void fields(V& v) {
    v("bucket", bucket);
    v("region", region);
    v("key_prefix", key_prefix);
    v("name", name);
    v("named_by_begin", named_by_begin);
    v("preamble", preamble);
    v("gzip", gzip);
    v("writers", writers);
    v("source_arn", source_arn);
    v("source_account", source_account);
  }
};

// `unique`: 16 hexadecimal digits. The same arguments give the same key: an object that is written twice,
// because its first answer was lost, replaces itself.
std::string object_key(const Destination& destination, Timestamp time, std::string_view unique);

// The end of the period that holds `time`; periods begin at multiples of their length since 1970.
Timestamp end_of_period(Timestamp time, int64_t period_ms);

}  // namespace landfall::delivery
