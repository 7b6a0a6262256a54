#include "roles/edge_vpcs.h"

namespace landfall::roles {

void EdgeVpcs::add(const std::string& vpc_id) {
  if (!vpcs_.try_emplace(vpc_id, last_generation_ + 1).second) return;
  open(vpc_id, ++last_generation_);
}

void EdgeVpcs::remove(const std::string& vpc_id) {
  if (vpcs_.erase(vpc_id) == 0) return;
  const size_t worker = worker_of(vpc_id);
  workers_[worker]->post([this, worker, vpc_id] { forget_(worker, vpc_id); });
}

void EdgeVpcs::open(const std::string& vpc_id, uint64_t generation) {
  auto it = vpcs_.find(vpc_id);
  if (it == vpcs_.end() || it->second != generation) return;
  std::vector<host::SocketRequest> requests;
  for (const VpcListener& listener : listeners_)
    requests.push_back({.purpose = "tcp_listener", .address = listener.address, .port = listener.port});
  host_.open(main_, vpc_id, std::move(requests),
             [this, vpc_id, generation](Result<std::vector<UniqueFd>> sockets) {
               auto now = vpcs_.find(vpc_id);
               if (now == vpcs_.end() || now->second != generation) return;
               if (!sockets) {
                 main_.after_ms(kVpcRetryMs, [this, vpc_id, generation] { open(vpc_id, generation); });
                 return;
               }
               const size_t worker = worker_of(vpc_id);
               workers_[worker]->post([this, worker, vpc_id, sockets = std::move(*sockets)]() mutable {
                 for (size_t i = 0; i < sockets.size(); ++i)
                   listeners_[i].opened(worker, vpc_id, std::move(sockets[i]));
               });
             });
}

}  // namespace landfall::roles
