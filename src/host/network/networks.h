// Networks: brings the VPCs' routers to what the desired documents say. Level-triggered: converge() may be
// called at any time and any number of times, and does what is missing.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/network/router.h"
#include "host/protocol.h"

namespace landfall::host {

// What is wanted, by id. Owned by the reconciler.
struct DesiredNetworks {
  std::map<std::string, Network> networks;
  std::map<std::string, Interface> interfaces;
  std::map<std::string, SecurityGroup> groups;
};

class Networks {
 public:
  using OnNetwork = std::function<void(const NetworkStatus&)>;
  using OnInterface = std::function<void(const InterfaceStatus&)>;

  // `directory` holds the namespaces' files; it must be on a mount whose propagation is private.
  // id_base not 0: interfaces' namespaces are owned by user namespaces shifted by it (compute/id_map.h).
  explicit Networks(std::string directory, uint32_t id_base = 0)
      : directory_(std::move(directory)), id_base_(id_base) {}

  // Reports what changed.
  void converge(const DesiredNetworks& desired, const OnNetwork& on_network, const OnInterface& on_interface);
  bool is_ready(const std::string& interface_id) const { return ready_.contains(interface_id); }
  std::string interface_netns(const std::string& interface_id) const {
    return directory_ + "/" + interface_id;
  }

  // "" if it has none of its own.
  std::string interface_userns(const std::string& interface_id) const;

  Result<std::vector<UniqueFd>> open_sockets(const OpenSockets& request);

  // Everything goes, known or left by an earlier host.
  void remove_all();
  // Current states, for a peer that has just connected.
  void report(const OnNetwork& on_network, const OnInterface& on_interface) const;

 private:
  struct Vpc {
    std::optional<Router> router;
    std::map<std::string, Interface> attached;  // as last attached
    NetworkStatus status;
  };
  Result<> converge_vpc(const Network& network, const DesiredNetworks& desired,
                        const OnInterface& on_interface);
  Result<> ensure_router(const Network& network, Vpc& vpc);
  Result<> apply_rules(const Network& network, const DesiredNetworks& desired, Vpc& vpc);
  void detach_old(const Network& network, const DesiredNetworks& desired, Vpc& vpc,
                  const OnInterface& on_interface);
  void attach_new(const Network& network, const DesiredNetworks& desired, Vpc& vpc,
                  const OnInterface& on_interface);
  void remove_strays(const DesiredNetworks& desired);
  void set_interface(InterfaceStatus status, const OnInterface& on_interface);
  std::string userns_file(const std::string& interface_id) const;
  std::string router_netns(const std::string& vpc_id) const { return directory_ + "/" + vpc_id; }

  std::string directory_;
  uint32_t id_base_;
  std::map<std::string, Vpc> vpcs_;
  std::map<std::string, InterfaceStatus> interface_status_;
  std::set<std::string> ready_;
  bool strays_removed_ = false;  // once, at the first converge()
};

// base+2 of the VPC, and the four link-local ones.
Result<std::vector<Ipv4>> service_addresses(const Network& network);
MacAddress derived_mac(const std::string& interface_id);

}  // namespace landfall::host
