#include "services/s3/dataplane/cors.h"

#include <algorithm>
#include <charconv>

#include "base/ascii.h"
#include "codec/xml.h"

namespace landfall::s3 {
namespace {

std::vector<std::string> split_list(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    std::string_view item = list.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
    if (!item.empty()) items.push_back(ascii_lower(item));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return items;
}

std::string join(const std::vector<std::string>& items) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : ", ") + item;
  return out;
}

bool any_matches(const std::vector<std::string>& patterns, std::string_view text) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return matches_one_star(pattern, text); });
}

CorsRule cors_rule_of(codec::XmlNode node) {
  CorsRule rule;
  for (codec::XmlNode child = node.first_child(); child; child = child.next_sibling()) {
    const std::string_view name = child.name();
    if (name == "AllowedOrigin") rule.origins.push_back(child.text());
    if (name == "AllowedMethod") rule.methods.push_back(child.text());
    if (name == "AllowedHeader") rule.headers.push_back(ascii_lower(child.text()));
    if (name == "ExposeHeader") rule.exposed.push_back(child.text());
    if (name == "MaxAgeSeconds") {
      const std::string text = child.text();
      int64_t seconds = 0;
      if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec == std::errc{})
        rule.max_age_seconds = seconds;
    }
  }
  return rule;
}

// The first rule that allows the origin and the method.
const CorsRule* find_rule(const std::vector<CorsRule>& rules, std::string_view origin,
                          std::string_view method) {
  for (const CorsRule& rule : rules) {
    const bool has_method = std::find(rule.methods.begin(), rule.methods.end(), method) != rule.methods.end();
    if (has_method && any_matches(rule.origins, origin)) return &rule;
  }
  return nullptr;
}

void add_rule_headers(const CorsRule& rule, std::string_view origin, http::Headers& headers) {
  const bool everyone = std::find(rule.origins.begin(), rule.origins.end(), "*") != rule.origins.end();
  headers.add("Access-Control-Allow-Origin", everyone ? "*" : std::string(origin));
  headers.add("Access-Control-Allow-Methods", join(rule.methods));
  if (!rule.exposed.empty()) headers.add("Access-Control-Expose-Headers", join(rule.exposed));
  if (rule.max_age_seconds) headers.add("Access-Control-Max-Age", std::to_string(*rule.max_age_seconds));
  if (!everyone) headers.add("Access-Control-Allow-Credentials", "true");
  headers.add("Vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}

}  // namespace

bool matches_one_star(std::string_view pattern, std::string_view text) {
  const size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  const std::string_view before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return text.size() >= before.size() + after.size() && text.starts_with(before) && text.ends_with(after);
}

std::vector<CorsRule> cors_rules_of(const BucketRecord& bucket) {
  std::vector<CorsRule> rules;
  auto it = bucket.configuration.find(kCorsConfiguration);
  if (it == bucket.configuration.end()) return rules;
  auto document = codec::XmlDocument::parse(it->second);
  if (!document) return rules;
  for (codec::XmlNode node = document->root().first_child(); node; node = node.next_sibling()) {
    if (node.name() == "CORSRule") rules.push_back(cors_rule_of(node));
  }
  return rules;
}

void add_cors_headers(const BucketRecord& bucket, const http::Request& request, http::Headers& headers) {
  auto origin = request.headers.get("origin");
  if (!origin || request.method == "OPTIONS") return;
  const std::vector<CorsRule> rules = cors_rules_of(bucket);
  if (const CorsRule* rule = find_rule(rules, *origin, request.method))
    add_rule_headers(*rule, *origin, headers);
}

std::optional<http::Headers> answer_preflight(const std::vector<CorsRule>& rules,
                                              const http::Headers& request) {
  auto origin = request.get("origin"), method = request.get("access-control-request-method");
  if (!origin || !method) return std::nullopt;
  const std::vector<std::string> wanted =
      split_list(request.get("access-control-request-headers").value_or(""));
  for (const CorsRule& rule : rules) {
    if (find_rule({rule}, *origin, *method) == nullptr) continue;
    const bool all = std::all_of(wanted.begin(), wanted.end(),
                                 [&](const auto& h) { return any_matches(rule.headers, h); });
    if (!all) continue;
    http::Headers headers;
    add_rule_headers(rule, *origin, headers);
    if (!wanted.empty()) headers.add("Access-Control-Allow-Headers", join(wanted));
    return headers;
  }
  return std::nullopt;
}

}  // namespace landfall::s3
