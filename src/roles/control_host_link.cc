#include "roles/control_host_link.h"

#include "base/encoding.h"
#include "base/log.h"
#include "host/protocol.h"

namespace landfall::roles {

HostLink::HostLink(EventLoop& loop, store::Store& store, Observations& observations, std::string socket_path)
    : observations_(observations),
      client_(loop, {.path = std::move(socket_path)}),
      sender_(store, loop, std::string(kHostPrefix), mirror::Barriers::no,
              [this](std::string json) { client_.send(json); }) {
  client_.on_connected([this] { sender_.connected(); });
  client_.on_disconnected([this] {
    sender_.disconnected();
    auto waiting = std::move(waiting_);
    waiting_.clear();
    for (auto& [id, done] : waiting) done(fail("the host role went away"));
  });
  client_.on_message([this](std::string_view json, std::vector<UniqueFd>) { received(json); });
}

void HostLink::console_output(std::string workload_id, std::function<void(Result<std::string>)> done) {
  if (!client_.connected()) return done(fail("the host role is not connected"));
  if (waiting_.size() >= kMaxHostRequests)
    return done(fail("too many requests to the host role are waiting"));
  const std::string id = std::to_string(++last_request_);
  waiting_[id] = std::move(done);
  client_.send(to_json(host::GetConsoleOutput{.id = id, .workload_id = std::move(workload_id)}));
}

void HostLink::received(std::string_view json) {
  const auto envelope = from_json<host::Envelope>(json);
  if (!envelope) {
    log::error("host said what is not JSON: {}", envelope.error().message);
    return;
  }
  const auto answer = [&](Result<std::string> result) {
    auto it = waiting_.find(envelope->id);
    if (it == waiting_.end()) return;
    auto done = std::move(it->second);
    waiting_.erase(it);
    done(std::move(result));
  };
  if (envelope->type == "SyncResult") {
    if (auto message = from_json<mirror::SyncResult>(json)) sender_.received(*message);
  } else if (envelope->type == "Observed") {
    if (auto message = from_json<host::Observed>(json))
      observations_.put(message->kind, message->id, message->document);
  } else if (envelope->type == "ConsoleOutput") {
    auto message = from_json<host::ConsoleOutput>(json);
    answer(message ? from_base64(message->output_base64)
                   : Result<std::string>(std::unexpected(message.error())));
  } else if (envelope->type == "Failure") {
    auto message = from_json<host::Failure>(json);
    answer(fail(message ? message->message : message.error().message));
  }
}

}  // namespace landfall::roles
