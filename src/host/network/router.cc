#include "host/network/router.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/log.h"
#include "host/network/conntrack.h"
#include "host/network/netns.h"
#include "host/network/nft_match.h"

namespace landfall::host {

namespace {

constexpr const char* kInterfaceDevice = "eth0";
constexpr int kListenBacklog = 1024;
constexpr uint32_t kLoopbackNet = 127u << 24;

Result<> configure_namespace() {
  // all/rp_filter 0, so that each device's own value decides (the kernel takes the greater of the two).
  for (const auto& [name, value] : {std::pair{"ipv4/ip_forward", "1"},
                                    {"ipv4/conf/all/rp_filter", "0"},
                                    {"ipv4/conf/default/rp_filter", "1"},
                                    {"ipv4/conf/all/send_redirects", "0"},
                                    {"ipv4/conf/default/send_redirects", "0"},
                                    {"ipv4/conf/all/accept_redirects", "0"}})
    LF_CHECK(set_net_sysctl(name, value));
  // Missing where the kernel has no IPv6 at all.
  Result<> ipv6 = set_net_sysctl("ipv6/conf/all/disable_ipv6", "1");
  if (!ipv6 && ipv6.error().error_number != ENOENT) return ipv6;
  (void)set_net_sysctl("ipv6/conf/default/disable_ipv6", "1");  // as above
  return {};
}

Result<> set_option(int socket, int level, int name) {
  const int on = 1;
  if (setsockopt(socket, level, name, &on, sizeof on) != 0) return fail_errno("setsockopt");
  return {};
}

Result<UniqueFd> open_socket(const SocketRequest& request, Ipv4 address) {
  const bool udp = request.purpose == "udp_bound";
  const bool client = request.purpose == "tcp_client";
  UniqueFd fd(socket(AF_INET, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return fail_errno("socket");
  LF_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEADDR));
  if (!client) LF_CHECK(set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT));
  if (udp) LF_CHECK(set_option(fd.get(), IPPROTO_IP, IP_PKTINFO));
  // The port is then chosen at connect(), per destination: as many connections as ports to each target.
  if (client) LF_CHECK(set_option(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT));
  if (!udp) LF_CHECK(set_option(fd.get(), IPPROTO_TCP, TCP_NODELAY));
  if (client && request.address.empty()) return fd;
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(static_cast<uint16_t>(request.port));
  name.sin_addr.s_addr = htonl(address.value);
  if (bind(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof name) != 0)
    return fail_errno("bind " + request.address + ":" + std::to_string(request.port));
  if (!udp && !client && listen(fd.get(), kListenBacklog) != 0) return fail_errno("listen");
  return fd;
}

}  // namespace

Result<Router> Router::open_or_create(const std::string& netns_path) {
  Result<UniqueFd> found = open_netns(netns_path);
  if (!found) {
    LF_TRY(found, create_netns(netns_path));
    LF_TRY(NetnsScope scope, NetnsScope::enter(found->get()));
    LF_CHECK(configure_namespace());
  }
  LF_TRY(Rtnetlink links, Rtnetlink::open(found->get()));
  LF_TRY(Nft nft, Nft::open(found->get()));
  Router router(std::move(*found), std::move(links), std::move(nft));
  LF_TRY(const int lo, router.links_.device_index("lo"));
  LF_CHECK(router.links_.set_up(lo));
  LF_TRY(const auto addresses, router.links_.addresses(lo));
  for (Ipv4 address : addresses)
    if ((address.value & 0xff000000) != kLoopbackNet) router.local_.insert(address);
  return router;
}

Result<> Router::set_local_addresses(const std::set<Ipv4>& wanted) {
  if (wanted == local_) return {};
  LF_TRY(const int lo, links_.device_index("lo"));
  for (Ipv4 address : std::set(local_)) {
    if (wanted.contains(address)) continue;
    LF_CHECK(links_.delete_address(lo, address));
    local_.erase(address);
    LF_CHECK(forget_connections(address));
  }
  for (Ipv4 address : wanted) {
    if (local_.contains(address)) continue;
    LF_CHECK(links_.add_address(lo, Cidr{address, 32}, address));
    local_.insert(address);
  }
  return {};
}

Result<bool> Router::is_attached(const InterfacePlan& plan) {
  Result<UniqueFd> netns = open_netns(plan.netns_path);
  if (!netns) return false;
  if (Result<int> device = links_.device_index(router_device_name(plan.interface_id)); !device) return false;
  LF_TRY(Rtnetlink inside, Rtnetlink::open(netns->get()));
  Result<int> device = inside.device_index(kInterfaceDevice);
  if (!device) return false;
  LF_TRY(const auto addresses, inside.addresses(*device));
  return addresses == std::vector{plan.address};
}

