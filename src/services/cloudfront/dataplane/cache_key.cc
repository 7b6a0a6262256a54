#include "services/cloudfront/dataplane/cache_key.h"

#include <algorithm>
#include <charconv>

#include "codec/http1_field.h"
#include "codec/uri.h"
#include "services/cloudfront/dataplane/split.h"

namespace landfall::cloudfront {
namespace {

// Length first: no value can look like two.
void append(std::string& out, std::string_view part) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, part.size()).ptr);
  out += ':';
  out += part;
}

bool is_refused(std::string_view parameters) {  // ";q=0", "; q=0.000"
  const size_t at = parameters.find("q=");
  if (at == std::string_view::npos) return false;
  const std::string_view weight = http1::trim_ows(parameters.substr(at + 2));
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool path_matches(std::string_view pattern, std::string_view path) {
  if (pattern == "*") return true;
  if (!pattern.starts_with('/') && !pattern.starts_with('*') && path.starts_with('/')) path.remove_prefix(1);
  return wildcard_matches(pattern, path);
}

bool wildcard_matches(std::string_view pattern, std::string_view path) {
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

bool is_normalized(std::string_view path) {
  return path.find('%') == std::string_view::npos && path.find("/.") == std::string_view::npos;
}

std::string normalized_path(std::string_view path) {
  const std::string decoded = codec::percent_decode(path).value_or(std::string(path));
  std::string out;
  for (std::string_view rest = decoded; !rest.empty();) {
    const size_t end = std::min(rest.find('/', 1), rest.size());  // a segment with the slash before it
    const std::string_view segment = rest.substr(0, end);
    rest.remove_prefix(end);
    const bool up = segment == "/..";
    if (up) out.resize(std::min(out.rfind('/'), out.size()));
    if (!up && segment != "/.")
      out += segment;
    else if (rest.empty())
      out += '/';
  }
  return out.empty() ? "/" : out;
}

std::string_view normalized_encodings(const FieldView& fields, const BehaviorSnapshot& behavior) {
  if (!behavior.key_brotli && !behavior.key_gzip) return "";
  bool gzip = false, brotli = false;
  fields.each("accept-encoding", [&](std::string_view line) {
    split(line, ',', [&](std::string_view item) {
      const size_t semicolon = item.find(';');
      const std::string_view coding = http1::trim_ows(item.substr(0, semicolon));
      const bool wanted = semicolon == std::string_view::npos || !is_refused(item.substr(semicolon));
      if (http::equals_ignoring_case(coding, "gzip")) gzip = wanted;
      if (http::equals_ignoring_case(coding, "br")) brotli = wanted;
    });
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
  if (one.mode == "none" && other.mode == "none") return out;
  split(query, '&', [&](std::string_view pair) {
    const std::string_view name = pair.substr(0, pair.find('='));
    if (!selects(one, name) && !selects(other, name)) return;
    if (!out.empty()) out += '&';
    out += pair;
  });
  return out;
}

std::string selected_cookies(const Selection& one, const Selection& other, const FieldView& fields) {
  std::string out;
  if (one.mode == "none" && other.mode == "none") return out;
  fields.each("cookie", [&](std::string_view line) {
    split(line, ';', [&](std::string_view pair) {
      pair = http1::trim_ows(pair);
      const std::string_view name = pair.substr(0, pair.find('='));
      if (pair.empty() || (!selects(one, name) && !selects(other, name))) return;
      if (!out.empty()) out += "; ";
      out += pair;
    });
  });
  return out;
}

void make_cache_key(CacheKey& key, std::string_view distribution_id, const BehaviorSnapshot& behavior,
                    const KeySource& source) {
  key.target = source.path;
  if (!source.query.empty())
    if (const std::string query = selected_query(behavior.key_query, {}, source.query); !query.empty())
      key.target.append("?").append(query);
  key.text.clear();
  append(key.text, distribution_id);
  append(key.text, source.method == "OPTIONS" ? "OPTIONS" : "GET");  // HEAD is answered from GET's
  append(key.text, key.target);
  append(key.text, normalized_encodings(source.fields, behavior));
  append(key.text, selected_cookies(behavior.key_cookies, {}, source.fields));
  for (const std::string& name : behavior.key_headers.names) {
    append(key.text, name);
    if (name == "host") append(key.text, source.authority);
    source.fields.each(name, [&](std::string_view value) { append(key.text, value); });
    key.text += '.';  // a value must not be taken for the next name
  }
}

CacheKey cache_key(std::string_view distribution_id, const BehaviorSnapshot& behavior, std::string_view path,
                   const http::Request& request) {
  CacheKey key;
  make_cache_key(key, distribution_id, behavior,
                 {.method = request.method,
                  .authority = request.authority,
                  .path = path,
                  .query = request.query(),
                  .fields = request.headers});
  return key;
}

bool invalidates(std::string_view pattern, std::string_view target) {
  const std::string wanted = codec::percent_decode(pattern).value_or(std::string(pattern));
  const std::string have = codec::percent_decode(target).value_or(std::string(target));
  if (wanted.ends_with('*')) return have.starts_with(std::string_view(wanted).substr(0, wanted.size() - 1));
  return have == wanted;
}

}  // namespace landfall::cloudfront
