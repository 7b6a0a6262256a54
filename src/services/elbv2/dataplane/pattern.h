// The little languages of listener rules: wildcards and CIDR blocks. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace landfall::elbv2::dataplane {

enum class Case { sensitive, ignored };

// '*' is any number of characters, '?' exactly one. Linear in practice, at worst pattern × text; both are
// bounded (128 characters a pattern, by the API).
bool matches_wildcard(std::string_view pattern, std::string_view text, Case match);

// An IPv4 or IPv6 block, or a single address. False for what is neither, and across families.
bool in_cidr(std::string_view cidr, std::string_view address);

// A success code matcher: "200", "200,202", "200-299", or mixed.
bool matches_codes(std::string_view matcher, int status);

}  // namespace landfall::elbv2::dataplane
