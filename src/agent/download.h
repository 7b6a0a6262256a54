// The source bundle's download: credentials of the instance's role from IMDSv2, then S3, signed.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/document.h"
#include "base/result.h"
#include "http/client.h"

namespace landfall::agent {

inline constexpr int64_t kMaxBundleBytes = 512LL << 20;  // AWS: 500 MB

struct DownloadOptions {
  http::Endpoint metadata;  // 169.254.169.254:80
  http::Endpoint s3;
};
// Writes the bundle to `path`. `done` is called once, not within this call.
void download_bundle(http::Client& client, DownloadOptions options, const Document& document,
                     const std::string& path, std::function<void(Result<>)> done);

}  // namespace landfall::agent
