#include "roles/edge_vpc_sockets.h"

#include <algorithm>

namespace landfall::roles {

UniqueFd EdgeVpcSockets::try_take(std::string_view vpc_id) {
  auto it = pools_.find(vpc_id);
  if (it == pools_.end()) it = pools_.try_emplace(std::string(vpc_id)).first;
  Pool& pool = it->second;
  UniqueFd taken;
  if (!pool.sockets.empty()) {
    taken = std::move(pool.sockets.back());
    pool.sockets.pop_back();
  }
  refill(it->first, pool);
  return taken;
}

void EdgeVpcSockets::wait(std::string_view vpc_id, std::move_only_function<void(Result<UniqueFd>)> taken) {
  Pool& pool = pools_[std::string(vpc_id)];
  if (pool.waiters.size() >= kPoolWaiters) {
    loop_.post([taken = std::move(taken)]() mutable {
      taken(fail("too many connections are waiting for a socket in the VPC"));
    });
    return;
  }
  const uint64_t id = ++last_waiter_;
  const TimerId timer = loop_.after_ms(kPoolPatienceMs, [this, vpc = std::string(vpc_id), id] {
    Pool& waiting = pools_[vpc];
    auto it = std::ranges::find(waiting.waiters, id, &Waiter::id);
    if (it == waiting.waiters.end()) return;
    auto given_up = std::move(it->taken);
    waiting.waiters.erase(it);
    given_up(fail("no socket in VPC " + vpc + " in time: " + waiting.last_error));
  });
  pool.waiters.push_back({id, timer, std::move(taken)});
  refill(std::string(vpc_id), pool);
}

void EdgeVpcSockets::refill(const std::string& vpc_id, Pool& pool) {
  if (pool.asking || pool.sockets.size() >= kPoolRefill) return;
  pool.asking = true;
  open_(vpc_id, {{.purpose = "tcp_client", .count = static_cast<int64_t>(kPoolTarget - pool.sockets.size())}},
        [this, vpc_id](Result<std::vector<UniqueFd>> sockets) { filled(vpc_id, std::move(sockets)); });
}

void EdgeVpcSockets::filled(const std::string& vpc_id, Result<std::vector<UniqueFd>> sockets) {
  Pool& pool = pools_[vpc_id];
  pool.asking = false;
  if (!sockets) {
    pool.last_error = sockets.error().message;
    loop_.after_ms(kPoolRetryMs, [this, vpc_id] {
      if (Pool& again = pools_[vpc_id]; !again.waiters.empty()) refill(vpc_id, again);
    });
    return;
  }
  for (UniqueFd& socket : *sockets) pool.sockets.push_back(std::move(socket));
  while (!pool.waiters.empty() && !pool.sockets.empty()) {
    Waiter waiter = std::move(pool.waiters.front());
    pool.waiters.pop_front();
    loop_.cancel(waiter.timer);
    UniqueFd socket = std::move(pool.sockets.back());
    pool.sockets.pop_back();
    waiter.taken(std::move(socket));
  }
  // One batch does not go round among many waiters, and nobody else may come who would ask for the next.
  if (!pool.waiters.empty()) refill(vpc_id, pool);
}

}  // namespace landfall::roles
