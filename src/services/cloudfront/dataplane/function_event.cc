#include "services/cloudfront/dataplane/function_event.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>
#include <vector>

#include "base/ascii.h"
#include "base/encoding.h"
#include "codec/http1_field.h"
#include "services/cloudfront/dataplane/answer.h"
#include "services/cloudfront/dataplane/split.h"

namespace landfall::cloudfront {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr size_t kMaxResultDepth = 16;
constexpr size_t kMaxUri = 8192;  // bytes of path and query, as a viewer's

// What a function must not add.
constexpr std::array kForbidden = std::to_array<std::string_view>(
    {"connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
     "trailer", "upgrade", "x-forwarded-proto", "x-real-ip"});
// What it sees and must leave as it is.
constexpr std::array kReadOnlyInRequest =
    std::to_array<std::string_view>({"cdn-loop", "content-length", "host", "transfer-encoding", "via"});
constexpr std::array kReadOnlyInResponse =
    std::to_array<std::string_view>({"content-length", "transfer-encoding", "warning", "via"});

bool is_forbidden(std::string_view name) {
  return std::ranges::find(kForbidden, name) != kForbidden.end() || name.starts_with("x-accel-") ||
         name.starts_with("x-amz-cf-") || name == "x-cache" || name.starts_with("x-edge-");
}

// Names with all their values, in the order in which the names came first.
class Grouped {
 public:
  void add(std::string name, object one) {
    const auto [it, is_new] = places_.try_emplace(name, groups_.size());
    if (is_new) groups_.emplace_back(std::move(name), std::vector<object>());
    groups_[it->second].second.push_back(std::move(one));
  }
  // {"name": {"value": the first, "multiValue": [all, if there are several]}}
  object take() {
    object out;
    for (auto& [name, values] : groups_) {
      object entry = values.front();
      if (values.size() > 1) {
        array& all = entry["multiValue"].emplace_array();
        for (object& one : values) all.emplace_back(std::move(one));
      }
      out[name] = std::move(entry);
    }
    return out;
  }

 private:
  std::map<std::string, size_t, std::less<>> places_;
  std::vector<std::pair<std::string, std::vector<object>>> groups_;
};

object one_value(std::string_view text) { return {{"value", text}}; }

std::pair<std::string_view, std::string_view> name_and_value(std::string_view pair) {
  const size_t equals = pair.find('=');
  if (equals == std::string_view::npos) return {pair, {}};
  return {pair.substr(0, equals), pair.substr(equals + 1)};
}

object query_object(std::string_view query) {
  Grouped out;
  split(query, '&', [&](std::string_view pair) {
    const auto [name, text] = name_and_value(pair);
    if (!pair.empty()) out.add(std::string(name), one_value(text));
  });
  return out.take();
}

object cookie_object(const http::Headers& headers) {
  Grouped out;
  for (const std::string_view line : headers.get_all("cookie"))
    split(line, ';', [&](std::string_view pair) {
      const auto [name, text] = name_and_value(http1::trim_ows(pair));
      if (!name.empty()) out.add(std::string(name), one_value(text));
    });
  return out.take();
}

object set_cookie_object(const http::Headers& headers) {
  Grouped out;
  for (const std::string_view line : headers.get_all("set-cookie")) {
    const size_t semicolon = line.find(';');
    const auto [name, text] = name_and_value(http1::trim_ows(line.substr(0, semicolon)));
    object cookie = one_value(text);
    if (semicolon != std::string_view::npos)
      cookie["attributes"] = http1::trim_ows(line.substr(semicolon + 1));
    out.add(std::string(name), std::move(cookie));
  }
  return out.take();
}

object header_object(const http::Headers& headers, std::string_view without) {
  Grouped out;
  for (const http::Header& header : headers) {
    std::string name = ascii_lower(std::string(header.name));
    if (name != without) out.add(std::move(name), one_value(header.value));
  }
  return out.take();
}

object request_object(const http::Request& viewer) {
  http::Headers headers = viewer.headers;
  remove_hop_by_hop(headers);
  object all = header_object(headers, "cookie");
  if (!all.contains("host")) all["host"] = one_value(viewer.authority);
  return {{"method", viewer.method},
          {"uri", viewer.path()},
          {"querystring", query_object(viewer.query())},
          {"headers", std::move(all)},
          {"cookies", cookie_object(viewer.headers)}};
}

object event_object(const FunctionContext& context, const char* type, const http::Request& viewer) {
  return {{"version", "1.0"},
          {"context", object{{"distributionDomainName", context.distribution_domain},
                             {"distributionId", context.distribution_id},
                             {"eventType", type},
                             {"requestId", context.request_id}}},
          {"viewer", object{{"ip", viewer.peer.address}}},
          {"request", request_object(viewer)}};
}

// ---- results ----

bool is_plain(std::string_view text, std::string_view besides) {
  return std::ranges::none_of(text, [&](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || besides.find(c) != std::string_view::npos;
  });
}

// What a function wrote that cannot stand in a request line as it is; percent-encoding stays as it is.
std::string escaped(std::string_view text, std::string_view besides) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F && besides.find(c) == std::string_view::npos) {
      out += c;
    } else {
      out.append({'%', kHex[byte >> 4], kHex[byte & 15]});
    }
  }
  return out;
}

