#include "aws/protocol/uri_pattern.h"

#include <algorithm>

namespace landfall::aws {

namespace {

std::string_view without_end_slash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string_view take_segment(std::string_view& path) {  // path starts with '/'
  path.remove_prefix(1);
  const size_t end = std::min(path.find('/'), path.size());
  const std::string_view segment = path.substr(0, end);
  path.remove_prefix(end);
  return segment;
}

bool has_parameter(const codec::Pairs& query, std::string_view literal) {
  const size_t equals = std::min(literal.find('='), literal.size());
  const std::string_view name = literal.substr(0, equals);
  return std::ranges::any_of(query, [&](const auto& pair) {
    return pair.first == name && (equals == literal.size() || pair.second == literal.substr(equals + 1));
  });
}

bool match_parameters(std::string_view literals, const codec::Pairs& query, UriMatch& match) {
  while (!literals.empty()) {
    const size_t end = std::min(literals.find('&'), literals.size());
    if (!has_parameter(query, literals.substr(0, end))) return false;
    ++match.fixed_parameters;
    literals.remove_prefix(std::min(end + 1, literals.size()));
  }
  return true;
}

bool match_path(std::string_view pattern, std::string_view path, UriMatch& match) {
  if (!path.starts_with('/')) return false;
  if (!pattern.ends_with("+}")) path = without_end_slash(path);
  pattern = without_end_slash(pattern);
  while (!pattern.empty()) {
    if (path.empty()) return false;
    const std::string_view whole_path = path;
    const std::string_view part = take_segment(pattern);
    const std::string_view segment = take_segment(path);
    if (!part.starts_with('{')) {
      if (part != segment) return false;
      ++match.fixed_segments;
      continue;
    }
    const bool greedy = part.ends_with("+}");
    const std::string_view label = part.substr(1, part.size() - (greedy ? 3 : 2));
    auto value = codec::percent_decode(greedy ? whole_path.substr(1) : segment);
    if (!value || value->empty()) return false;
    match.labels.emplace_back(label, std::move(*value));
    if (greedy) path = {};
  }
  return path.empty();
}

}  // namespace

std::optional<UriMatch> match_uri(std::string_view pattern, std::string_view path,
                                  const codec::Pairs& query) {
  const size_t mark = std::min(pattern.find('?'), pattern.size());
  UriMatch match;
  if (!match_path(pattern.substr(0, mark), path, match)) return std::nullopt;
  if (mark < pattern.size() && !match_parameters(pattern.substr(mark + 1), query, match)) return std::nullopt;
  return match;
}

}  // namespace landfall::aws
