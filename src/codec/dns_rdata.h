// Record data between Route 53's text form (AWS "Supported DNS record types") and wire form (RFC 1035
// section 3.3 and the RFC of each type). Names inside wire data are uncompressed.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/dns.h"

namespace landfall::dns {

// The Error's message is a clause such as "Value is not a valid IPv4 address".
Result<std::string> rdata_from_text(Type type, std::string_view text);
// `rdata` must be valid for the type (what rdata_from_text() made, or data of a parsed message): else a hex
// dump, RFC 3597 section 5.
std::string rdata_to_text(Type type, std::string_view rdata);

std::string soa_rdata(const Name& primary, const Name& mailbox, uint32_t serial, uint32_t refresh,
                      uint32_t retry, uint32_t expire, uint32_t minimum);

}  // namespace landfall::dns
