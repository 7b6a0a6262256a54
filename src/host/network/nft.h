// Nft: runs nftables commands in one namespace, in process (libnftables), each batch as one atomic
// transaction.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

struct nft_ctx;

namespace landfall::host {

class Nft {
 public:
  // The namespace's descriptor must stay open as long as this lives.
  static Result<Nft> open(int netns_fd);
  Result<> run(const std::string& commands);  // Error: libnftables' own words; nothing was changed

 private:
  struct Free {
    void operator()(nft_ctx* context) const;
  };
  Nft(int netns_fd, std::unique_ptr<nft_ctx, Free> context)
      : netns_fd_(netns_fd), context_(std::move(context)) {}
  int netns_fd_;
  std::unique_ptr<nft_ctx, Free> context_;
};

}  // namespace landfall::host
