// HTTP/1.1 field names that the engines look at, and the small grammar of RFC 9110 section 5.6. No I/O, no
// allocation.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/ascii.h"

namespace landfall::http1 {

// The fields that framing, hop-by-hop handling and the proxy decide on; all others are `other`.
enum class FieldId : uint8_t {
  other,
  accept_encoding,
  age,
  authorization,
  cache_control,
  connection,
  content_length,
  content_type,
  cookie,
  date,
  etag,
  expect,
  host,
  http2_settings,
  keep_alive,
  location,
  origin,
  proxy_authenticate,
  proxy_authorization,
  proxy_connection,
  range,
  referer,
  server,
  set_cookie,
  te,
  trailer,
  transfer_encoding,
  upgrade,
  user_agent,
  x_amzn_trace_id,
  x_forwarded_for,
  x_forwarded_port,
  x_forwarded_proto,
};

FieldId field_id(std::string_view name);  // ASCII case ignored

bool is_token(std::string_view text);        // RFC 9110 section 5.6.2: not empty, tchar only
bool is_field_value(std::string_view text);  // RFC 9110 section 5.5: no control characters but HTAB
std::string_view trim_ows(std::string_view text);
using landfall::equals_ignoring_case;

// Removes and returns the next element of a comma-separated list (RFC 9110 section 5.6.1), trimmed; empty
// elements are skipped; an empty view when the list is over.
std::string_view next_list_element(std::string_view& list);
bool list_has(std::string_view list, std::string_view lower_token);

// Fields that belong to one connection and are never forwarded (RFC 9110 section 7.6.1), besides those that
// Connection names.
bool is_hop_by_hop(FieldId id);

}  // namespace landfall::http1
