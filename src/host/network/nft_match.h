// The words of nftables that security groups and network ACLs share. Whatever comes from a document is
// checked here: what reaches the text of a transaction is a number, an address or an id of ours.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace landfall::host {

// "tcp dport 80-81"; empty for "-1", all. tcp and udp: a range of ports, -1 to -1 all. icmp: type and code,
// -1 any. Error: what is neither of these.
Result<std::string> protocol_match(const std::string& protocol, int64_t from_port, int64_t to_port);

Result<> check_id(const std::string& id);  // [A-Za-z0-9-]+
// An nft identifier from a checked id: "sg-0a1b" -> "sg_0a1b".
std::string identifier(const char* prefix, const std::string& id);
std::string join(const std::string& a, const std::string& b);  // with a blank, if neither is empty

// The router's end of an interface's veth pair: 15 characters, from the id; and as a key of a set.
std::string router_device_name(const std::string& interface_id);
std::string quoted_device(const std::string& interface_id);

// The mark of a packet whose source is not its interface's own address (source/dest check off).
inline constexpr uint32_t kForeignSourceMark = 1;

}  // namespace landfall::host
