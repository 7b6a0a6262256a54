#include "roles/edge_vpcs.h"

namespace landfall::roles {

void EdgeVpcs::add(const std::string& place) {
  if (!places_.try_emplace(place, last_generation_ + 1).second) return;
  open(place, ++last_generation_);
}

void EdgeVpcs::remove(const std::string& place) {
  if (places_.erase(place) == 0) return;
  const size_t worker = worker_of(place);
  workers_[worker]->post([this, worker, place] { forget_(worker, place); });
}

void EdgeVpcs::set_addresses(const std::string& vpc_id, const std::set<std::string>& addresses) {
  std::set<std::string> wanted, gone;
  for (const std::string& address : addresses) wanted.insert(vpc_id + "/" + address);
  for (const auto& [place, generation] : places_)
    if (vpc_of_place(place) == vpc_id && !wanted.contains(place)) gone.insert(place);
  for (const std::string& place : gone) remove(place);
  for (const std::string& place : wanted) add(place);
}

void EdgeVpcs::open(const std::string& place, uint64_t generation) {
  auto it = places_.find(place);
  if (it == places_.end() || it->second != generation) return;
  std::vector<host::SocketRequest> requests;
  for (const VpcListener& listener : listeners_)
    requests.push_back(
        {.purpose = "tcp_listener",
         .address = listener.address.empty() ? place.substr(place.find('/') + 1) : listener.address,
         .port = listener.port});
  host_.open(main_, vpc_of_place(place), std::move(requests),
             [this, place, generation](Result<std::vector<UniqueFd>> sockets) {
               auto now = places_.find(place);
               if (now == places_.end() || now->second != generation) return;
               if (!sockets) {
                 main_.after_ms(kVpcRetryMs, [this, place, generation] { open(place, generation); });
                 return;
               }
               const size_t worker = worker_of(place);
               workers_[worker]->post([this, worker, place, sockets = std::move(*sockets)]() mutable {
                 for (size_t i = 0; i < sockets.size(); ++i)
                   listeners_[i].opened(worker, place, std::move(sockets[i]));
               });
             });
}

}  // namespace landfall::roles
