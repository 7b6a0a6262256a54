// Addresses of the public range (--public-cidr), by their offset in it.
#pragma once

#include <cstdint>
#include <string>

namespace landfall::roles {

// "127.77.0.0/16", 2 -> "127.77.0.2". The range has been checked by the command line.
std::string public_address(const std::string& cidr, uint32_t offset);

}  // namespace landfall::roles
