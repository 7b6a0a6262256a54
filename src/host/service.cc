#include "host/service.h"

#include "base/log.h"
#include "codec/fields.h"

namespace landfall::host {

Result<std::unique_ptr<Service>> Service::create(EventLoop& loop, World& world, Options options) {
  std::unique_ptr<Service> service(new Service(loop, world, std::move(options)));
  const Options& o = service->options_;
  LF_TRY(service->server_, ChannelServer::listen(loop, {.path = o.socket,
                                                        .mode = 0660,
                                                        .owner = 0,
                                                        .group = o.group,
                                                        .allowed_uids = {0, o.control_uid, o.edge_uid}}));
  LF_TRY(
      service->admin_server_,
      ChannelServer::listen(loop, {.path = o.admin_socket, .mode = 0600, .owner = 0, .allowed_uids = {0}}));
  for (ChannelServer* server : {service->server_.get(), service->admin_server_.get()})
    server->on_peer(
        [raw = service.get()](std::unique_ptr<Channel> channel) { raw->accept(std::move(channel)); });
  world.on_observed([raw = service.get()](const Observed& observed) { raw->broadcast(observed); });
  return service;
}

void Service::accept(std::unique_ptr<Channel> channel) {
  const uint64_t number = ++next_peer_;
  auto owned = std::make_unique<Peer>();
  Peer* peer = owned.get();
  peer->channel = std::move(channel);
  peers_[number] = std::move(owned);
  peer->channel->on_message([this, peer](std::string_view json, std::vector<UniqueFd> descriptors) {
    received(*peer, json, std::move(descriptors));
  });
  peer->channel->on_close([this, number] {
    // Its execs go with it. Later, because the channel is on the stack.
    loop_.post([this, number] { peers_.erase(number); });
  });
}

bool Service::may(const Peer& peer, const std::string& type) const {
  const uid_t uid = peer.channel->peer().uid;
  if (uid == 0) return true;
  if (uid == options_.control_uid &&
      (type == "Sync" || type == "Put" || type == "Delete" || type == "GetConsoleOutput"))
    return true;
  return uid == options_.edge_uid && type == "OpenSockets";
}

void Service::received(Peer& peer, std::string_view json, std::vector<UniqueFd> descriptors) {
  const Result<Envelope> envelope = from_json<Envelope>(json);
  if (!envelope) {
    log::error("pid {} said what is not a message: {}", peer.channel->peer().pid, envelope.error().message);
    return;
  }
  Result<> handled =
      may(peer, envelope->type)
          ? handle(peer, envelope->type, json, std::move(descriptors))
          : fail("uid " + std::to_string(peer.channel->peer().uid) + " may not send " + envelope->type);
  if (handled) return;
  log::error("{} {}: {}", envelope->type, envelope->id, handled.error().message);
  peer.channel->send(to_json(Failure{.id = envelope->id, .message = handled.error().message}));
}

Result<> Service::handle(Peer& peer, const std::string& type, std::string_view json,
                         std::vector<UniqueFd> descriptors) {
  if (type == "Sync" || type == "Put" || type == "Delete") return handle_desired(peer, type, json);
  if (type == "OpenSockets") return handle_open_sockets(peer, json);
  if (type == "Exec") return handle_exec(peer, json, std::move(descriptors));
  if (type == "GetConsoleOutput") {
    LF_TRY(const auto request, from_json<GetConsoleOutput>(json));
    LF_TRY(const ConsoleOutput output, world_.console_output(request));
    peer.channel->send(to_json(output));
    return {};
  }
  if (type == "KillWorkload") {
    LF_TRY(const auto request, from_json<KillWorkload>(json));
    LF_CHECK(world_.kill_workload(request.workload_id));
    peer.channel->send(to_json(Done{.id = request.id}));
    return {};
  }
  if (type == "StopWorld") {
    LF_TRY(const auto request, from_json<StopWorld>(json));
    if (!on_stop_world_) return fail("not possible now");
    on_stop_world_([&peer, id = request.id] { peer.channel->send(to_json(Done{.id = id})); });
    return {};
  }
  return fail("unknown message");
}

Result<> Service::handle_desired(Peer& peer, const std::string& type, std::string_view json) {
  if (type == "Put") {
    LF_TRY(const Put put, from_json<Put>(json));
    return world_.put(put);
  }
  if (type == "Delete") {
    LF_TRY(const Delete item, from_json<Delete>(json));
    return world_.remove(item);
  }
  LF_TRY(const Sync sync, from_json<Sync>(json));
  peer.observes = true;
  peer.channel->send(to_json(SyncResult{.wanted = world_.sync(sync.items)}));
  world_.report_everything();
  return {};
}

Result<> Service::handle_open_sockets(Peer& peer, std::string_view json) {
  LF_TRY(const auto request, from_json<OpenSockets>(json));
  LF_TRY(std::vector<UniqueFd> sockets, world_.open_sockets(request));
  peer.channel->send(to_json(SocketsOpened{.id = request.id}), std::move(sockets));
  return {};
}

Result<> Service::handle_exec(Peer& peer, std::string_view json, std::vector<UniqueFd> descriptors) {
  LF_TRY(const Exec request, from_json<Exec>(json));
  LF_CHECK(world_.check_running(request.workload_id));
  if (peer.execs.contains(request.id)) return fail("an exec with this id is running");
  ExecSession::Events events{
      .started =
          [&peer, id = request.id](UniqueFd master) {
            std::vector<UniqueFd> carried;
            if (master) carried.push_back(std::move(master));
            peer.channel->send(to_json(ExecStarted{.id = id}), std::move(carried));
          },
      .ended =
          [this, &peer, id = request.id](Result<int> code) {
            if (code)
              peer.channel->send(to_json(ExecExited{.id = id, .exit_code = *code}));
            else
              peer.channel->send(to_json(Failure{.id = id, .message = code.error().message}));
            auto session = peer.execs.extract(id);  // it is on the stack
            if (session) loop_.post([dead = std::move(session.mapped())]() mutable { dead.reset(); });
          }};
  LF_TRY(auto session, ExecSession::start(loop_, world_.runc(), world_.directory(), request,
                                          std::move(descriptors), std::move(events)));
  peer.execs[request.id] = std::move(session);
  return {};
}

void Service::broadcast(const Observed& observed) {
  const std::string json = to_json(observed);
  for (const auto& [number, peer] : peers_)
    if (peer->observes) peer->channel->send(json);
}

}  // namespace landfall::host
