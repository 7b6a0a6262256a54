#include "base/result.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace landfall {

std::unexpected<Error> fail_errno(std::string_view what, int error_number) {
  return fail(std::string(what) + ": " + std::strerror(error_number), error_number);
}

void invariant_broken(const char* expression, const char* file, int line, std::string_view why) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s%s%.*s\n", file, line, expression, why.empty() ? "" : ": ",
               static_cast<int>(why.size()), why.data());
  std::abort();
}

}  // namespace landfall