Result<> Router::attach(const InterfacePlan& plan) {
  const std::string device = router_device_name(plan.interface_id);
  LF_TRY(const bool attached, is_attached(plan));
  if (attached) return configure_router_end(plan, device);
  LF_CHECK(
      detach(plan.interface_id, plan.netns_path, plan.userns_path));  // whatever is left of a half-made one
  LF_CHECK(forget_connections(plan.address));                         // of an earlier owner of the address
  LF_TRY(UniqueFd netns, plan.id_base == 0
                             ? create_netns(plan.netns_path)
                             : create_owned_netns(plan.netns_path, plan.userns_path, plan.id_base));
  LF_CHECK(
      links_.create_veth({device, netns_.get(), kGatewayMac}, {kInterfaceDevice, netns.get(), plan.mac}));
  LF_TRY(Rtnetlink inside, Rtnetlink::open(netns.get()));
  LF_CHECK(configure_interface_end(plan, netns.get(), inside));
  LF_CHECK(configure_router_end(plan, device));
  // The end that was up first has no queue, and drops what it sends, until the kernel's link watch has seen
  // its carrier; asking for the device makes it look now (linkwatch_sync_dev).
  LF_TRY([[maybe_unused]] const int seen, inside.device_index(kInterfaceDevice));
  return {};
}

Result<> Router::configure_router_end(const InterfacePlan& plan, const std::string& device) {
  {
    LF_TRY(NetnsScope scope, NetnsScope::enter(netns_.get()));
    const std::string conf = "ipv4/conf/" + device + "/";
    LF_CHECK(set_net_sysctl(conf + "rp_filter", plan.source_dest_check ? "1" : "0"));
    // An interface asks by ARP for its neighbours in the subnet; the router answers for all of them, without
    // the random delay that is meant for several proxies on one wire.
    LF_CHECK(set_net_sysctl(conf + "proxy_arp", "1"));
    LF_CHECK(set_net_sysctl("ipv4/neigh/" + device + "/proxy_delay", "0"));
  }
  LF_TRY(const int index, links_.device_index(device));
  LF_CHECK(links_.set_up(index));
  LF_CHECK(links_.add_neighbour(index, plan.address, plan.mac));
  return links_.add_route({.destination = {plan.address, 32}, .device = index});
}

Result<> Router::configure_interface_end(const InterfacePlan& plan, int netns_fd, Rtnetlink& inside) {
  {
    LF_TRY(NetnsScope scope, NetnsScope::enter(netns_fd));
    Result<> ipv6 = set_net_sysctl("ipv6/conf/all/disable_ipv6", "1");
    if (!ipv6 && ipv6.error().error_number != ENOENT) return ipv6;
    // Unprivileged processes may use ping and low ports in their own machine, as on any cloud image with
    // systemd's defaults.
    LF_CHECK(set_net_sysctl("ipv4/ping_group_range", "0 2147483647"));
    LF_CHECK(set_net_sysctl("ipv4/ip_unprivileged_port_start", "0"));
  }
  LF_TRY(const int lo, inside.device_index("lo"));
  LF_CHECK(inside.set_up(lo));
  LF_TRY(const int eth0, inside.device_index(kInterfaceDevice));
  LF_CHECK(inside.add_address(eth0, plan.subnet, plan.address));
  LF_CHECK(inside.set_up(eth0));
  LF_CHECK(inside.add_neighbour(eth0, plan.gateway, kGatewayMac));
  return inside.add_route({.destination = {{0}, 0}, .device = eth0, .gateway = plan.gateway});
}

Result<> Router::detach(const std::string& interface_id, const std::string& netns_path,
                        const std::string& userns_path) {
  LF_CHECK(links_.delete_device(router_device_name(interface_id)));  // its other end goes with it
  LF_CHECK(remove_netns(netns_path));
  return remove_netns(userns_path);
}

Result<std::set<std::string>> Router::attached_devices() {
  LF_TRY(const std::vector<std::string> names, links_.device_names());
  std::set<std::string> out(names.begin(), names.end());
  out.erase("lo");
  return out;
}

Result<> Router::apply(const Ruleset& ruleset) {
  LF_CHECK(nft_.run(transaction(applied_, ruleset)));
  applied_ = ruleset;
  return {};
}

Result<std::vector<UniqueFd>> Router::open_sockets(const SocketRequest& request) {
  // A client socket may come unbound: edge keeps a pool of them per VPC and binds each to the address of the
  // load balancer's node that it connects from. Inside the namespace only the router's own addresses can be
  // bound.
  const bool unbound = request.purpose == "tcp_client" && request.address.empty();
  Ipv4 address{};
  if (!unbound) {
    LF_TRY(address, parse_ipv4(request.address));
  }
  if (!unbound && !has_local_address(address))
    return fail(request.address + " is not an address of this VPC's router", EADDRNOTAVAIL);
  if (request.purpose != "tcp_listener" && request.purpose != "udp_bound" && request.purpose != "tcp_client")
    return fail("socket purpose '" + request.purpose + "'");
  if (request.port < 0 || request.port > 65535) return fail("port " + std::to_string(request.port));
  LF_TRY(NetnsScope scope, NetnsScope::enter(netns_.get()));
  std::vector<UniqueFd> out;
  for (int64_t i = 0; i < request.count; ++i) {
    LF_TRY(UniqueFd fd, open_socket(request, address));
    out.push_back(std::move(fd));
  }
  return out;
}

Result<> Router::forget_connections(Ipv4 address) { return host::forget_connections(netns_.get(), address); }

}  // namespace landfall::host
