#include "host/network/conntrack.h"

#include <arpa/inet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include <string>
#include <vector>

#include "host/network/netlink_message.h"
#include "host/network/netns.h"

namespace landfall::host {

namespace {

constexpr uint16_t kGet = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
constexpr uint16_t kDelete = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE;
constexpr nfgenmsg kIpv4{.nfgen_family = AF_INET, .version = NFNETLINK_V0};

bool tuple_names(std::string_view tuple, uint32_t address_be) {
  bool found = false;
  for_each_attribute(tuple.data(), tuple.size(), [&](uint16_t type, std::string_view ip) {
    if (type != CTA_TUPLE_IP) return;
    for_each_attribute(ip.data(), ip.size(), [&](uint16_t field, std::string_view value) {
      uint32_t raw;
      if ((field != CTA_IP_V4_SRC && field != CTA_IP_V4_DST) || value.size() != sizeof raw) return;
      std::memcpy(&raw, value.data(), sizeof raw);
      found = found || raw == address_be;
    });
  });
  return found;
}

}  // namespace

Result<> forget_connections(int netns_fd, Ipv4 address) {
  UniqueFd socket;
  {
    LF_TRY(NetnsScope scope, NetnsScope::enter(netns_fd));
    LF_TRY(socket, open_netlink(NETLINK_NETFILTER));
  }
  const uint32_t address_be = htonl(address.value);
  std::vector<std::string> tuples;  // original direction, as the kernel wrote them
  uint32_t sequence = 0;
  NetlinkMessage dump(kGet, NLM_F_DUMP);
  dump.body(kIpv4);
  LF_CHECK(netlink_exchange(socket.get(), dump, ++sequence, [&](const nlmsghdr* answer) {
    const char* attributes = static_cast<const char*>(NLMSG_DATA(answer)) + NLMSG_ALIGN(sizeof(nfgenmsg));
    const size_t length = answer->nlmsg_len - NLMSG_HDRLEN - NLMSG_ALIGN(sizeof(nfgenmsg));
    for_each_attribute(attributes, length, [&](uint16_t type, std::string_view value) {
      if (type == CTA_TUPLE_ORIG && tuple_names(value, address_be)) tuples.emplace_back(value);
    });
  }));
  for (const std::string& tuple : tuples) {
    NetlinkMessage message(kDelete, NLM_F_ACK);
    message.body(kIpv4).attribute(CTA_TUPLE_ORIG | NLA_F_NESTED, tuple.data(), tuple.size());
    Result<> deleted = netlink_exchange(socket.get(), message, ++sequence);
    if (!deleted && deleted.error().error_number != ENOENT) return deleted;  // it may have ended meanwhile
  }
  return {};
}

}  // namespace landfall::host
