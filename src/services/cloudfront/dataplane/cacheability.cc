#include "services/cloudfront/dataplane/cacheability.h"

#include <algorithm>
#include <charconv>

#include "codec/http1_field.h"

namespace landfall::cloudfront {
namespace {

constexpr int64_t kLongestSeconds = 100LL * 365 * 24 * 3600;  // what a larger number means

std::optional<int64_t> seconds(std::string_view text) {
  if (text.empty() || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::min(value, kLongestSeconds) : kLongestSeconds;
}

// RFC 9111 section 4.2.1, as a shared cache: s-maxage, max-age, Expires minus Date.
std::optional<int64_t> origin_lifetime(const http::Headers& headers, Timestamp now) {
  for (const char* name : {"s-maxage", "max-age"})
    if (const auto text = directive(headers, name))
      return seconds(*text).value_or(0);  // an invalid one is stale (4.2.1)
  if (const auto expires = headers.get("expires")) {
    const auto when = parse_http_date(*expires);
    if (!when) return 0;
    const auto date = parse_http_date(headers.get("date").value_or(""));
    return std::max<int64_t>(0, when->unix_seconds() - (date ? *date : now).unix_seconds());
  }
  return std::nullopt;
}

bool is_stored_status(int status) {
  switch (status) {
    case 200:
    case 203:
    case 300:
    case 301:
    case 302:
    case 307:
    case 308:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_error_status(int status) {
  switch (status) {
    case 400:
    case 403:
    case 404:
    case 405:
    case 410:
    case 414:
    case 416:
    case 500:
    case 501:
    case 502:
    case 503:
    case 504:
      return true;
    default:
      return false;
  }
}

std::optional<std::string> directive(const http::Headers& headers, std::string_view name) {
  for (std::string_view line : headers.get_all("cache-control")) {
    size_t at = 0;
    while (at < line.size()) {
      size_t end = at;
      for (bool quoted = false; end < line.size() && (quoted || line[end] != ','); ++end)
        if (line[end] == '"') quoted = !quoted;
      const std::string_view item = http1::trim_ows(line.substr(at, end - at));
      const size_t equals = item.find('=');
      if (http::equals_ignoring_case(http1::trim_ows(item.substr(0, equals)), name)) {
        if (equals == std::string_view::npos) return "";
        std::string_view value = http1::trim_ows(item.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
          value = value.substr(1, value.size() - 2);
        return std::string(value);
      }
      at = end + 1;
    }
  }
  return std::nullopt;
}

Cacheability cacheability(const http::Response& response, const BehaviorSnapshot& behavior,
                          int64_t error_seconds, Timestamp now) {
  const http::Headers& headers = response.headers;
  for (std::string_view vary : headers.get_all("vary"))
    if (http1::trim_ows(vary) == "*") return {};  // RFC 9111 section 4.1: never matches
  const auto lifetime = origin_lifetime(headers, now);
  if (is_error_status(response.status)) {
    // An error is remembered for the larger of its own lifetime and the error caching minimum TTL.
    const int64_t ttl = std::max(error_seconds, std::min(lifetime.value_or(0), behavior.max_ttl));
    return {ttl > 0, ttl};
  }
  if (!is_stored_status(response.status)) return {};
  int64_t ttl = 0;
  const bool refused =
      directive(headers, "no-store") || directive(headers, "private") || directive(headers, "no-cache");
  if (refused) {
    ttl = behavior.min_ttl;  // above 0 it overrides the origin, as documented
  } else if (lifetime) {
    ttl = std::max(std::min(*lifetime, behavior.max_ttl), behavior.min_ttl);
  } else {
    ttl = std::max(behavior.default_ttl, behavior.min_ttl);
  }
  if (ttl > behavior.min_ttl)
    if (const auto age = seconds(headers.get("age").value_or("")))
      ttl = std::max(ttl - *age, behavior.min_ttl);
  if (refused && ttl <= 0) return {};
  // Stale at once, but with a validator: it can be kept and revalidated, which is what max-age=0 asks for.
  const bool validator = headers.has("etag") || headers.has("last-modified");
  return {behavior.max_ttl > 0 && (ttl > 0 || validator), std::max<int64_t>(ttl, 0)};
}

}  // namespace landfall::cloudfront
