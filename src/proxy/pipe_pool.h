// Pipes that bytes pass through on their way from one socket to another without being copied (splice(2)),
// kept by the worker between uses. One thread.
//
// Invariant: a pipe in the pool is empty. At most kPipes exist: what a user may have in pipes is limited by
// the system (fs.pipe-user-pages-soft), and a pipe whose client is slow holds up to kPipeBytes.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "base/unique_fd.h"

namespace landfall::proxy {

inline constexpr int kPipeBytes = 256 * 1024;

struct Pipe {
  UniqueFd reading, writing;
  size_t bytes = 0;  // in it now
};

class PipePool {
 public:
  std::unique_ptr<Pipe> take();  // null: none to be had; the bytes have to be copied
  void give_back(std::unique_ptr<Pipe> pipe);

 private:
  static constexpr size_t kPipes = 64;
  std::vector<std::unique_ptr<Pipe>> kept_;
  size_t out_ = 0;
};

}  // namespace landfall::proxy
