// What the files of sigv4 share among themselves; nobody else includes it.
#pragma once

#include <string>
#include <string_view>

namespace landfall::aws::sigv4 {

void append_encoded(std::string& out, std::string_view text);  // RFC 3986, '/' encoded too
void append_decoded(std::string& out, std::string_view text);  // %XX and '+'; a broken %XX stays as it is
void append_canonical_query(std::string& out, std::string_view query, bool presigned);

}  // namespace landfall::aws::sigv4
