// https://docs.aws.amazon.com/elasticbeanstalk/latest/api/API_ListAvailableSolutionStacks.html
#include "elasticbeanstalk/errors.h"
#include "elasticbeanstalk/operations.h"
#include "services/elasticbeanstalk/environments.h"

namespace landfall::elasticbeanstalk {

// Those whose contract Landfall's agent keeps: a Procfile's prebuilt `web` process.
ListAvailableSolutionStacksResultMessage ListAvailableSolutionStacks(Call&, const aws::Empty&) {
  ListAvailableSolutionStacksResultMessage out;
  for (const char* name : {"64bit Amazon Linux 2023 v4.5.0 running Go 1"}) {
    out.SolutionStacks.emplace_back(name);
    out.SolutionStackDetails.push_back({.SolutionStackName = name, .PermittedFileTypes = {"zip"}});
  }
  return out;
}

}  // namespace landfall::elasticbeanstalk
