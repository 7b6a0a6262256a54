// The program landfall-functions, which is carried inside this one: it links SpiderMonkey, and nothing of it
// is mapped or read before a function runs.
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::javascript {

Result<UniqueFd> program();  // in memory, to be executed by /proc/self/fd/N; close-on-exec

}  // namespace landfall::javascript
