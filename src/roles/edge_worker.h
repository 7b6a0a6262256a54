// A worker of edge: a thread with its loop and what runs on it.
#pragma once

#include <memory>
#include <thread>

#include "roles/edge_api.h"
#include "roles/edge_vpc_sockets.h"
#include "runtime/event_loop.h"
#include "services/ec2/dataplane/metadata_service.h"

namespace landfall::roles {

struct EdgeWorker {
  std::unique_ptr<EventLoop> loop;
  std::unique_ptr<EdgeVpcSockets> vpc_sockets;
  std::unique_ptr<EdgeApi> api;
  std::unique_ptr<ec2::MetadataService> metadata;
  std::thread thread;
};

}  // namespace landfall::roles
