#include "services/cloudfront/dataplane/origin_request.h"

#include <algorithm>
#include <array>

namespace landfall::cloudfront {
namespace {

constexpr std::array kOwn = std::to_array<std::string_view>(
    {"host", "accept-encoding", "cookie", "via", "x-forwarded-for", "x-amz-cf-id", "expect", "range",
     "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since"});
constexpr std::array kConditions = std::to_array<std::string_view>(
    {"range", "if-range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since"});

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::any_of(names,
                             [&](std::string_view one) { return http::equals_ignoring_case(one, name); });
}

bool forwards(const BehaviorSnapshot& behavior, std::string_view name) {
  return selects_header(behavior.key_headers, name) || selects_header(behavior.forward_headers, name);
}

void add_viewers(OriginRequest& out, const Ask& ask, Purpose purpose) {
  http::Headers viewers = ask.viewer.headers;
  remove_hop_by_hop(viewers);
  for (const http::Header& header : viewers) {
    const bool describes_body =
        !ask.body.empty() && (http::equals_ignoring_case(header.name, "content-type") ||
                              http::equals_ignoring_case(header.name, "content-encoding"));
    if (purpose == Purpose::pass && is_one_of(header.name, kConditions)) {
      out.headers.add(header.name, header.value);
    } else if (!is_one_of(header.name, kOwn) && (describes_body || forwards(*ask.behavior, header.name))) {
      out.headers.add(header.name, header.value);
    }
  }
}

}  // namespace

OriginRequest origin_request(const Ask& ask, const OriginSnapshot& origin, Purpose purpose,
                             const CachedObject* stale) {
  const BehaviorSnapshot& behavior = *ask.behavior;
  OriginRequest out{
      .origin = origin, .distribution_arn = ask.site->snapshot.arn, .method = ask.viewer.method};
  if (purpose == Purpose::fill && out.method == "HEAD") out.method = "GET";
  out.viewer_tls = ask.viewer.peer.tls;
  out.viewer_authorization = ask.viewer.headers.has("authorization");
  out.target = origin.path + ask.path;
  if (const std::string query =
          selected_query(behavior.key_query, behavior.forward_query, ask.viewer.query());
      !query.empty())
    out.target += "?" + query;
  add_viewers(out, ask, purpose);
  if (const std::string cookies =
          selected_cookies(behavior.key_cookies, behavior.forward_cookies, ask.viewer.headers);
      !cookies.empty())
    out.headers.add("Cookie", cookies);
  if (const std::string encodings(normalized_encodings(ask.viewer.headers, behavior)); !encodings.empty())
    out.headers.add("Accept-Encoding", encodings);
  if (origin.bucket.empty()) {
    // In the key it is there as it came. Otherwise a viewer may not choose a port or a spelling for all
    // others: what origins make of Host (links, redirects) is in the answer that is kept.
    if (forwards(behavior, "host"))
      out.headers.add("Host", selects_header(behavior.key_headers, "host") ? ask.viewer.authority
                                                                           : host_name(ask.viewer.authority));
    if (!out.headers.has("user-agent")) out.headers.add("User-Agent", "Amazon CloudFront");
    const std::string before(ask.viewer.headers.get("x-forwarded-for").value_or(""));
    out.headers.add("X-Forwarded-For", (before.empty() ? "" : before + ", ") + ask.viewer.peer.address);
    out.headers.add("Via", std::string(ask.viewer.version == http::Version::http_2 ? "2.0 " : "1.1 ") +
                               ask.site->snapshot.domain + " (CloudFront)");
    out.headers.add("X-Amz-Cf-Id", ask.request_id);
  }
  for (const HeaderSnapshot& header : origin.headers) out.headers.set(header.name, header.value);
  if (purpose == Purpose::fill && stale != nullptr) {
    // Of an object compressed here the origin knows the strong ETag, so the weak mark goes.
    if (const auto etag = stale->head.headers.get("etag"))
      out.headers.add(
          "If-None-Match",
          std::string(stale->compressed_here && etag->starts_with("W/") ? etag->substr(2) : *etag));
    else if (const auto modified = stale->head.headers.get("last-modified"))
      out.headers.add("If-Modified-Since", std::string(*modified));
  }
  return out;
}

}  // namespace landfall::cloudfront
