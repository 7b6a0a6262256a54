// The deployment document: what Elastic Beanstalk tells an instance to run. It comes in the user data, which
// writes it to kDocumentPath (0600: environment properties are secrets).
#pragma once

#include <map>
#include <string>

namespace landfall::agent {

inline constexpr char kDocumentPath[] = "/etc/landfall/beanstalk.json";

struct Document {
  std::string region;
  std::string environment_id, environment_name;
  std::string version_label;
  std::string bucket, key;                        // of the source bundle
  std::map<std::string, std::string> properties;  // the application's environment
  template <class V>
  void fields(V& v) {
    v("region", region);
    v("environment_id", environment_id);
    v("environment_name", environment_name);
    v("version_label", version_label);
    v("bucket", bucket);
    v("key", key);
    v("properties", properties);
  }
};

}  // namespace landfall::agent
