// For tests: a host that does at once what control desires of its workloads.
#pragma once

#include <map>
#include <set>
#include <string>

#include "codec/fields.h"
#include "gateway/testing.h"
#include "host/protocol.h"

namespace landfall::testing_support {

class ObedientHost {
 public:
  explicit ObedientHost(TestPlane& plane) : plane_(plane) {}

  // Says of each workload that it is as it shall be, and of those that are desired no more that they are
  // gone.
  void obey() {
    std::map<std::string, std::string> wanted;
    const std::string prefix = std::string(kHostPrefix) + "Workload/";
    plane_.store->each(prefix, [&](std::string_view key, const store::Document& document) {
      wanted[std::string(key.substr(prefix.size()))] =
          from_json<host::Workload>(document.text).value().desired;
    });
    for (const auto& [id, desired] : wanted) say(id, desired == "running" ? "running" : "stopped");
    for (const std::string& id : had_)
      if (!wanted.contains(id)) say(id, "removed");
    had_.clear();
    for (const auto& [id, desired] : wanted) had_.insert(id);
  }

 private:
  void say(const std::string& id, const std::string& state) {
    plane_.observations.put("Workload", id, to_json(host::WorkloadStatus{.id = id, .state = state}));
  }

  TestPlane& plane_;
  std::set<std::string> had_;
};

}  // namespace landfall::testing_support