Result<object> parse_result(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = kMaxResultDepth;
  value parsed = boost::json::parse(text, error, {}, options);
  if (error || !parsed.is_object()) return fail("the function's result is not an object");
  return std::move(parsed.get_object());
}

Result<std::string> string_in(const object& from, std::string_view name, const std::string& otherwise) {
  const value* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return otherwise;
  if (!found->is_string()) return fail(std::string(name) + " is not a string");
  return std::string(found->get_string());
}

// Visits each value of each entry of {"name": {"value": .., "multiValue": [{"value": ..}]}}.
template <class Visit>
Result<> each_value(const object& from, std::string_view name, Visit visit) {
  const value* found = from.if_contains(name);
  if (found == nullptr || found->is_null()) return {};
  if (!found->is_object()) return fail(std::string(name) + " is not an object");
  for (const auto& [key, entry] : found->get_object()) {
    if (!entry.is_object()) return fail(std::string(name) + "." + std::string(key) + " is not an object");
    const value* several = entry.get_object().if_contains("multiValue");
    if (several != nullptr && several->is_array() && !several->get_array().empty()) {
      for (const value& one : several->get_array()) {
        if (!one.is_object()) return fail(std::string(name) + ": a multiValue is not an object");
        LF_CHECK(visit(std::string_view(key), one.get_object()));
      }
    } else {
      LF_CHECK(visit(std::string_view(key), entry.get_object()));
    }
  }
  return {};
}

Result<http::Headers> headers_in(const object& from, const http::Headers& before, auto& read_only) {
  http::Headers out;
  LF_CHECK(each_value(from, "headers", [&](std::string_view key, const object& one) -> Result<> {
    const std::string name = ascii_lower(std::string(key));
    LF_TRY(const std::string text, string_in(one, "value", ""));
    if (name.empty() || !http1::is_token(name) || !is_plain(text, ""))
      return fail("the header " + name + " is malformed");
    const bool kept = std::ranges::find(read_only, name) != read_only.end();
    if (kept &&
        text != before.get(name).value_or(name == "host" ? std::string_view(text) : std::string_view()))
      return fail("the header " + name + " is read-only");
    if (is_forbidden(name) && before.get(name) != text) return fail("the header " + name + " is not allowed");
    if (!kept) out.add(name, text);
    return {};
  }));
  for (const std::string_view name : read_only)
    for (const std::string_view text : before.get_all(name)) out.add(name, text);
  return out;
}

Result<> add_set_cookies(const object& from, http::Headers& headers) {
  return each_value(from, "cookies", [&](std::string_view name, const object& one) -> Result<> {
    LF_TRY(const std::string text, string_in(one, "value", ""));
    LF_TRY(const std::string attributes, string_in(one, "attributes", ""));
    if (name.empty() || !is_plain(name, "=; ") || !is_plain(text, ";") || !is_plain(attributes, ""))
      return fail("the cookie " + std::string(name) + " is malformed");
    headers.add("Set-Cookie", std::string(name) + "=" + text + (attributes.empty() ? "" : "; " + attributes));
    return {};
  });
}

Result<std::string> query_in(const object& from) {
  std::string out;
  LF_CHECK(each_value(from, "querystring", [&](std::string_view name, const object& one) -> Result<> {
    LF_TRY(const std::string text, string_in(one, "value", ""));
    if (!is_plain(name, "") || !is_plain(text, "")) return fail("the query string is malformed");
    if (!out.empty()) out += '&';
    out += escaped(name, "&=#");
    if (!text.empty()) out.append("=").append(escaped(text, "&#"));
    return {};
  }));
  return out;
}

