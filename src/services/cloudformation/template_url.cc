#include "services/cloudformation/template_url.h"

#include <algorithm>

#include "gateway/call.h"

namespace landfall::cloudformation {
namespace {

[[noreturn]] void unsupported() {
  throw ServiceError("ValidationError", 400, "TemplateURL must be a supported URL.");
}

// It becomes the target of a request: a space or the end of a line would make it another request.
bool is_printable(std::string_view url) {
  return std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// RFC 3986 section 3.2: the authority ends at a question or number sign, too.
bool is_host(std::string_view host) { return host.find_first_of("?#@\\%") == std::string_view::npos; }

bool is_this_machine(std::string_view host) {
  return host == "localhost" ||
         (!host.empty() && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// The bucket that a name of S3's begins with; empty where the path has it.
std::string_view bucket_in(std::string_view host) {
  constexpr std::string_view kAmazon = ".amazonaws.com";
  if (is_this_machine(host)) return "";
  if (!host.ends_with(kAmazon)) unsupported();
  host.remove_suffix(kAmazon.size());
  if (host == "s3" || host.starts_with("s3.") || host.starts_with("s3-")) return "";
  for (const std::string_view service : {".s3.", ".s3-"})
    if (const size_t at = host.rfind(service); at != std::string_view::npos && at > 0)
      return host.substr(0, at);
  if (host.ends_with(".s3") && host.size() > 3) return host.substr(0, host.size() - 3);
  unsupported();
}

}  // namespace

TemplatePlace place_of(std::string_view url) {
  if (!is_printable(url)) unsupported();
  for (const std::string_view scheme : {"https://", "http://"})
    if (url.starts_with(scheme)) {
      url.remove_prefix(scheme.size());
      const size_t slash = url.find('/');
      if (slash == std::string_view::npos) unsupported();
      const std::string_view authority = url.substr(0, slash),
                             host = authority.substr(0, authority.find(':'));
      if (!is_host(host)) unsupported();
      std::string_view path = url.substr(slash);
      TemplatePlace place;
      if (const size_t question = path.find('?'); question != std::string_view::npos) {
        place.query = path.substr(question + 1);
        path = path.substr(0, question);
      }
      if (!place.query.empty() && !place.query.starts_with("versionId=")) unsupported();
      const std::string_view bucket = bucket_in(host);
      place.path = (bucket.empty() ? "" : "/" + std::string(bucket)) + std::string(path);
      const size_t key = place.path.find('/', 1);
      if (key == std::string::npos || key == 1 || key + 1 == place.path.size()) unsupported();
      return place;
    }
  unsupported();
}

}  // namespace landfall::cloudformation
