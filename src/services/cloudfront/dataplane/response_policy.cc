#include "services/cloudfront/dataplane/response_policy.h"

#include <algorithm>
#include <array>

#include "services/cloudfront/dataplane/cache_key.h"

namespace landfall::cloudfront {
namespace {

constexpr std::array kCorsHeaders = std::to_array<std::string_view>(
    {"access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers",
     "access-control-allow-credentials", "access-control-expose-headers", "access-control-max-age"});

void add_vary_origin(http::Headers& headers) {
  for (const std::string_view line : headers.get_all("vary"))
    if (line == "*" || http::equals_ignoring_case(line, "origin")) return;
  headers.add("Vary", "Origin");
}

// Only to a request that has an Origin, and one that is allowed. To a preflight (Fetch section 3.2.2) what
// may be asked, to others what may be read.
void apply_cors(http::Headers& headers, const CorsSnapshot& cors, const http::Request& viewer) {
  const auto origin = viewer.headers.get("origin");
  if (!origin) return;
  if (!std::ranges::any_of(cors.origins,
                           [&](const std::string& pattern) { return origin_matches(pattern, *origin); }))
    return;
  // Whether the policy has that header does not matter: the origin has spoken.
  if (!cors.override_origin &&
      std::ranges::any_of(kCorsHeaders, [&](std::string_view name) { return headers.has(name); }))
    return;
  const auto set = [&](const char* name, std::string_view value) {
    if (!value.empty()) headers.set(name, value);
  };
  const bool any = cors.origins.size() == 1 && cors.origins.front() == "*";
  set("Access-Control-Allow-Origin", any ? "*" : *origin);
  if (!any) add_vary_origin(headers);
  if (cors.credentials) set("Access-Control-Allow-Credentials", "true");
  if (viewer.method == "OPTIONS" && viewer.headers.has("access-control-request-method")) {
    set("Access-Control-Allow-Methods", cors.methods);
    set("Access-Control-Allow-Headers", cors.headers);
    if (cors.max_age_seconds) set("Access-Control-Max-Age", std::to_string(*cors.max_age_seconds));
  } else {
    set("Access-Control-Expose-Headers", cors.exposed);
  }
}

}  // namespace

bool origin_matches(std::string_view pattern, std::string_view origin) {
  if (pattern.find("://") != std::string_view::npos || pattern == "*")
    return wildcard_matches(pattern, origin);
  const size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && wildcard_matches(pattern, origin.substr(scheme + 3));
}

void apply_response_policy(http::Headers& headers, const BehaviorSnapshot& behavior,
                           const http::Request& viewer) {
  for (const std::string& name : behavior.removed_headers) headers.remove(name);
  if (behavior.cors) apply_cors(headers, *behavior.cors, viewer);
  for (const HeaderSnapshot& header : behavior.response_headers)
    if (header.override_origin || !headers.has(header.name)) headers.set(header.name, header.value);
}

std::string server_timing(const Timing& timing) {
  std::string out;
  const bool hit = timing.result == CacheResult::hit;
  if (!hit)
    out = "cdn-upstream-layer;desc=\"EDGE\",cdn-upstream-fbl;dur=" + std::to_string(timing.upstream_ms) + ",";
  out += hit                                         ? "cdn-cache-hit"
         : timing.result == CacheResult::refresh_hit ? "cdn-cache-refresh"
                                                     : "cdn-cache-miss";
  out.append(",cdn-pop;desc=\"").append(timing.pop).append("\",cdn-rid;desc=\"").append(timing.request_id);
  out += '"';
  if (hit) out += ",cdn-hit-layer;desc=\"EDGE\"";
  return out + ",cdn-downstream-fbl;dur=" + std::to_string(timing.downstream_ms);
}

bool asks_for_timing(const http::Headers& headers) {
  const auto pragma = headers.get("pragma");
  return pragma && http::equals_ignoring_case(*pragma, "server-timing");
}

}  // namespace landfall::cloudfront
