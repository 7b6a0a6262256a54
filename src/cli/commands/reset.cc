// `landfall reset`: POST /_landfall/reset as the account's root. Everything goes, store and world; what is
// left is the first account, fresh.
#include <chrono>
#include <cstdio>

#include "cli/api_client.h"
#include "cli/cli.h"
#include "cli/commands.h"

namespace landfall::cli {

int reset(const CommandOptions& options) {
  const auto client = ApiClient::create(roles::Layout{options.data_dir});
  if (!client) {
    std::fprintf(stderr, "landfall reset: %s\n", client.error().message.c_str());
    return kFailed;
  }
  const auto began = std::chrono::steady_clock::now();
  const auto answer = client->send({.service = "landfall",
                                    .host = client->endpoint_host("landfall"),
                                    .method = "POST",
                                    .target = "/_landfall/reset",
                                    .content_type = "application/json",
                                    .body = ""});
  if (!answer || !answer->ok()) {
    std::fprintf(stderr, "landfall reset: %s\n",
                 answer ? answer->body.c_str() : answer.error().message.c_str());
    return kFailed;
  }
  const auto took = std::chrono::steady_clock::now() - began;
  std::printf("One fresh account, %s, after %lld ms.\n", client->account_id().c_str(),
              static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
  return kOk;
}

}  // namespace landfall::cli
