#include "services/cloudfront/dataplane/answer.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace landfall::cloudfront {
namespace {

std::string_view opaque(std::string_view etag) {  // weak comparison, RFC 9110 section 8.8.3.2
  while (etag.starts_with(' ')) etag.remove_prefix(1);
  while (etag.ends_with(' ')) etag.remove_suffix(1);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  return etag;
}

bool lists(std::string_view if_none_match, std::string_view etag) {
  while (!if_none_match.empty()) {
    const size_t end = if_none_match.find(',');
    const std::string_view one = opaque(if_none_match.substr(0, end));
    if (one == "*" || one == opaque(etag)) return true;
    if (end == std::string_view::npos) break;
    if_none_match.remove_prefix(end + 1);
  }
  return false;
}

bool is_unchanged(const CachedObject& object, const http::Request& request) {
  const auto etag = object.head.headers.get("etag");
  if (const auto condition = request.headers.get("if-none-match")) return etag && lists(*condition, *etag);
  const auto since = parse_http_date(request.headers.get("if-modified-since").value_or(""));
  const auto modified = parse_http_date(object.head.headers.get("last-modified").value_or(""));
  return since && modified && modified->unix_seconds() <= since->unix_seconds();
}

struct Range {
  size_t first = 0, last = 0;
  bool satisfiable = true;
};

// RFC 9110 section 14.1.2. nullopt: no range that is understood, so the whole is sent.
std::optional<Range> range_of(std::string_view text, size_t size) {
  if (!text.starts_with("bytes=") || text.find(',') != std::string_view::npos) return std::nullopt;
  text.remove_prefix(6);
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<size_t> {
    size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
  };
  const auto first = number(text.substr(0, dash)), last = number(text.substr(dash + 1));
  if ((!first && dash != 0) || (!last && dash + 1 != text.size()) || (!first && !last)) return std::nullopt;
  if (!first) {  // the last bytes
    if (*last == 0 || size == 0) return Range{.satisfiable = false};
    return Range{size - std::min(*last, size), size - 1};
  }
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return Range{.satisfiable = false};
  return Range{*first, std::min(last.value_or(size - 1), size - 1)};
}

bool range_applies(const CachedObject& object, const http::Request& request) {
  const auto condition = request.headers.get("if-range");
  if (!condition) return true;
  const auto etag = object.head.headers.get("etag");
  if (etag && *condition == *etag) return !etag->starts_with("W/");  // strong comparison, section 13.1.5
  return object.head.headers.get("last-modified") == condition;
}

}  // namespace

std::string_view x_cache(CacheResult result) {
  switch (result) {
    case CacheResult::hit:
      return "Hit from cloudfront";
    case CacheResult::miss:
      return "Miss from cloudfront";
    case CacheResult::refresh_hit:
      return "RefreshHit from cloudfront";
    case CacheResult::error:
      return "Error from cloudfront";
  }
  return "";
}

bool is_conditional(const http::Headers& headers) {
  return std::ranges::any_of(headers, [](const http::Header& field) {
    return http::equals_ignoring_case(field.name, "range") ||
           http::equals_ignoring_case(std::string_view(field.name).substr(0, 3), "if-");
  });
}

void remove_hop_by_hop(http::Headers& headers) {
  std::vector<std::string> named;
  for (std::string_view line : headers.get_all("connection"))
    while (!line.empty()) {
      const size_t end = line.find(',');
      std::string_view token = line.substr(0, end);
      while (token.starts_with(' ')) token.remove_prefix(1);
      while (token.ends_with(' ')) token.remove_suffix(1);
      if (!token.empty()) named.emplace_back(token);
      if (end == std::string_view::npos) break;
      line.remove_prefix(end + 1);
    }
  for (const std::string& name : named) headers.remove(name);
  for (const char* name :
       {"connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "transfer-encoding", "upgrade", "content-length"})
    headers.remove(name);
}

Answer answer_with(const CachedObject& object, const http::Request& request) {
  Answer answer{.head = object.head};
  if (object.head.status == 200 && (request.method == "GET" || request.method == "HEAD")) {
    if (is_unchanged(object, request)) {
      answer.head.status = 304;
      for (const char* name : {"content-type", "content-encoding", "content-language", "content-range"})
        answer.head.headers.remove(name);
      return answer;
    }
    answer.head.headers.set("Accept-Ranges", "bytes");
    const auto wanted = request.method == "GET" && range_applies(object, request)
                            ? request.headers.get("range")
                            : std::nullopt;
    if (const auto range = wanted ? range_of(*wanted, object.body_bytes()) : std::nullopt) {
      const std::string size = std::to_string(object.body_bytes());
      if (!range->satisfiable) {
        answer.head.status = 416;
        answer.head.headers.set("Content-Range", "bytes */" + size);
        return answer;
      }
      answer.head.status = 206;
      answer.head.headers.set("Content-Range", "bytes " + std::to_string(range->first) + "-" +
                                                   std::to_string(range->last) + "/" + size);
      answer.offset = range->first;
      answer.length = range->last - range->first + 1;
      return answer;
    }
  }
  answer.length = object.body_bytes();
  return answer;
}

std::string error_page(int status, std::string_view explanation, std::string_view request_id) {
  return "<!DOCTYPE html>\n<html><head><meta charset=\"iso-8859-1\"><title>ERROR: The request could not be "
         "satisfied</title></head><body>\n<h1>" +
         std::to_string(status) +
         " ERROR</h1>\n<h2>The request could not be satisfied.</h2>\n<hr noshade size=\"1px\">\n" +
         std::string(explanation) +
         "\n<br clear=\"all\">\n<hr noshade size=\"1px\">\n<pre>\nGenerated by cloudfront "
         "(CloudFront)\nRequest "
         "ID: " +
         std::string(request_id) + "\n</pre>\n</body></html>\n";
}

std::string lines_of(const http::Headers& headers) {
  std::string lines;
  for (const http::Header& field : headers)
    if (!http::equals_ignoring_case(field.name, "content-length") &&
        !http::equals_ignoring_case(field.name, "age"))
      http::append_field(lines, field.name, field.value);
  return lines;
}

}  // namespace landfall::cloudfront
