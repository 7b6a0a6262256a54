#include "host/network/nft.h"

#include <nftables/libnftables.h>

#include "host/network/netns.h"

namespace landfall::host {

void Nft::Free::operator()(nft_ctx* context) const { nft_ctx_free(context); }

Result<Nft> Nft::open(int netns_fd) {
  // The context opens its netlink socket when made, so it must be made inside.
  LF_TRY(NetnsScope scope, NetnsScope::enter(netns_fd));
  std::unique_ptr<nft_ctx, Free> context(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!context) return fail("nft_ctx_new failed");
  nft_ctx_buffer_error(context.get());
  nft_ctx_buffer_output(context.get());
  return Nft(netns_fd, std::move(context));
}

Result<> Nft::run(const std::string& commands) {
  if (commands.empty()) return {};
  LF_TRY(NetnsScope scope, NetnsScope::enter(netns_fd_));
  if (nft_run_cmd_from_buffer(context_.get(), commands.c_str()) != 0)
    return fail(std::string("nftables: ") + nft_ctx_get_error_buffer(context_.get()));
  return {};
}

}  // namespace landfall::host
