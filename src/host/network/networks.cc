#include "host/network/networks.h"

#include <algorithm>
#include <filesystem>

#include "base/log.h"
#include "codec/fields.h"
#include "host/network/endpoint_routes.h"
#include "host/network/netns.h"
#include "host/network/security_groups.h"

namespace landfall::host {

namespace {

constexpr const char* kLinkLocalServices[] = {kS3Address, kAwsEndpointsAddress, "169.254.169.253",
                                              "169.254.169.254"};

const Subnet* find_subnet(const Network& network, const std::string& subnet_id) {
  const auto it = std::ranges::find(network.subnets, subnet_id, &Subnet::subnet_id);
  return it == network.subnets.end() ? nullptr : &*it;
}

Result<InterfacePlan> plan_interface(const Network& network, const Interface& interface,
                                     std::string netns_path) {
  const Subnet* subnet = find_subnet(network, interface.subnet_id);
  if (subnet == nullptr) return fail("no subnet '" + interface.subnet_id + "' in " + network.vpc_id);
  InterfacePlan plan{.interface_id = interface.interface_id,
                     .mac = derived_mac(interface.interface_id),
                     .source_dest_check = interface.source_dest_check,
                     .netns_path = std::move(netns_path)};
  LF_TRY(plan.subnet, parse_cidr(subnet->cidr));
  LF_TRY(plan.address, parse_ipv4(interface.private_ip));
  if (!plan.subnet.contains(plan.address)) return fail(interface.private_ip + " is not in " + subnet->cidr);
  plan.gateway = plan.subnet.base.plus(1);
  if (!interface.mac.empty()) {
    LF_TRY(plan.mac, parse_mac(interface.mac));
  }
  return plan;
}

bool is_edge(const Interface& interface) { return interface.attachment == "edge"; }

// Beside an interface's namespace, the user namespace that owns it. No id ends so.
constexpr std::string_view kUserSuffix = "..user";

// What, changed, needs the veth made anew; the rest is firewall.
bool same_wire(const Interface& a, const Interface& b) {
  return a.private_ip == b.private_ip && a.mac == b.mac && a.subnet_id == b.subnet_id &&
         a.source_dest_check == b.source_dest_check && a.attachment == b.attachment;
}

bool belongs(const Interface& interface, const Network& network) {
  return interface.vpc_id == network.vpc_id;
}

}  // namespace

Result<std::vector<Ipv4>> service_addresses(const Network& network) {
  if (network.cidrs.empty()) return fail(network.vpc_id + " has no CIDR block");
  LF_TRY(const Cidr primary, parse_cidr(network.cidrs.front()));
  std::vector<Ipv4> out = {primary.base.plus(2)};
  for (const char* address : kLinkLocalServices) out.push_back(parse_ipv4(address).value());
  return out;
}

MacAddress derived_mac(const std::string& interface_id) {
  uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (unsigned char c : interface_id) hash = (hash ^ c) * 1099511628211u;
  MacAddress mac{0x06};  // locally administered, as EC2's are
  for (size_t i = 1; i < 6; ++i) mac[i] = static_cast<uint8_t>(hash >> (8 * i));
  return mac;
}

std::string Networks::userns_file(const std::string& interface_id) const {
  return interface_netns(interface_id) + std::string(kUserSuffix);
}

std::string Networks::interface_userns(const std::string& interface_id) const {
  const std::string file = userns_file(interface_id);
  return std::filesystem::exists(file) ? file : "";
}

void Networks::set_interface(InterfaceStatus status, const OnInterface& on_interface) {
  if (status.state == "in-use")
    ready_.insert(status.id);
  else
    ready_.erase(status.id);
  InterfaceStatus& known = interface_status_[status.id];
  if (known.state == status.state && known.message == status.message) return;
  known = status;
  if (status.state == "removed") interface_status_.erase(status.id);
  on_interface(status);
}

Result<> Networks::ensure_router(const Network& network, Vpc& vpc) {
  if (vpc.router) return {};
  LF_TRY(Router router, Router::open_or_create(router_netns(network.vpc_id)));
  vpc.router.emplace(std::move(router));
  return {};
}

Result<> Networks::apply_rules(const Network& network, const DesiredNetworks& desired, Vpc& vpc) {
  VpcFirewall firewall{.subnets = network.subnets, .acls = network.network_acls};
  LF_TRY(const auto services, service_addresses(network));
  std::set<Ipv4> local(services.begin(), services.end());
  for (const Subnet& subnet : network.subnets) {
    LF_TRY(const Cidr cidr, parse_cidr(subnet.cidr));
    local.insert(cidr.base.plus(1));
  }
  for (Ipv4 address : local) firewall.service_addresses.push_back(address.to_string());
  for (const auto& [id, group] : desired.groups)
    if (group.vpc_id == network.vpc_id) firewall.groups.push_back(group);
  for (const auto& [id, interface] : desired.interfaces) {
    if (!belongs(interface, network)) continue;
    firewall.interfaces.push_back(interface);
    if (!is_edge(interface)) continue;
    LF_TRY(const Ipv4 address, parse_ipv4(interface.private_ip));
    local.insert(address);
  }
  LF_TRY(const Ruleset ruleset, compile(firewall));
  // Rules before addresses and devices: nothing is ever reachable without them.
  LF_CHECK(vpc.router->apply(ruleset));
  return vpc.router->set_local_addresses(local);
}

void Networks::detach_old(const Network& network, const DesiredNetworks& desired, Vpc& vpc,
                          const OnInterface& on_interface) {
  for (auto it = vpc.attached.begin(); it != vpc.attached.end();) {
    const auto wanted = desired.interfaces.find(it->first);
    if (wanted != desired.interfaces.end() && belongs(wanted->second, network) &&
        same_wire(wanted->second, it->second)) {
      ++it;
      continue;
    }
    if (!is_edge(it->second))
      if (Result<> detached =
              vpc.router->detach(it->first, interface_netns(it->first), userns_file(it->first));
          !detached)
        log::error("{}: {}", it->first, detached.error().message);
    if (wanted == desired.interfaces.end())
      set_interface({.id = it->first, .state = "removed"}, on_interface);
    it = vpc.attached.erase(it);
  }
}

void Networks::attach_new(const Network& network, const DesiredNetworks& desired, Vpc& vpc,
                          const OnInterface& on_interface) {
  for (const auto& [id, interface] : desired.interfaces) {
    if (!belongs(interface, network) || vpc.attached.contains(id)) continue;
    Result<InterfacePlan> plan = plan_interface(network, interface, interface_netns(id));
    if (plan) {
      plan->userns_path = userns_file(id);
      plan->id_base = id_base_;
    }
    Result<> attached;
    if (!plan)
      attached = std::unexpected(plan.error());
    else if (!is_edge(interface))
      attached = vpc.router->attach(*plan);
    if (attached) {
      vpc.attached[id] = interface;
      set_interface({.id = id, .state = "in-use"}, on_interface);
    } else {
      log::error("{}: {}", id, attached.error().message);
      set_interface({.id = id, .state = "failed", .message = attached.error().message}, on_interface);
    }
  }
}

Result<> Networks::converge_vpc(const Network& network, const DesiredNetworks& desired,
                                const OnInterface& on_interface) {
  Vpc& vpc = vpcs_[network.vpc_id];
  LF_CHECK(ensure_router(network, vpc));
  detach_old(network, desired, vpc, on_interface);
  LF_CHECK(apply_rules(network, desired, vpc));
  attach_new(network, desired, vpc, on_interface);
  return {};
}

// What an earlier host made and nobody wants any more. A veth goes with its interface's namespace.
void Networks::remove_strays(const DesiredNetworks& desired) {
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, missing)) {
    const std::string file = entry.path().filename();
    const std::string id =
        file.ends_with(kUserSuffix) ? file.substr(0, file.size() - kUserSuffix.size()) : file;
    if (desired.networks.contains(id) || desired.interfaces.contains(id)) continue;
    log::info("removing {}, left by an earlier host", id);
    if (Result<> removed = remove_netns(entry.path()); !removed) log::error("{}", removed.error().message);
  }
}

