#include "roles/edge_host_link.h"

#include "base/log.h"
#include "codec/fields.h"

namespace landfall::roles {

EdgeHostLink::EdgeHostLink(EventLoop& main, std::string socket_path)
    : main_(main), client_(main, {.path = std::move(socket_path)}) {
  client_.on_message([this](std::string_view json, std::vector<UniqueFd> descriptors) {
    received(json, std::move(descriptors));
  });
  client_.on_disconnected([this] {
    auto waiting = std::move(waiting_);
    waiting_.clear();
    for (auto& [id, one] : waiting) answer(std::move(one), fail("the host role went away"));
  });
}

void EdgeHostLink::open(EventLoop& loop, std::string vpc_id, std::vector<host::SocketRequest> requests,
                        Opened done) {
  main_.post([this, &loop, vpc_id = std::move(vpc_id), requests = std::move(requests),
              done = std::move(done)]() mutable {
    ask(loop, std::move(vpc_id), std::move(requests), std::move(done));
  });
}

void EdgeHostLink::ask(EventLoop& loop, std::string vpc_id, std::vector<host::SocketRequest> requests,
                       Opened done) {
  size_t count = 0;
  for (const auto& request : requests) count += static_cast<size_t>(request.count);
  Waiting one{&loop, count, std::move(done)};
  if (!client_.connected()) return answer(std::move(one), fail("the host role is not connected"));
  if (waiting_.size() >= kMaxSocketRequests)
    return answer(std::move(one), fail("too many socket requests are waiting for the host role"));
  const std::string id = std::to_string(++last_id_);
  waiting_.emplace(id, std::move(one));
  client_.send(
      to_json(host::OpenSockets{.id = id, .vpc_id = std::move(vpc_id), .requests = std::move(requests)}));
}

void EdgeHostLink::received(std::string_view json, std::vector<UniqueFd> descriptors) {
  const auto envelope = from_json<host::Envelope>(json);
  if (!envelope) return log::error("host said what is not JSON: {}", envelope.error().message);
  auto it = waiting_.find(envelope->id);
  if (it == waiting_.end()) return;  // another's, or given up
  Waiting one = std::move(it->second);
  waiting_.erase(it);
  if (envelope->type == "SocketsOpened" && descriptors.size() == one.count)
    return answer(std::move(one), std::move(descriptors));
  const auto failure = from_json<host::Failure>(json);
  answer(std::move(one), fail(failure && !failure->message.empty() ? failure->message
                                                                   : "host sent another number of sockets"));
}

void EdgeHostLink::answer(Waiting waiting, Result<std::vector<UniqueFd>> result) {
  waiting.loop->post(
      [done = std::move(waiting.done), result = std::move(result)]() mutable { done(std::move(result)); });
}

}  // namespace landfall::roles
