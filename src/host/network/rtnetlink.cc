#include "host/network/rtnetlink.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>

#include <charconv>

#include "host/network/netlink_message.h"
#include "host/network/netns.h"

namespace landfall::host {

namespace {

constexpr uint16_t kChange = NLM_F_ACK;
constexpr uint16_t kCreate = NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
constexpr uint16_t kReplace = NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;

Result<> ignoring(Result<> result, int error_number) {
  if (!result && result.error().error_number == error_number) return {};
  return result;
}

Result<> naming(std::string_view what, Result<> result) {
  if (result) return result;
  return fail(std::string(what) + ": " + result.error().message, result.error().error_number);
}

void add_veth_end(NetlinkMessage& message, const VethEnd& end) {
  message.text(IFLA_IFNAME, end.name);
  message.attribute(IFLA_ADDRESS, end.mac.data(), end.mac.size());
  message.number(IFLA_NET_NS_FD, static_cast<uint32_t>(end.netns_fd));
}

}  // namespace

Result<MacAddress> parse_mac(const std::string& text) {
  MacAddress mac;
  if (text.size() != 17) return fail("not a MAC address: '" + text + "'");
  for (size_t i = 0; i < 6; ++i) {
    const char* digits = text.data() + 3 * i;
    const auto [end, error] = std::from_chars(digits, digits + 2, mac[i], 16);
    if (error != std::errc{} || end != digits + 2 || (i < 5 && digits[2] != ':'))
      return fail("not a MAC address: '" + text + "'");
  }
  return mac;
}

std::string format_mac(const MacAddress& mac) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", mac[0], mac[1], mac[2], mac[3], mac[4],
                     mac[5]);
}

Result<Rtnetlink> Rtnetlink::open(int netns_fd) {
  LF_TRY(NetnsScope scope, NetnsScope::enter(netns_fd));
  LF_TRY(UniqueFd socket, open_netlink(NETLINK_ROUTE));
  return Rtnetlink(std::move(socket));
}

Result<> Rtnetlink::create_veth(const VethEnd& a, const VethEnd& b) {
  NetlinkMessage message(RTM_NEWLINK, kCreate);
  message.body(ifinfomsg{});
  add_veth_end(message, a);
  const size_t info = message.begin(IFLA_LINKINFO);
  message.text(IFLA_INFO_KIND, "veth");
  const size_t data = message.begin(IFLA_INFO_DATA);
  const size_t peer = message.begin(VETH_INFO_PEER);
  message.body(ifinfomsg{});
  add_veth_end(message, b);
  message.end(peer);
  message.end(data);
  message.end(info);
  return naming("create veth " + a.name, netlink_exchange(socket_.get(), message, ++sequence_));
}

Result<int> Rtnetlink::device_index(const std::string& name) {
  NetlinkMessage message(RTM_GETLINK, NLM_F_ACK);
  message.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  int index = 0;
  LF_CHECK(naming("device " + name,
                  netlink_exchange(socket_.get(), message, ++sequence_, [&](const nlmsghdr* answer) {
                    index = static_cast<const ifinfomsg*>(NLMSG_DATA(answer))->ifi_index;
                  })));
  return index;
}

Result<std::vector<std::string>> Rtnetlink::device_names() {
  NetlinkMessage message(RTM_GETLINK, NLM_F_DUMP);
  message.body(ifinfomsg{});
  std::vector<std::string> names;
  LF_CHECK(netlink_exchange(socket_.get(), message, ++sequence_, [&](const nlmsghdr* answer) {
    auto* link = static_cast<const ifinfomsg*>(NLMSG_DATA(answer));
    for_each_attribute(IFLA_RTA(link), IFLA_PAYLOAD(answer), [&](uint16_t type, std::string_view value) {
      if (type == IFLA_IFNAME) names.emplace_back(value.data());
    });
  }));
  return names;
}

Result<> Rtnetlink::set_up(int device) {
  NetlinkMessage message(RTM_NEWLINK, kChange);
  message.body(ifinfomsg{.ifi_index = device, .ifi_flags = IFF_UP, .ifi_change = IFF_UP});
  return naming("set device up", netlink_exchange(socket_.get(), message, ++sequence_));
}

