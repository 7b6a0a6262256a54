#include "services/ec2/describe.h"

#include <algorithm>

#include "base/encoding.h"

namespace landfall::ec2 {

bool matches_wildcard(std::string_view pattern, std::string_view text) {
  // Greedy with one point to come back to: linear in practice, no recursion.
  size_t p = 0, t = 0, star = std::string_view::npos, star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
      continue;
    }
    const bool escaped = p + 1 < pattern.size() && pattern[p] == '\\';
    if (p < pattern.size() &&
        (escaped ? pattern[p + 1] == text[t] : pattern[p] == '?' || pattern[p] == text[t])) {
      p += escaped ? 2 : 1;
      ++t;
      continue;
    }
    if (star == std::string_view::npos) return false;
    p = star + 1;
    t = ++star_text;
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

static bool one_matches(const std::vector<std::string>& patterns, const Values& values) {
  return std::ranges::any_of(patterns, [&](const std::string& pattern) {
    return std::ranges::any_of(values,
                               [&](const std::string& value) { return matches_wildcard(pattern, value); });
  });
}

bool matches_filters(const std::vector<Filter>& filters,
                     const std::function<bool(std::string_view name, Values& out)>& values,
                     const std::function<TagMap()>& tags) {
  // Every name is looked at, so that an unknown one is refused whatever the others say.
  bool all = true;
  for (const Filter& filter : filters) {
    const std::string name = filter.Name.value_or("");
    Values found;
    if (name.starts_with("tag:")) {
      const TagMap map = tags();
      if (const auto tag = map.find(name.substr(4)); tag != map.end()) found.push_back(tag->second);
    } else if (name == "tag-key" || name == "tag-value") {
      for (const auto& [key, value] : tags()) found.push_back(name == "tag-key" ? key : value);
    } else if (!values(name, found)) {
      throw_invalid(fmt::format("The filter '{}' is invalid", name));
    }
    all = all && one_matches(filter.Values, found);
  }
  return all;
}

std::string encode_token(std::string_view last_key) { return to_base64(last_key); }

std::string decode_token(std::string_view token) {
  auto key = from_base64(token);
  if (!key) throw_invalid(fmt::format("The token '{}' is invalid", token));
  return *key;
}

}  // namespace landfall::ec2
