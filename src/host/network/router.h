// Router: one VPC's network namespace in the kernel: forwarding, its own addresses on lo, the veth pairs of
// the VPC's interfaces, its nftables table, and the sockets that `edge` asks for.
//
// Invariants: every device but lo is the router's end of an interface's veth, named router_device_name(id);
// no route leads out of the VPC; the table is always the last Ruleset that was applied whole.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "host/network/ipv4.h"
#include "host/network/nft.h"
#include "host/network/rtnetlink.h"
#include "host/network/ruleset.h"
#include "host/protocol.h"

namespace landfall::host {

// An interface with what its subnet says about it.
struct InterfacePlan {
  std::string interface_id;
  Ipv4 address;
  Cidr subnet;
  Ipv4 gateway;
  MacAddress mac;
  bool source_dest_check = true;
  std::string netns_path;   // the interface's own namespace is mounted here
  std::string userns_path;  // and the user namespace that owns it here
  uint32_t id_base = 0;     // 0: none, the machine's own owns it
};

class Router {
 public:
  // Finds the namespace mounted on `netns_path`, or makes it.
  static Result<Router> open_or_create(const std::string& netns_path);
  Router(Router&&) noexcept = default;

  Result<> set_local_addresses(const std::set<Ipv4>& wanted);  // on lo, besides 127.0.0.1
  bool has_local_address(Ipv4 address) const { return local_.contains(address); }

  // Makes the interface's namespace and veth, or finds them as they should be.
  Result<> attach(const InterfacePlan& plan);
  Result<> detach(const std::string& interface_id, const std::string& netns_path,
                  const std::string& userns_path);
  Result<std::set<std::string>> attached_devices();

  // All or nothing.
  Result<> apply(const Ruleset& ruleset);

  Result<std::vector<UniqueFd>> open_sockets(const SocketRequest& request);
  Result<> forget_connections(Ipv4 address);  // conntrack entries from or to it

  int netns_fd() const { return netns_.get(); }

 private:
  Router(UniqueFd netns, Rtnetlink links, Nft nft)
      : netns_(std::move(netns)), links_(std::move(links)), nft_(std::move(nft)) {}
  Result<bool> is_attached(const InterfacePlan& plan);
  Result<> configure_router_end(const InterfacePlan& plan, const std::string& device);
  static Result<> configure_interface_end(const InterfacePlan& plan, int netns_fd, Rtnetlink& inside);

  UniqueFd netns_;
  Rtnetlink links_;
  Nft nft_;
  std::set<Ipv4> local_;
  Ruleset applied_;  // empty: unknown, of a previous host; the next transaction replaces the table
};

// The router's end of every veth, and so every gateway, has this address.
inline constexpr MacAddress kGatewayMac = {0x06, 0x00, 0x00, 0x00, 0x00, 0x01};

}  // namespace landfall::host
