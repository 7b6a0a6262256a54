#include "proxy/pipe_pool.h"

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace landfall::proxy {

std::unique_ptr<Pipe> PipePool::take() {
  if (!kept_.empty()) {
    auto pipe = std::move(kept_.back());
    kept_.pop_back();
    ++out_;
    return pipe;
  }
  if (out_ >= kPipes) return nullptr;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return nullptr;
  ++out_;
  // Refused beyond the user's limit: then it has the size that the system gives.
  fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);
  return std::make_unique<Pipe>(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

void PipePool::give_back(std::unique_ptr<Pipe> pipe) {
  --out_;
  if (pipe->bytes == 0 && kept_.size() < kPipes) kept_.push_back(std::move(pipe));
}

}  // namespace landfall::proxy
