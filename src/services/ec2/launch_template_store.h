// Launch templates in the store; apart from store.h because the data is the API's own shape.
// Invariant: a template has at least one version; its default and latest are among them; numbers are never
// used again.
#pragma once

#include "ec2/shapes.h"
#include "services/ec2/store.h"

namespace landfall::ec2 {

struct LaunchTemplateVersionRecord {
  int64_t number = 0;
  std::string description;
  std::string created_by;
  Timestamp created_at;
  ResponseLaunchTemplateData data;
  template <class V>
  void fields(V& v) {
    v("number", number);
    v("description", description);
    v("created_by", created_by);
    v("created_at", created_at);
    v("data", data);
  }
};

struct LaunchTemplateRecord {
  std::string launch_template_id;
  std::string name;
  std::string created_by;
  std::string client_token;
  Timestamp created_at;
  int64_t default_version = 1;
  int64_t latest_version = 1;
  std::vector<LaunchTemplateVersionRecord> versions;  // in order of numbers
  template <class V>
  void fields(V& v) {
    v("launch_template_id", launch_template_id);
    v("name", name);
    v("created_by", created_by);
    v("client_token", client_token);
    v("created_at", created_at);
    v("default_version", default_version);
    v("latest_version", latest_version);
    v("versions", versions);
  }
};

inline constexpr Resource<LaunchTemplateRecord> kLaunchTemplates{
    {"ec2.launch_template"},
    "launch-template",
    "lt-",
    "InvalidLaunchTemplateId.NotFound",
    "The specified launch template, with template ID {}, does not exist."};

}  // namespace landfall::ec2
