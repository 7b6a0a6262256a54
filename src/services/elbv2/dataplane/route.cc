#include "services/elbv2/dataplane/route.h"

#include <algorithm>

#include "services/elbv2/dataplane/pattern.h"

namespace landfall::elbv2::dataplane {
namespace {

bool any_matches(const std::vector<std::string>& patterns, std::string_view text, Case match) {
  return std::ranges::any_of(patterns,
                             [&](const std::string& p) { return matches_wildcard(p, text, match); });
}

std::string_view path_of(const http1::RequestHead& head) {
  const std::string_view target = head.origin_form();
  return target.substr(0, target.find('?'));
}

std::string_view query_of(const http1::RequestHead& head) {
  const std::string_view target = head.origin_form();
  const size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

bool query_has(std::string_view query, const QueryPairSnapshot& wanted) {
  while (!query.empty()) {
    const size_t amp = query.find('&');
    const std::string_view pair = query.substr(0, amp);
    query.remove_prefix(amp == std::string_view::npos ? query.size() : amp + 1);
    const size_t equals = pair.find('=');
    const std::string_view key = pair.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    if ((wanted.key.empty() || matches_wildcard(wanted.key, key, Case::ignored)) &&
        matches_wildcard(wanted.value, value, Case::ignored))
      return true;
  }
  return false;
}

bool holds(const ConditionSnapshot& condition, const RouteRequest& request) {
  const http1::RequestHead& head = request.head;
  if (condition.field == "host-header")
    return any_matches(condition.values, host_without_port(head.authority()), Case::ignored);
  if (condition.field == "path-pattern") return any_matches(condition.values, path_of(head), Case::sensitive);
  if (condition.field == "http-request-method")
    return std::ranges::find(condition.values, head.method()) != condition.values.end();
  if (condition.field == "source-ip")
    return std::ranges::any_of(
        condition.values, [&](const std::string& cidr) { return in_cidr(cidr, request.client_address); });
  if (condition.field == "http-header") {
    for (const http1::Field& field : head)
      if (http1::equals_ignoring_case(head.name(field), condition.http_header_name) &&
          any_matches(condition.values, head.value(field), Case::ignored))
        return true;
    return false;
  }
  if (condition.field == "query-string")
    return std::ranges::any_of(condition.query_pairs, [&](const QueryPairSnapshot& pair) {
      return query_has(query_of(head), pair);
    });
  return false;  // a condition nobody knows never holds
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

}  // namespace

const Rule& route(const RouteRequest& request, const ListenerConfig& listener, int& evaluated) {
  for (const Rule& rule : listener.rules) {
    if (&rule == &listener.rules.back()) break;
    ++evaluated;
    if (std::ranges::all_of(rule.snapshot.conditions,
                            [&](const ConditionSnapshot& condition) { return holds(condition, request); }))
      return rule;
  }
  return listener.rules.back();
}

std::string_view host_without_port(std::string_view authority) {
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find(':'));
}

std::string redirect_location(const ActionSnapshot& action, const RedirectContext& context) {
  const auto part = [](const std::string& given, const char* otherwise) {
    return given.empty() ? otherwise : given;
  };
  std::string protocol = part(action.protocol, "#{protocol}");
  replace_all(protocol, "#{protocol}", context.protocol);
  std::ranges::transform(protocol, protocol.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::string port = std::to_string(context.port);
  const std::string_view path = context.path.starts_with('/') ? context.path.substr(1) : context.path;
  const auto fill = [&](std::string text) {
    replace_all(text, "#{protocol}", context.protocol);
    replace_all(text, "#{host}", context.host);
    replace_all(text, "#{port}", port);
    replace_all(text, "#{path}", path);
    replace_all(text, "#{query}", context.query);
    return text;
  };
  std::string location =
      protocol + "://" + fill(part(action.host, "#{host}")) + ":" + fill(part(action.port, "#{port}"));
  location += fill(part(action.path, "/#{path}"));
  const std::string query = fill(part(action.query, "#{query}"));
  if (!query.empty()) location += "?" + query;
  return location;
}

}  // namespace landfall::elbv2::dataplane
