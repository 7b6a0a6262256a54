// The source bundle, unpacked.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace landfall::agent {

inline constexpr int64_t kMaxUnpackedBytes = 4LL << 30;  // against archives that expand without end

// Unpacks the zip file into `folder`, which is emptied first; all of it belongs to `owner`. Entries that
// would leave the folder (absolute paths, "..", through symbolic links) are an error, and so is an archive
// that breaks off.
Result<> unpack_zip(const std::string& zip_path, const std::string& folder, uid_t owner);

}  // namespace landfall::agent