// A body is a string, or {"encoding": "text" | "base64", "data": ...}.
Result<std::optional<std::string>> body_in(const object& from) {
  const value* body = from.if_contains("body");
  if (body == nullptr || body->is_null()) return std::nullopt;
  if (body->is_string()) return std::string(body->get_string());
  if (!body->is_object()) return fail("the body is malformed");
  LF_TRY(const std::string encoding, string_in(body->get_object(), "encoding", "text"));
  LF_TRY(const std::string data, string_in(body->get_object(), "data", ""));
  if (encoding == "text") return data;
  if (encoding != "base64") return fail("the body's encoding is unknown");
  LF_TRY(std::string bytes, from_base64(data));
  return bytes;
}

Result<FunctionResponse> response_in(const object& from, const http::Headers& before) {
  const value* status = from.if_contains("statusCode");
  if (status == nullptr || !status->is_int64()) return fail("statusCode is not a number");
  FunctionResponse out{.status = static_cast<int>(status->get_int64())};
  if (status->get_int64() < 200 || status->get_int64() > 599) return fail("statusCode is out of range");
  LF_TRY(out.headers, headers_in(from, before, kReadOnlyInResponse));
  out.headers.remove("set-cookie");
  LF_CHECK(add_set_cookies(from, out.headers));
  LF_TRY(out.body, body_in(from));
  return out;
}

Result<http::Request> request_in(const object& from, const http::Request& viewer) {
  http::Request out{
      .method = viewer.method, .authority = viewer.authority, .version = viewer.version, .peer = viewer.peer};
  LF_TRY(const std::string method, string_in(from, "method", ""));
  if (method != viewer.method) return fail("the method is read-only");
  LF_TRY(const std::string uri, string_in(from, "uri", ""));
  if (!uri.starts_with('/') || !is_plain(uri, "")) return fail("the uri is malformed");
  out.target = escaped(uri, "?#");
  // What it did not touch stays as the viewer wrote it ("a" is not "a=").
  const value* query = from.if_contains("querystring");
  std::string text(viewer.query());
  if (query == nullptr || *query != query_object(viewer.query())) {
    LF_TRY(text, query_in(from));
  }
  if (!text.empty()) out.target += "?" + text;
  if (out.target.size() > kMaxUri) return fail("the uri is too long");
  LF_TRY(out.headers, headers_in(from, viewer.headers, kReadOnlyInRequest));
  out.headers.remove("cookie");
  std::string cookies;
  LF_CHECK(each_value(from, "cookies", [&](std::string_view name, const object& one) -> Result<> {
    LF_TRY(const std::string cookie, string_in(one, "value", ""));
    if (!is_plain(name, "=; ") || !is_plain(cookie, ";")) return fail("a cookie is malformed");
    cookies.append(cookies.empty() ? "" : "; ").append(name).append("=").append(cookie);
    return {};
  }));
  if (!cookies.empty()) out.headers.add("Cookie", cookies);
  return out;
}

}  // namespace

std::string viewer_request_event(const FunctionContext& context, const http::Request& viewer) {
  return boost::json::serialize(event_object(context, "viewer-request", viewer));
}

std::string viewer_response_event(const FunctionContext& context, const http::Request& viewer,
                                  const http::Response& response) {
  object event = event_object(context, "viewer-response", viewer);
  event["response"] = object{{"statusCode", response.status},
                             {"statusDescription", http::reason_phrase(response.status)},
                             {"headers", header_object(response.headers, "set-cookie")},
                             {"cookies", set_cookie_object(response.headers)}};
  return boost::json::serialize(event);
}

Result<RequestVerdict> request_verdict(std::string_view result, const http::Request& viewer) {
  LF_TRY(const object parsed, parse_result(result));
  if (parsed.contains("statusCode")) {
    LF_TRY(FunctionResponse response, response_in(parsed, {}));
    return response;
  }
  LF_TRY(http::Request request, request_in(parsed, viewer));
  return request;
}

Result<FunctionResponse> response_verdict(std::string_view result, const http::Response& response) {
  LF_TRY(const object parsed, parse_result(result));
  return response_in(parsed, response.headers);
}

}  // namespace landfall::cloudfront