void Networks::converge(const DesiredNetworks& desired, const OnNetwork& on_network,
                        const OnInterface& on_interface) {
  if (!strays_removed_) remove_strays(desired);
  strays_removed_ = true;
  for (auto it = vpcs_.begin(); it != vpcs_.end();) {
    if (desired.networks.contains(it->first)) {
      ++it;
      continue;
    }
    detach_old({.vpc_id = it->first}, {}, it->second, on_interface);
    if (Result<> removed = remove_netns(router_netns(it->first)); !removed)
      log::error("{}", removed.error().message);
    on_network({.id = it->first, .state = "removed"});
    it = vpcs_.erase(it);
  }
  for (const auto& [id, network] : desired.networks) {
    const Result<> result = converge_vpc(network, desired, on_interface);
    NetworkStatus status{.id = id, .state = result ? "available" : "failed"};
    if (!result) status.message = result.error().message;
    NetworkStatus& known = vpcs_[id].status;
    if (known.state == status.state && known.message == status.message) continue;
    if (!result) log::error("{}: {}", id, status.message);
    known = status;
    on_network(status);
  }
}

Result<std::vector<UniqueFd>> Networks::open_sockets(const OpenSockets& request) {
  const auto it = vpcs_.find(request.vpc_id);
  if (it == vpcs_.end() || !it->second.router) return fail("no network '" + request.vpc_id + "' (yet)");
  int64_t total = 0;
  for (const SocketRequest& one : request.requests) {
    if (one.count < 1 || one.count > kMaxSocketsPerRequest) return fail("count " + std::to_string(one.count));
    total += one.count;
  }
  if (total > kMaxSocketsPerRequest)
    return fail(std::to_string(total) + " sockets in one request; at most " +
                std::to_string(kMaxSocketsPerRequest));
  std::vector<UniqueFd> out;
  for (const SocketRequest& one : request.requests) {
    LF_TRY(std::vector<UniqueFd> sockets, it->second.router->open_sockets(one));
    std::ranges::move(sockets, std::back_inserter(out));
  }
  return out;
}

void Networks::remove_all() {
  vpcs_.clear();
  interface_status_.clear();
  ready_.clear();
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, missing))
    if (Result<> removed = remove_netns(entry.path()); !removed) log::error("{}", removed.error().message);
}

void Networks::report(const OnNetwork& on_network, const OnInterface& on_interface) const {
  for (const auto& [id, vpc] : vpcs_)
    if (!vpc.status.state.empty()) on_network(vpc.status);
  for (const auto& [id, status] : interface_status_) on_interface(status);
}

}  // namespace landfall::host
