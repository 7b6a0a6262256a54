// Small files that must be there whole: keys, certificates.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

Result<std::string> read_file(const std::string& path);
// Written beside and renamed, synced; the mode is there from the first byte.
Result<> write_file(const std::string& path, std::string_view bytes, mode_t mode);

}  // namespace landfall