Result<> Rtnetlink::delete_device(const std::string& name) {
  NetlinkMessage message(RTM_DELLINK, kChange);
  message.body(ifinfomsg{}).text(IFLA_IFNAME, name);
  return naming("delete " + name, ignoring(netlink_exchange(socket_.get(), message, ++sequence_), ENODEV));
}

Result<> Rtnetlink::add_address(int device, const Cidr& subnet, Ipv4 address) {
  NetlinkMessage message(RTM_NEWADDR, kReplace);
  message.body(ifaddrmsg{.ifa_family = AF_INET,
                         .ifa_prefixlen = static_cast<uint8_t>(subnet.prefix),
                         .ifa_scope = RT_SCOPE_UNIVERSE,
                         .ifa_index = static_cast<uint32_t>(device)});
  message.number(IFA_LOCAL, htonl(address.value)).number(IFA_ADDRESS, htonl(address.value));
  return naming("add address " + address.to_string(), netlink_exchange(socket_.get(), message, ++sequence_));
}

Result<> Rtnetlink::delete_address(int device, Ipv4 address) {
  NetlinkMessage message(RTM_DELADDR, kChange);
  message.body(
      ifaddrmsg{.ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = static_cast<uint32_t>(device)});
  message.number(IFA_LOCAL, htonl(address.value));
  return naming("delete address " + address.to_string(),
                ignoring(netlink_exchange(socket_.get(), message, ++sequence_), EADDRNOTAVAIL));
}

Result<std::vector<Ipv4>> Rtnetlink::addresses(int device) {
  NetlinkMessage message(RTM_GETADDR, NLM_F_DUMP);
  message.body(ifaddrmsg{.ifa_family = AF_INET});
  std::vector<Ipv4> out;
  LF_CHECK(netlink_exchange(socket_.get(), message, ++sequence_, [&](const nlmsghdr* answer) {
    auto* address = static_cast<const ifaddrmsg*>(NLMSG_DATA(answer));
    if (address->ifa_index != static_cast<uint32_t>(device)) return;
    for_each_attribute(IFA_RTA(address), IFA_PAYLOAD(answer), [&](uint16_t type, std::string_view value) {
      uint32_t raw;
      if (type != IFA_LOCAL || value.size() != sizeof raw) return;
      std::memcpy(&raw, value.data(), sizeof raw);
      out.push_back({ntohl(raw)});
    });
  }));
  return out;
}

Result<> Rtnetlink::add_route(const Route& route) {
  NetlinkMessage message(RTM_NEWROUTE, kReplace);
  message.body(
      rtmsg{.rtm_family = AF_INET,
            .rtm_dst_len = static_cast<uint8_t>(route.destination.prefix),
            .rtm_table = RT_TABLE_MAIN,
            .rtm_protocol = RTPROT_STATIC,
            .rtm_scope = static_cast<uint8_t>(route.gateway.value == 0 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE),
            .rtm_type = RTN_UNICAST});
  if (route.destination.prefix > 0) message.number(RTA_DST, htonl(route.destination.base.value));
  if (route.gateway.value != 0) message.number(RTA_GATEWAY, htonl(route.gateway.value));
  message.number(RTA_OIF, static_cast<uint32_t>(route.device));
  return naming("add route to " + route.destination.to_string(),
                netlink_exchange(socket_.get(), message, ++sequence_));
}

Result<> Rtnetlink::add_neighbour(int device, Ipv4 address, const MacAddress& mac) {
  NetlinkMessage message(RTM_NEWNEIGH, kReplace);
  message.body(ndmsg{.ndm_family = AF_INET, .ndm_ifindex = device, .ndm_state = NUD_PERMANENT});
  message.number(NDA_DST, htonl(address.value)).attribute(NDA_LLADDR, mac.data(), mac.size());
  return naming("add neighbour " + address.to_string(),
                netlink_exchange(socket_.get(), message, ++sequence_));
}

}  // namespace landfall::host
