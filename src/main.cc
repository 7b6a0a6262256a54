#include <malloc.h>

#include "base/result.h"
#include "cli/cli.h"

namespace {

// From this size on a buffer is mapped by itself and goes back to the system when it is freed. Without it
// glibc raises its own bound with what is freed, and the blocks of a megabyte that RocksDB's write buffers
// are made of stay in the heap, in pieces too small for the next ones: up to 32 MiB with each flush.
constexpr int kMappedBytes = 512 * 1024;
// Of the heap's end, kept for what comes next: the pieces of uploads are 256 KiB.
constexpr int kKeptBytes = 4 * 1024 * 1024;

}  // namespace

int main(int argc, char** argv) {
  const bool set = mallopt(M_MMAP_THRESHOLD, kMappedBytes) == 1 && mallopt(M_TRIM_THRESHOLD, kKeptBytes) == 1;
  LF_INVARIANT(set);
  return landfall::cli::run(argc, argv);
}
