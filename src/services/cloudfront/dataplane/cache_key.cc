#include "services/cloudfront/dataplane/cache_key.h"

#include <algorithm>

#include "codec/uri.h"

namespace landfall::cloudfront {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

template <class F>
void split(std::string_view text, char separator, F&& visit) {
  while (!text.empty()) {
    const size_t end = text.find(separator);
    visit(text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

// Length first: no value can look like two.
void append(std::string& out, std::string_view part) {
  out += std::to_string(part.size());
  out += ':';
  out += part;
}

bool is_refused(std::string_view parameters) {  // ";q=0", "; q=0.000"
  const size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view weight = trim(parameters.substr(at + 2));
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool path_matches(std::string_view pattern, std::string_view path) {
  if (pattern == "*") return true;
  if (!pattern.starts_with('/') && !pattern.starts_with('*') && path.starts_with('/')) path.remove_prefix(1);
  size_t p = 0, t = 0, star = std::string_view::npos, mark = 0;
  while (t < path.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == path[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::string normalized_encodings(const http::Headers& headers, const BehaviorSnapshot& behavior) {
  bool gzip = false, brotli = false;
  for (std::string_view line : headers.get_all("accept-encoding"))
    split(line, ',', [&](std::string_view item) {
      const size_t semicolon = item.find(';');
      const std::string_view coding = trim(item.substr(0, semicolon));
      const bool wanted = semicolon == std::string_view::npos || !is_refused(item.substr(semicolon));
      if (http::equals_ignoring_case(coding, "gzip")) gzip = wanted;
      if (http::equals_ignoring_case(coding, "br")) brotli = wanted;
    });
  brotli = brotli && behavior.key_brotli;
  gzip = gzip && behavior.key_gzip;
  return brotli && gzip ? "br,gzip" : brotli ? "br" : gzip ? "gzip" : "";
}

bool selects(const Selection& selection, std::string_view name) {
  if (selection.mode == "all") return true;
  const bool named =
      std::ranges::any_of(selection.names, [&](const std::string& one) { return one == name; });
  return selection.mode == "whitelist" ? named : selection.mode == "allExcept" && !named;
}

bool selects_header(const Selection& selection, std::string_view name) {
  if (selection.mode == "all") return true;
  const bool named = std::ranges::any_of(
      selection.names, [&](const std::string& one) { return http::equals_ignoring_case(one, name); });
  return selection.mode == "whitelist" ? named : selection.mode == "allExcept" && !named;
}

std::string selected_query(const Selection& one, const Selection& other, std::string_view query) {
  std::string out;
  split(query, '&', [&](std::string_view pair) {
    const std::string_view name = pair.substr(0, pair.find('='));
    if (!selects(one, name) && !selects(other, name)) return;
    if (!out.empty()) out += '&';
    out += pair;
  });
  return out;
}

std::string selected_cookies(const Selection& one, const Selection& other, const http::Headers& headers) {
  std::string out;
  for (std::string_view line : headers.get_all("cookie"))
    split(line, ';', [&](std::string_view pair) {
      pair = trim(pair);
      const std::string_view name = pair.substr(0, pair.find('='));
      if (pair.empty() || (!selects(one, name) && !selects(other, name))) return;
      if (!out.empty()) out += "; ";
      out += pair;
    });
  return out;
}

CacheKey cache_key(std::string_view distribution_id, const BehaviorSnapshot& behavior, std::string_view path,
                   const http::Request& request) {
  CacheKey key;
  key.target = std::string(path);
  if (const std::string query = selected_query(behavior.key_query, {}, request.query()); !query.empty())
    key.target += "?" + query;
  append(key.text, distribution_id);
  append(key.text, request.method == "OPTIONS" ? "OPTIONS" : "GET");  // HEAD is answered from GET's
  append(key.text, key.target);
  append(key.text, normalized_encodings(request.headers, behavior));
  append(key.text, selected_cookies(behavior.key_cookies, {}, request.headers));
  for (const std::string& name : behavior.key_headers.names) {
    append(key.text, name);
    if (name == "host") append(key.text, request.authority);
    for (std::string_view value : request.headers.get_all(name)) append(key.text, value);
  }
  return key;
}

bool invalidates(std::string_view pattern, std::string_view target) {
  const std::string wanted = codec::percent_decode(pattern).value_or(std::string(pattern));
  const std::string have = codec::percent_decode(target).value_or(std::string(target));
  if (wanted.ends_with('*')) return have.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
  return have == wanted;
}

}  // namespace landfall::cloudfront
