// The environment variables that lead an AWS client to a Landfall.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "roles/layout.h"

namespace landfall::cli {

enum class Reach {
  endpoint_url,  // from the machine as it is: AWS_ENDPOINT_URL names the API's port
  real_names,    // in `landfall shell`: the clients' own endpoints resolve to Landfall
};

// `account`: id or name; of an added one, the credentials are a session of the role that lets the first
// account in, for as long as it allows. Empty: the first account's root.
Result<std::vector<std::pair<std::string, std::string>>> client_environment(const roles::Layout& layout,
                                                                            Reach reach,
                                                                            const std::string& account);

}  // namespace landfall::cli
