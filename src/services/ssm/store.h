// What Parameter Store keeps: "<account>/<region>/<name>", the name as it was given ("/app/db" or "db").
//
// Invariants: versions are in order and the last is the current one; at most kMaxVersions of them; a label is
// at one version only; the value of a SecureString is sealed (gateway/vault.h) under the parameter's ARN.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace landfall::ssm {

struct VersionRecord {
  int64_t version = 0;
  std::string type, value, key_id, description, allowed_pattern, tier, data_type, policies, user;
  Timestamp modified;
  std::vector<std::string> labels;
  template <class V>
  void fields(V& v) {
    v("version", version);
    v("type", type);
    v("value", value);
    v("key_id", key_id);
    v("description", description);
    v("allowed_pattern", allowed_pattern);
    v("tier", tier);
    v("data_type", data_type);
    v("policies", policies);
    v("user", user);
    v("modified", modified);
    v("labels", labels);
  }
};

struct ParameterRecord {
  std::string name;
  std::vector<VersionRecord> versions;
  std::map<std::string, std::string> tags;
  template <class V>
  void fields(V& v) {
    v("name", name);
    v("versions", versions);
    v("tags", tags);
  }
};

inline constexpr store::Table<ParameterRecord> kParameters{"ssm.parameter"};

// https://docs.aws.amazon.com/general/latest/gr/ssm.html
inline constexpr size_t kMaxVersions = 100;
inline constexpr size_t kMaxLabels = 10;  // of a version
inline constexpr size_t kMaxLevels = 15;
inline constexpr size_t kStandardBytes = 4096, kAdvancedBytes = 8192;
inline constexpr char kSecureString[] = "SecureString";

}  // namespace landfall::ssm
