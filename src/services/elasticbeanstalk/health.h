// How an environment's instances are.
#pragma once

#include <string>
#include <vector>

#include "services/elasticbeanstalk/store.h"

namespace landfall::elasticbeanstalk {

struct InstanceFacts {
  std::string id, zone, type;
  std::string lifecycle;  // Auto Scaling's: Pending, InService, Terminating
  std::string target;     // the target group's: initial, healthy, unhealthy, draining, unused
  std::string reason;     // of the target group, when not healthy
  bool current = false;   // runs what the environment wants
  bool counts() const { return lifecycle != "Terminating"; }
  bool healthy() const { return lifecycle == "InService" && target == "healthy"; }
};

struct Assessment {
  int64_t min_size = 0, desired = 0;
  std::vector<InstanceFacts> instances;
  int64_t counted() const;
  int64_t healthy() const;
  int64_t current_healthy() const;
  bool settled() const;  // every instance that is wanted is there, healthy, and current
};
Assessment assess(Call& call, const EnvironmentRecord& record);

struct Verdict {
  std::string color, status;  // Green Ok, Yellow Warning, Red Severe, Grey Pending
  std::vector<std::string> causes;
};
enum class Phase { launching, running };  // launching: what is not there yet is not missing
Verdict judge(const Assessment& assessment, Phase phase);

// The instance that a rolling update replaces next; empty: none, or not now.
std::string next_to_replace(const Assessment& assessment);

}  // namespace landfall::elasticbeanstalk
