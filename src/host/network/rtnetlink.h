// Rtnetlink: links, addresses, routes and neighbours of one network namespace (rtnetlink(7)).
//
// Each call is one request, acknowledged by the kernel before it returns. Adding what is there already is no
// error.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"
#include "host/network/ipv4.h"

namespace landfall::host {

using MacAddress = std::array<uint8_t, 6>;
Result<MacAddress> parse_mac(const std::string& text);  // "06:12:34:56:78:9a"
std::string format_mac(const MacAddress& mac);

struct VethEnd {
  std::string name;
  int netns_fd = -1;
  MacAddress mac{};
};

struct Route {
  Cidr destination;
  int device = 0;  // index
  Ipv4 gateway;    // 0: on link
};

class Rtnetlink {
 public:
  // Of the namespace `netns_fd`, for as long as this lives.
  static Result<Rtnetlink> open(int netns_fd);
  Rtnetlink(Rtnetlink&&) noexcept = default;
  Rtnetlink& operator=(Rtnetlink&&) noexcept = default;

  // Makes a pair whose ends appear in the two namespaces at once; neither is ever in this socket's own,
  // unless it is one.
  Result<> create_veth(const VethEnd& a, const VethEnd& b);
  Result<int> device_index(const std::string& name);  // Error with ENODEV if there is none
  Result<std::vector<std::string>> device_names();
  Result<> set_up(int device);
  Result<> delete_device(const std::string& name);  // missing: fine
  Result<> add_address(int device, const Cidr& subnet, Ipv4 address);
  Result<> delete_address(int device, Ipv4 address);  // its /32; missing: fine
  Result<std::vector<Ipv4>> addresses(int device);
  Result<> add_route(const Route& route);
  Result<> add_neighbour(int device, Ipv4 address, const MacAddress& mac);  // permanent

 private:
  explicit Rtnetlink(UniqueFd socket) : socket_(std::move(socket)) {}
  UniqueFd socket_;
  uint32_t sequence_ = 0;
};

}  // namespace landfall::host
