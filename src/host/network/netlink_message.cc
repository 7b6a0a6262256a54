#include "host/network/netlink_message.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

namespace landfall::host {

namespace {
constexpr size_t kReceiveBytes = 64 << 10;
}

NetlinkMessage::NetlinkMessage(uint16_t type, uint16_t flags) {
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST);
  append(&header, sizeof header);
}

void NetlinkMessage::append(const void* value, size_t size) {
  bytes_.append(static_cast<const char*>(value), size);
  bytes_.resize(NLMSG_ALIGN(bytes_.size()), '\0');
}

NetlinkMessage& NetlinkMessage::attribute(uint16_t type, const void* value, size_t size) {
  const rtattr header{.rta_len = static_cast<unsigned short>(RTA_LENGTH(size)), .rta_type = type};
  append(&header, sizeof header);
  append(value, size);
  return *this;
}

size_t NetlinkMessage::begin(uint16_t type) {
  const size_t start = bytes_.size();
  const rtattr header{.rta_len = 0, .rta_type = type};
  append(&header, sizeof header);
  return start;
}

void NetlinkMessage::end(size_t start) {
  const auto length = static_cast<unsigned short>(bytes_.size() - start);
  std::memcpy(bytes_.data() + start + offsetof(rtattr, rta_len), &length, sizeof length);
}

std::string& NetlinkMessage::bytes(uint32_t sequence) {
  const auto length = static_cast<uint32_t>(bytes_.size());
  std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
  std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_seq), &sequence, sizeof sequence);
  return bytes_;
}

void for_each_attribute(const void* begin, size_t length,
                        const std::function<void(uint16_t type, std::string_view value)>& visit) {
  auto* attribute = static_cast<const rtattr*>(begin);
  for (int left = static_cast<int>(length); RTA_OK(attribute, left); attribute = RTA_NEXT(attribute, left))
    visit(attribute->rta_type & NLA_TYPE_MASK,
          {static_cast<const char*>(RTA_DATA(attribute)), static_cast<size_t>(RTA_PAYLOAD(attribute))});
}

Result<UniqueFd> open_netlink(int protocol) {
  UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol));
  if (!socket) return fail_errno("netlink socket");
  return socket;
}

Result<> netlink_exchange(int socket, NetlinkMessage& message, uint32_t sequence, const OnAnswer& each) {
  const std::string& bytes = message.bytes(sequence);
  const sockaddr_nl kernel{.nl_family = AF_NETLINK};
  if (sendto(socket, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
             sizeof kernel) < 0)
    return fail_errno("netlink send");
  alignas(nlmsghdr) char buffer[kReceiveBytes];
  while (true) {
    const ssize_t received = recv(socket, buffer, sizeof buffer, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return fail_errno("netlink receive");
    auto* answer = reinterpret_cast<const nlmsghdr*>(buffer);
    for (auto left = static_cast<unsigned>(received); NLMSG_OK(answer, left);
         answer = NLMSG_NEXT(answer, left)) {
      if (answer->nlmsg_seq != sequence) continue;
      if (answer->nlmsg_type == NLMSG_DONE) return {};
      if (answer->nlmsg_type == NLMSG_ERROR) {
        const int error = static_cast<const nlmsgerr*>(NLMSG_DATA(answer))->error;
        if (error == 0) return {};
        return fail_errno("netlink", -error);
      }
      if (each) each(answer);
    }
  }
}

}  // namespace landfall::host
