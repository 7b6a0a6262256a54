#include "roles/public_range.h"

#include <arpa/inet.h>

#include "base/result.h"

namespace landfall::roles {

std::string public_address(const std::string& cidr, uint32_t offset) {
  in_addr base{};
  LF_INVARIANT(inet_pton(AF_INET, cidr.substr(0, cidr.find('/')).c_str(), &base) == 1,
               "a public range that is no IPv4 range");
  base.s_addr = htonl(ntohl(base.s_addr) + offset);
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &base, text, sizeof text);
}

}  // namespace landfall::roles
