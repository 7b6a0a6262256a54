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
// The names in a directory are durable when it returns. It may be relative; "" is the current one.
Result<> sync_directory(const std::string& path);

}  // namespace landfall
