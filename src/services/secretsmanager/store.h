// What Secrets Manager keeps: "<account>/<region>/<name>".
//
// Invariants: a staging label is at one version only; AWSCURRENT is at a version whenever there is any; a
// value is sealed (gateway/vault.h) under the secret's ARN and its version's id; `deleted` is set from
// DeleteSecret to RestoreSecret, and the secret goes at `delete_at`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace landfall::secretsmanager {

struct VersionRecord {
  Timestamp created, accessed;  // accessed: by day, as on AWS; zero: never
  std::string sealed;
  bool binary = false;
  std::vector<std::string> stages;  // none: deprecated
  template <class V>
  void fields(V& v) {
    v("created", created);
    v("accessed", accessed);
    v("sealed", sealed);
    v("binary", binary);
    v("stages", stages);
  }
};

struct SecretRecord {
  std::string arn, name, description, kms_key, policy, owning_service, type;
  Timestamp created, changed, accessed;
  Timestamp deleted, delete_at;  // zero: not scheduled
  std::map<std::string, VersionRecord> versions;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("name", name);
    v("description", description);
    v("kms_key", kms_key);
    v("policy", policy);
    v("owning_service", owning_service);
    v("type", type);
    v("created", created);
    v("changed", changed);
    v("accessed", accessed);
    v("deleted", deleted);
    v("delete_at", delete_at);
    v("versions", versions);
    v("tags", tags);
  }
  bool is_deleted() const { return deleted.unix_ms != 0; }
};

inline constexpr store::Table<SecretRecord> kSecrets{"secretsmanager.secret"};

inline constexpr size_t kMaxVersions = 100;
inline constexpr char kCurrent[] = "AWSCURRENT";
inline constexpr char kPrevious[] = "AWSPREVIOUS";
inline constexpr int64_t kDayMs = 86'400'000;

}  // namespace landfall::secretsmanager
