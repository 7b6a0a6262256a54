// How much room the disk has, and how much of the last of it is kept for what.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace landfall::rocks {

// Bytes that this process may still write on the disk that holds `path`. Threads: any; must not block.
using FreeBytes = std::function<uint64_t(const std::string& path)>;

// By the file system's own account; UINT64_MAX if it gives none, for then writing finds out.
uint64_t free_bytes(const std::string& path);

// What stores more leaves this much for what makes room again: a full disk must still let objects be deleted.
inline constexpr uint64_t kLeftForDeletions = 32 << 20;
// What makes room leaves this much for RocksDB's own threads, whose files grow beside the log.
inline constexpr uint64_t kLeftForRocksDb = 4 << 20;

}  // namespace landfall::rocks
