#include "services/s3/dataplane/address.h"

#include <algorithm>

#include "base/ascii.h"
#include "codec/uri.h"

namespace landfall::s3 {
namespace {

std::string lower_without_port(std::string_view host) {
  if (!host.empty() && host.front() == '[') return std::string(host);  // an IPv6 literal names no bucket
  std::string out = ascii_lower(host.substr(0, host.find(':')));
  if (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

// The length of the part of `host` that is S3's own endpoint name, at its end; 0 if it has none.
size_t endpoint_length(std::string_view host) {
  constexpr std::string_view kAws = ".amazonaws.com";
  constexpr std::string_view kLocal[] = {"s3.localhost", "s3.localhost.localstack.cloud"};
  for (std::string_view local : kLocal) {
    if (host == local) return local.size();
    if (host.ends_with(local) && host[host.size() - local.size() - 1] == '.') return local.size();
  }
  if (!host.ends_with(kAws)) return 0;
  // "s3", "s3.<region>", "s3-<region>", "s3.dualstack.<region>" before ".amazonaws.com", whole labels.
  std::string_view rest = host.substr(0, host.size() - kAws.size());
  size_t begin = rest.size();
  for (int labels = 0; labels < 3; ++labels) {
    const size_t dot = begin == 0 ? std::string_view::npos : rest.rfind('.', begin - 1);
    const size_t label_begin = dot == std::string_view::npos ? 0 : dot + 1;
    const std::string_view label = rest.substr(label_begin, begin - label_begin);
    if (label == "s3" || (labels == 0 && label.starts_with("s3-"))) return host.size() - label_begin;
    if (dot == std::string_view::npos) return 0;
    begin = dot;
  }
  return 0;
}

}  // namespace

std::optional<std::string> bucket_in_host(std::string_view host_header) {
  const std::string host = lower_without_port(host_header);
  if (const size_t endpoint = endpoint_length(host)) {
    if (endpoint == host.size()) return std::nullopt;
    return host.substr(0, host.size() - endpoint - 1);
  }
  constexpr std::string_view kLocalhost = ".localhost";
  if (host.ends_with(kLocalhost) && host.size() > kLocalhost.size()) {
    return host.substr(0, host.size() - kLocalhost.size());
  }
  return std::nullopt;
}

bool is_s3_host(std::string_view host) { return endpoint_length(lower_without_port(host)) > 0; }

S3Result<Address> parse_address(std::string_view host, std::string_view path) {
  Address address;
  if (path.empty() || path.front() != '/') return s3_fail("InvalidURI");
  std::string_view rest = path.substr(1);
  if (auto bucket = bucket_in_host(host)) {
    address.bucket = std::move(*bucket);
    address.path = "/" + address.bucket + std::string(path == "/" ? "" : path);
  } else {
    auto decoded = codec::percent_decode(rest.substr(0, rest.find('/')));
    if (!decoded) return s3_fail("InvalidURI");
    address.bucket = std::move(*decoded);
    const size_t slash = rest.find('/');
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    address.path = path;
    if (rest.empty() && address.path.size() > 1 && address.path.back() == '/') address.path.pop_back();
  }
  auto key = codec::percent_decode(rest);
  if (!key || key->find('\0') != std::string::npos) return s3_fail("InvalidURI");
  address.key = std::move(*key);
  if (address.key.size() > kMaxKeyBytes) {
    return std::unexpected(
        with_detail(with_detail(s3_error("KeyTooLongError"), "Size", std::to_string(address.key.size())),
                    "MaxSizeAllowed", std::to_string(kMaxKeyBytes)));
  }
  return address;
}

bool is_valid_bucket_name(std::string_view name) {
  if (name.size() < 3 || name.size() > 63) return false;
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (!alphanumeric(name.front()) || !alphanumeric(name.back())) return false;
  if (name.starts_with("xn--") || name.starts_with("sthree-") || name.ends_with("-s3alias") ||
      name.ends_with("--ol-s3")) {
    return false;
  }
  bool address_like = true;
  size_t dots = 0;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!alphanumeric(c) && c != '-' && c != '.') return false;
    if (c == '.' && name[i - 1] == '.') return false;
    dots += c == '.';
    address_like = address_like && (c == '.' || (c >= '0' && c <= '9'));
  }
  return !(address_like && dots == 3);
}

}  // namespace landfall::s3
