#include "roles/edge_vpc_sockets.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace landfall::roles {
namespace {

TEST(EdgeVpcSockets, OfManyWhoWaitEachGetsOneThoughNobodyElseAsks) {
  constexpr size_t kWaiting = 5 * kPoolTarget;
  const auto loop = *EventLoop::create();
  EdgeVpcSockets pool(
      *loop, [&](const std::string&, std::vector<host::SocketRequest> requests, EdgeHostLink::Opened opened) {
        loop->post([count = requests.at(0).count, opened = std::move(opened)]() mutable {
          std::vector<UniqueFd> sockets;
          for (int64_t i = 0; i < count; ++i) sockets.emplace_back(open("/dev/null", O_RDONLY | O_CLOEXEC));
          opened(std::move(sockets));
        });
      });
  size_t served = 0, heard = 0;
  for (size_t i = 0; i < kWaiting; ++i)
    pool.wait("vpc-1", [&](Result<UniqueFd> socket) {
      served += socket.has_value();
      if (++heard == kWaiting) loop->stop();
    });
  loop->run();
  EXPECT_EQ(served, kWaiting);
}

}  // namespace
}  // namespace landfall::roles
