// NetlinkMessage: builds one netlink request and exchanges it with the kernel (RFC 3549 section 2.2,
// netlink(7)).
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstring>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace landfall::host {

class NetlinkMessage {
 public:
  NetlinkMessage(uint16_t type, uint16_t flags);

  // The fixed part that follows the netlink header (ifinfomsg, ifaddrmsg, ...).
  template <class T>
  NetlinkMessage& body(const T& value) {
    append(&value, sizeof value);
    return *this;
  }
  NetlinkMessage& attribute(uint16_t type, const void* value, size_t size);
  NetlinkMessage& text(uint16_t type, const std::string& value) {
    return attribute(type, value.c_str(), value.size() + 1);
  }
  template <class T>
  NetlinkMessage& number(uint16_t type, T value) {
    return attribute(type, &value, sizeof value);
  }
  // Attributes appended between begin() and end() are nested.
  size_t begin(uint16_t type);
  void end(size_t start);

  std::string& bytes(uint32_t sequence);  // finished

 private:
  void append(const void* value, size_t size);
  std::string bytes_;
};

// Walks the attributes of [begin, begin + length).
void for_each_attribute(const void* begin, size_t length,
                        const std::function<void(uint16_t type, std::string_view value)>& visit);

Result<UniqueFd> open_netlink(int protocol);

// Sends the request, calls `each` for every answer and returns when the kernel has acknowledged, or its
// error.
using OnAnswer = std::function<void(const nlmsghdr*)>;
Result<> netlink_exchange(int socket, NetlinkMessage& message, uint32_t sequence,
                          const OnAnswer& each = nullptr);

}  // namespace landfall::host
