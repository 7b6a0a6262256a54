// Hexadecimal and base64 (RFC 4648).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace landfall {

std::string to_hex(std::string_view bytes);  // lower case
Result<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);           // with padding
Result<std::string> from_base64(std::string_view text);  // strict: alphabet and padding checked
std::string to_base64url(std::string_view bytes);        // section 5, without padding

}  // namespace landfall
