// S3 for the services of control: HTTP over edge's Unix socket, in a principal's name.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/control_plane.h"
#include "http/client.h"

namespace landfall::roles {

inline constexpr size_t kMaxS3ReplyBytes =
    8 * 1024 * 1024;  // control reads configurations and small objects only

class ControlS3Client final : public S3Client {
 public:
  ControlS3Client(EventLoop& loop, const std::string& socket_path, std::string region);
  void send(Request request, std::function<void(Result<S3Reply>)> done) override;

 private:
  std::unique_ptr<http::Client> client_;
  http::Endpoint endpoint_;
  std::string authority_;
};

}  // namespace landfall::roles
