#include "roles/control_edge_link.h"

#include <unistd.h>

#include "base/log.h"

namespace landfall::roles {

EdgeLink::EdgeLink(EventLoop& loop, store::Store& store, Observations& observations,
                   std::function<void(store::Revision)> serves)
    : loop_(loop),
      observations_(observations),
      serves_(std::move(serves)),
      sender_(store, loop, std::string(kEdgePrefix), mirror::Barriers::yes, [this](std::string json) {
        if (channel_) channel_->send(json);
      }) {}

Result<> EdgeLink::listen(std::string socket_path, uid_t edge_uid) {
  LF_TRY(server_, ChannelServer::listen(loop_, {.path = std::move(socket_path),
                                                .mode = 0666,  // who may speak is decided by SO_PEERCRED
                                                .allowed_uids = {edge_uid, ::geteuid()}}));
  server_->on_peer([this](std::unique_ptr<Channel> channel) { accepted(std::move(channel)); });
  return {};
}

void EdgeLink::accepted(std::unique_ptr<Channel> channel) {
  sender_.disconnected();
  channel_ = std::move(channel);
  channel_->on_message([this](std::string_view json, std::vector<UniqueFd>) { received(json); });
  channel_->on_close([this] {
    sender_.disconnected();
    channel_.reset();
  });
  sender_.connected();
}

void EdgeLink::received(std::string_view json) {
  const auto envelope = from_json<mirror::Envelope>(json);
  if (!envelope) {
    log::error("edge said what is not JSON: {}", envelope.error().message);
    return;
  }
  if (envelope->type == "SyncResult") {
    if (auto message = from_json<mirror::SyncResult>(json)) sender_.received(*message);
  } else if (envelope->type == "Barrier") {
    if (auto message = from_json<mirror::Barrier>(json))
      serves_(static_cast<store::Revision>(message->revision));
  } else if (envelope->type == "Observed") {
    auto message = from_json<mirror::Observed>(json);
    if (!message) return;
    if (message->document.empty()) {
      observations_.erase(message->kind, message->id);
    } else {
      observations_.put(message->kind, message->id, message->document);
    }
  }
}

}  // namespace landfall::roles
