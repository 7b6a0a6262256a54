#include "javascript/program.h"

#include <sys/mman.h>
#include <unistd.h>

#include <string_view>

// LANDFALL_FUNCTIONS_PROGRAM is where the build has put it.
asm(".section .rodata\n"
    ".global landfall_functions_begin\n"
    ".global landfall_functions_end\n"
    "landfall_functions_begin:\n"
    ".incbin \"" LANDFALL_FUNCTIONS_PROGRAM
    "\"\n"
    "landfall_functions_end:\n"
    ".previous\n");
extern "C" const char landfall_functions_begin[], landfall_functions_end[];

namespace landfall::javascript {

Result<UniqueFd> program() {
  UniqueFd file(::memfd_create("landfall-functions", MFD_CLOEXEC));
  if (!file) return fail_errno("memfd_create");
  std::string_view rest(landfall_functions_begin,
                        static_cast<size_t>(landfall_functions_end - landfall_functions_begin));
  while (!rest.empty()) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0) return fail_errno("write the program");
    rest.remove_prefix(static_cast<size_t>(written));
  }
  return file;
}

}  // namespace landfall::javascript
