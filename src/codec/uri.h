// Percent-encoding (RFC 3986 section 2) and the parsing of query strings and urlencoded forms. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace landfall::codec {

enum class Plus : bool { literal, is_space };  // '+' in query strings and forms stands for a space
enum class Slash : bool { encoded, kept };     // S3 keys and greedy labels keep '/'

// Fails on '%' without two hexadecimal digits.
Result<std::string> percent_decode(std::string_view text, Plus plus = Plus::literal);
// Everything but the unreserved characters of RFC 3986 section 2.3.
std::string percent_encode(std::string_view text, Slash slash = Slash::encoded);

using Pairs = std::vector<std::pair<std::string, std::string>>;

struct FormLimits {
  size_t max_pairs = 20'000;    // EC2's largest real requests have a few thousand parameters
  size_t max_key_bytes = 1024;  // "LaunchTemplateData.NetworkInterfaces.1...." stays under 200
};

// "a=1&b=x%20y&c": in order, repeated keys kept; a key without '=' has an empty value.
Result<Pairs> parse_form(std::string_view text, const FormLimits& limits = {});

}  // namespace landfall::codec
