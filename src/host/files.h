// Small files of host's own directory.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall::host {

Result<std::string> read_file(const std::string& path);
// Mode 0600, written beside and renamed into place: readers see the old or the new. Not synced: what host
// keeps can be had again from control after a power cut.
Result<> write_file_atomically(const std::string& path, std::string_view content);

}  // namespace landfall::host
