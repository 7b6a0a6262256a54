#include "services/s3/dataplane/conditions.h"

#include <charconv>
#include <string>

#include "codec/http1_field.h"

namespace landfall::s3 {
namespace {

std::optional<uint64_t> parse_number(std::string_view text) {
  uint64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// HTTP dates have whole seconds; a date that does not parse is ignored (RFC 9110 section 13.1.3).
std::optional<int64_t> seconds_of(std::optional<std::string_view> header) {
  if (!header) return std::nullopt;
  auto time = parse_http_date(*header);
  if (!time) return std::nullopt;
  return time->unix_seconds();
}

}  // namespace

std::string_view unquote(std::string_view etag) {
  etag = http1::trim_ows(etag);
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
  return etag;
}

bool etag_list_matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view item = http1::trim_ows(list.substr(0, comma));
    if (item == "*" || unquote(item) == etag) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

Verdict judge_read(const http::Headers& headers, std::string_view prefix, std::string_view etag,
                   Timestamp last_modified) {
  const auto header = [&](std::string_view name) {
    return prefix.empty() ? headers.get(name) : headers.get(std::string(prefix).append(name));
  };
  const int64_t modified = last_modified.unix_seconds();
  if (auto list = header("if-match")) {
    if (!etag_list_matches(*list, etag)) return Verdict::precondition_failed;
  } else if (auto since = seconds_of(header("if-unmodified-since"))) {
    if (modified > *since) return Verdict::precondition_failed;
  }
  if (auto list = header("if-none-match")) {
    if (etag_list_matches(*list, etag)) return Verdict::not_modified;
  } else if (auto since = seconds_of(header("if-modified-since"))) {
    if (modified <= *since) return Verdict::not_modified;
  }
  return Verdict::proceed;
}

RangeStatus parse_range(std::string_view header, uint64_t size, ByteRange& range) {
  constexpr std::string_view kUnit = "bytes=";
  if (!header.starts_with(kUnit)) return RangeStatus::none;
  const std::string_view spec = http1::trim_ows(header.substr(kUnit.size()));
  const size_t dash = spec.find('-');
  // Several ranges: S3 serves the whole object.
  if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return RangeStatus::none;
  const auto first = parse_number(spec.substr(0, dash)), last = parse_number(spec.substr(dash + 1));
  if (dash == 0) {  // the last so many bytes
    if (!last) return RangeStatus::none;
    if (*last == 0 || size == 0) return RangeStatus::unsatisfiable;
    range.length = std::min(*last, size);
    range.first = size - range.length;
    return RangeStatus::satisfiable;
  }
  if (!first || (!last && dash + 1 < spec.size())) return RangeStatus::none;
  if (last && *last < *first) return RangeStatus::none;
  if (*first >= size) return RangeStatus::unsatisfiable;
  range.first = *first;
  range.length = std::min(last.value_or(size - 1), size - 1) - *first + 1;
  return RangeStatus::satisfiable;
}

}  // namespace landfall::s3
