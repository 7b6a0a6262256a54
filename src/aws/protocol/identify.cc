#include "aws/protocol/identify.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "aws/protocol/uri_pattern.h"
#include "base/ascii.h"
#include "codec/uri.h"

namespace landfall::aws {

namespace {

using Services = std::span<const ServiceModel* const>;

// The first value of a form field, without parsing all of a large body.
std::optional<std::string> form_field(std::string_view form, std::string_view name) {
  while (!form.empty()) {
    const size_t end = std::min(form.find('&'), form.size());
    const std::string_view pair = form.substr(0, end);
    form.remove_prefix(std::min(end + 1, form.size()));
    if (!pair.starts_with(name) || pair.size() <= name.size() || pair[name.size()] != '=') continue;
    auto value = codec::percent_decode(pair.substr(name.size() + 1), codec::Plus::is_space);
    if (value) return std::move(*value);
  }
  return std::nullopt;
}

std::optional<std::string> field(const http::Request& request, std::string_view body, std::string_view name) {
  if (auto value = form_field(request.query(), name)) return value;
  return form_field(body, name);
}

// "AKID/20261122/us-east-1/ec2/aws4_request"
std::string service_of_credential(std::string_view credential) {
  for (int i = 0; i < 3; ++i) {
    const size_t slash = credential.find('/');
    if (slash == std::string_view::npos) return {};
    credential.remove_prefix(slash + 1);
  }
  return std::string(credential.substr(0, credential.find('/')));
}

bool is_form(const http::Request& request) {
  const auto type = request.headers.get("Content-Type");
  return type && ascii_lower(*type).starts_with("application/x-www-form-urlencoded");
}

const ServiceModel* by_name(Services services, std::string_view name) {
  for (const ServiceModel* s : services)
    if (s->signing_name == name || s->endpoint_prefix == name || s->name == name) return s;
  return nullptr;
}

const ServiceModel* by_target_prefix(Services services, std::string_view prefix) {
  for (const ServiceModel* s : services)
    if (!s->target_prefix.empty() && s->target_prefix == prefix) return s;
  return nullptr;
}

bool speaks_query(const ServiceModel& s) { return s.speaks(Protocol::query) || s.speaks(Protocol::ec2); }

const ServiceModel* by_query_version(Services services, std::string_view version) {
  for (const ServiceModel* s : services)
    if (speaks_query(*s) && s->api_version == version) return s;
  return nullptr;
}

bool starts_with_version_of(const ServiceModel& s, std::string_view path) {
  return path.starts_with('/') && path.substr(1).starts_with(s.api_version) &&
         path.size() > s.api_version.size() + 1 && path[s.api_version.size() + 1] == '/';
}

// Route 53 and CloudFront begin every path with their version.
const ServiceModel* by_path(Services services, std::string_view path) {
  for (const ServiceModel* s : services)
    if (s->speaks(Protocol::rest_xml) && s->name != "s3" && starts_with_version_of(*s, path)) return s;
  return nullptr;
}

ServiceError not_implemented(const ServiceModel& service, std::string_view operation) {
  ServiceError error(
      "NotImplemented", 501,
      "Landfall does not implement " + std::string(service.name) + ":" + std::string(operation) + " yet.");
  return error;
}

ServiceError unknown_service(std::string_view name) {
  return ServiceError("NotImplemented", 501,
                      "Landfall does not serve the API of '" + std::string(name) + "'.");
}

ServiceError unknown_action(Protocol protocol, std::string_view action, std::string_view version) {
  switch (protocol) {
    case Protocol::ec2:
      return ServiceError("InvalidAction", 400,
                          "The action " + std::string(action) + " is not valid for this web service.");
    case Protocol::query:
      return ServiceError(
          "InvalidAction", 400,
          "Could not find operation " + std::string(action) + " for version " + std::string(version));
    case Protocol::rest_xml:
      return ServiceError("MethodNotAllowed", 405,
                          "The specified method is not allowed against this resource.");
    case Protocol::json_1_0:
    case Protocol::json_1_1:
      return ServiceError("UnknownOperationException", 400, "");
    case Protocol::rpc_v2_cbor:
      return ServiceError("UnknownOperationException", 404, "");
  }
  return ServiceError("InvalidAction", 400, "");
}

// Fills in the operation by its name, or why there is none.
void set_operation(Identified& found, std::string name, std::string_view version = {}) {
  found.operation_name = std::move(name);
  found.operation = found.service->operation(found.operation_name);
  if (found.operation != nullptr) return;
  if (std::ranges::binary_search(found.service->unimplemented, found.operation_name)) {
    found.error = not_implemented(*found.service, found.operation_name);
  } else {
    found.error = unknown_action(found.protocol, found.operation_name, version);
  }
}

// "/service/GraniteServiceVersion20100801/operation/PutMetricData"
bool identify_cbor(Services services, const http::Request& request, Identified& found) {
  const auto protocol = request.headers.get("smithy-protocol");
  if (!protocol || *protocol != "rpc-v2-cbor") return false;
  found.protocol = Protocol::rpc_v2_cbor;
  const auto match = match_uri("/service/{service}/operation/{operation}", request.path(), {});
  found.service = match ? by_target_prefix(services, match->labels[0].second) : nullptr;
  if (found.service == nullptr || !found.service->speaks(Protocol::rpc_v2_cbor)) {
    found.service = nullptr;
    found.error = unknown_action(Protocol::rpc_v2_cbor, {}, {});
  } else {
    set_operation(found, match->labels[1].second);
  }
  return true;
}

// "X-Amz-Target: CertificateManager.RequestCertificate"
bool identify_json(Services services, const http::Request& request, Identified& found) {
  const auto target = request.headers.get("X-Amz-Target");
  if (!target) return false;
  const auto type = request.headers.get("Content-Type");
  found.protocol =
      type && type->find("json-1.0") != std::string_view::npos ? Protocol::json_1_0 : Protocol::json_1_1;
  const size_t dot = std::min(target->rfind('.'), target->size());
  found.service = by_target_prefix(services, target->substr(0, dot));
  if (found.service == nullptr) {
    found.error = unknown_service(target->substr(0, dot));
  } else {
    set_operation(found, std::string(dot < target->size() ? target->substr(dot + 1) : std::string_view()));
  }
  return true;
}

const ServiceModel* query_service(Services services, std::string_view scope, std::string_view host,
                                  std::string_view version) {
  for (const std::string_view name : {scope, host}) {
    const ServiceModel* s = name.empty() ? nullptr : by_name(services, name);
    if (s != nullptr && speaks_query(*s)) return s;
    if (!name.empty()) return nullptr;  // a service that we do not have, or that does not speak query
  }
  return by_query_version(services, version);
}

bool identify_query(Services services, const http::Request& request, std::string_view body,
                    Identified& found) {
  const std::string scope = credential_scope_service(request);
  if (scope == "s3") return false;
  const bool posted_form = request.method == "POST" && is_form(request);
  const auto action = field(request, posted_form ? body : std::string_view(), "Action");
  if (!action && !(posted_form && request.path() == "/")) return false;
  const std::string version = field(request, posted_form ? body : std::string_view(), "Version").value_or("");
  const std::string host = parse_endpoint_name(request.authority).service;
  found.protocol = Protocol::query;
  found.service = query_service(services, scope, host, version);
  if (found.service == nullptr) {
    found.error = unknown_service(!scope.empty() ? scope : !host.empty() ? host : version);
    return true;
  }
  if (found.service->speaks(Protocol::ec2)) found.protocol = Protocol::ec2;
  if (!action) {
    found.error = ServiceError("MissingAction", 400, "Missing Action");
  } else if (found.service->name == "elbv2" && !version.empty() && version != found.service->api_version) {
    // Classic load balancers share the endpoint and have another version of the API.
    found.operation_name = *action;
    found.error = ServiceError("NotImplemented", 501,
                               "Landfall does not implement Classic Load Balancers (" + *action + ").");
  } else {
    set_operation(found, *action, version);
  }
  return true;
}

// How well a route fits; more is better, compared in this order.
using Fit = std::tuple<size_t, bool, size_t, size_t, bool>;

std::optional<Fit> fit(const ServiceModel& service, const RestRoute& route, const Identified& found,
                       const http::Request& request, const codec::Pairs& query) {
  if (route.http_method != request.method) return std::nullopt;
  const auto match = match_uri(route.uri, found.path, query);
  if (!match) return std::nullopt;
  size_t present = 0;
  for (const std::string_view name : route.required_query)
    present += std::ranges::any_of(query, [&](const auto& pair) { return pair.first == name; });
  for (const std::string_view name : route.required_headers) present += request.headers.has(name);
  const bool complete = present == route.required_query.size() + route.required_headers.size();
  return Fit{match->fixed_parameters, complete, match->fixed_segments, present,
             service.operation(route.operation) != nullptr};
}

void identify_rest(Services services, const http::Request& request, Identified& found) {
  found.protocol = Protocol::rest_xml;
  const std::string scope = credential_scope_service(request);
  const EndpointName host = parse_endpoint_name(request.authority);
  if (!scope.empty()) {
    found.service = by_name(services, scope);
  } else if (!host.service.empty()) {
    found.service = by_name(services, host.service);
  } else {
    found.service = by_path(services, request.path());
    if (found.service == nullptr) found.service = by_name(services, "s3");
  }
  if (found.service == nullptr || !found.service->speaks(Protocol::rest_xml)) {
    found.error = unknown_service(!scope.empty() ? scope : host.service);
    found.service = nullptr;
    return;
  }
  found.path = request.path();
  if (found.service->name == "s3" && !host.bucket.empty()) {
    found.bucket_in_host = host.bucket;
    found.path = "/" + codec::percent_encode(host.bucket) + found.path;
  }
  const auto query = codec::parse_form(request.query());
  if (!query) {
    found.error = ServiceError("InvalidURI", 400, "Couldn't parse the specified URI.");
    return;
  }
  const RestRoute* best = nullptr;
  std::optional<Fit> best_fit;
  for (const RestRoute& route : found.service->routes) {
    const auto f = fit(*found.service, route, found, request, *query);
    if (f && (!best_fit || *f > *best_fit)) {
      best = &route;
      best_fit = f;
    }
  }
  if (best != nullptr) {
    set_operation(found, std::string(best->operation));
  } else {
    found.error = unknown_action(Protocol::rest_xml, {}, {});
  }
}

}  // namespace

std::string credential_scope_service(const http::Request& request) {
  if (const auto header = request.headers.get("Authorization")) {
    constexpr std::string_view key = "Credential=";
    const size_t at = header->find(key);
    return at == std::string_view::npos ? std::string()
                                        : service_of_credential(header->substr(at + key.size()));
  }
  const auto credential = form_field(request.query(), "X-Amz-Credential");
  return credential ? service_of_credential(*credential) : std::string();
}

// ec2.us-east-1.amazonaws.com, iam.amazonaws.com, bucket.s3.us-east-1.amazonaws.com,
// bucket.name.s3.amazonaws.com, s3.dualstack.us-east-1.amazonaws.com; and the same before ".localhost".
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
EndpointName parse_endpoint_name(std::string_view authority) {
  std::string name = ascii_lower(authority.substr(0, authority.rfind(':')));
  if (name.ends_with('.')) name.pop_back();
  bool ours = false;
  for (const std::string_view suffix : {".amazonaws.com", ".localhost"}) {
    if (!name.ends_with(suffix)) continue;
    name.resize(name.size() - suffix.size());
    ours = true;
    break;
  }
  if (!ours) return {};
  // The last label that is S3's name: buckets may have dots, and "s3" as a label of their own.
  for (size_t end = name.size(); end > 0;) {
    const size_t dot = name.rfind('.', end - 1);
    const size_t begin = dot == std::string::npos ? 0 : dot + 1;
    const std::string_view label = std::string_view(name).substr(begin, end - begin);
    if (label == "s3" || label.starts_with("s3-"))  // "s3-website-<region>" too: S3 tells them apart
      return {"s3", begin == 0 ? std::string() : name.substr(0, begin - 1)};
    if (dot == std::string::npos) break;
    end = dot;
  }
  return {name.substr(0, name.find('.')), {}};
}

Identified identify(Services services, const http::Request& request, std::string_view body) {
  Identified found;
  if (identify_cbor(services, request, found) || identify_json(services, request, found) ||
      identify_query(services, request, body, found))
    return found;
  identify_rest(services, request, found);
  return found;
}

bool is_s3_request(const http::Request& request) {
  const std::string scope = credential_scope_service(request);
  if (!scope.empty()) return scope == "s3";
  if (request.headers.has("X-Amz-Target") || request.headers.has("smithy-protocol")) return false;
  const EndpointName host = parse_endpoint_name(request.authority);
  if (!host.service.empty()) return host.service == "s3";
  if (form_field(request.query(), "Action")) return false;
  if (request.path() == "/" && request.method == "POST") return false;  // S3's root knows GET only
  // Route 53's and CloudFront's versions: no bucket name ends a date with a slash and a resource of theirs.
  constexpr std::array other_paths = {std::string_view("/2013-04-01/"), std::string_view("/2020-05-31/")};
  return std::ranges::none_of(other_paths, [&](std::string_view p) { return request.path().starts_with(p); });
}

}  // namespace landfall::aws
