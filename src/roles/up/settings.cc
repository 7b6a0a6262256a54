#include "roles/up/settings.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "base/random.h"
#include "base/unique_fd.h"

namespace landfall::roles {

namespace json = boost::json;

namespace {

Result<json::object> parse_object(const std::string& path, const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  if (error || !value.is_object()) return fail(path + ": not a JSON object");
  return std::move(value.as_object());
}

std::string text_of(const json::object& object, std::string_view key, std::string fallback = {}) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->as_string()) : fallback;
}

// The person behind sudo may read the credentials: `landfall env` then works without it.
// IAM's access key ids: AKIA and 16 characters of base32; secrets: 40 of base64's alphabet.
std::string generated_credentials() {
  static constexpr char kBase32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  static constexpr char kBase64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return json::serialize(json::object{{"access_key_id", "AKIA" + Random::system().from(kBase32, 16)},
                                      {"secret_access_key", Random::system().from(kBase64, 40)}}) +
         "\n";
}

struct Range {
  uint32_t network;
  int prefix;
};

std::optional<Range> parse_range(const std::string& cidr) {
  const size_t slash = cidr.find('/');
  in_addr address{};
  if (slash == std::string::npos || inet_pton(AF_INET, cidr.substr(0, slash).c_str(), &address) != 1)
    return {};
  char* end = nullptr;
  const long prefix = std::strtol(cidr.c_str() + slash + 1, &end, 10);
  if (*end || prefix < 8 || prefix > 22) return {};
  return Range{ntohl(address.s_addr), static_cast<int>(prefix)};
}

}  // namespace

uint32_t operator_uid() {
  const char* text = ::geteuid() == 0 ? std::getenv("SUDO_UID") : nullptr;
  return text ? static_cast<uint32_t>(std::strtoul(text, nullptr, 10)) : ::geteuid();
}

Result<std::string> read_file(const std::string& path) {
  UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno("open " + path);
  std::string content;
  char buffer[8192];
  for (;;) {
    const ssize_t count = ::read(fd.get(), buffer, sizeof buffer);
    if (count < 0) return fail_errno("read " + path);
    if (count == 0) return content;
    content.append(buffer, static_cast<size_t>(count));
  }
}

Result<> replace_file(const std::string& path, std::string_view content, FileOwner owner) {
  const std::string beside = path + ".new";
  ::unlink(beside.c_str());
  UniqueFd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail_errno("create " + beside);
  if (::write(fd.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    return fail_errno("write " + beside);
  if (::fchown(fd.get(), owner.uid, owner.gid) != 0) return fail_errno("chown " + beside);
  if (::fchmod(fd.get(), owner.mode) != 0) return fail_errno("chmod " + beside);
  if (::fsync(fd.get()) != 0) return fail_errno("fsync " + beside);
  if (::rename(beside.c_str(), path.c_str()) != 0) return fail_errno("rename to " + path);
  return {};
}

Result<std::optional<Settings>> load_settings(const Layout& layout) {
  auto text = read_file(layout.settings());
  if (!text && text.error().error_number == ENOENT) return std::optional<Settings>{};
  if (!text) return std::unexpected(text.error());
  LF_TRY(json::object object, parse_object(layout.settings(), *text));
  Settings settings;
  settings.region = text_of(object, "region", settings.region);
  settings.account_id = text_of(object, "account_id", settings.account_id);
  settings.public_cidr = text_of(object, "public_cidr", settings.public_cidr);
  if (const json::value* port = object.if_contains("api_port"); port && port->is_int64())
    settings.api_port = static_cast<uint16_t>(port->as_int64());
  settings.auth = text_of(object, "auth") == "any" ? AuthMode::any : AuthMode::enforce;
  return settings;
}

Result<> store_settings(const Layout& layout, const Settings& settings) {
  const json::object object{{"region", settings.region},
                            {"account_id", settings.account_id},
                            {"public_cidr", settings.public_cidr},
                            {"api_port", settings.api_port},
                            {"auth", settings.auth == AuthMode::any ? "any" : "enforce"}};
  return replace_file(layout.settings(), json::serialize(object) + "\n", {});
}

Result<> validate(const Settings& settings) {
  if (settings.account_id.size() != 12 ||
      settings.account_id.find_first_not_of("0123456789") != std::string::npos)
    return fail("--account: an AWS account id is 12 digits, not \"" + settings.account_id + "\"");
  if (settings.region.empty() ||
      settings.region.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != std::string::npos)
    return fail("--region: \"" + settings.region + "\" is no region's name");
  if (!parse_range(settings.public_cidr))
    return fail("--public-cidr: an IPv4 range of /8 to /22, as 127.77.0.0/16, not \"" + settings.public_cidr +
                "\"");
  if (settings.api_port == 0) return fail("--api-port: 0 is no port");
  return {};
}

Result<RootCredentials> load_root_credentials(const std::string& file) {
  LF_TRY(const std::string text, read_file(file));
  LF_TRY(const json::object object, parse_object(file, text));
  RootCredentials credentials{text_of(object, "access_key_id"), Secret(text_of(object, "secret_access_key"))};
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty())
    return fail(file + ": no access_key_id or secret_access_key in it");
  return credentials;
}

Result<> ensure_root_credentials(const Layout& layout, const Users& users) {
  auto existing = read_file(layout.credentials());
  if (!existing && existing.error().error_number != ENOENT) return std::unexpected(existing.error());
  if (!existing) {
    existing = generated_credentials();
    LF_CHECK(replace_file(layout.credentials(), *existing, {.uid = operator_uid(), .mode = 0600}));
  }
  return replace_file(layout.control_root_credentials(), *existing,
                      {.uid = users.control, .gid = users.control, .mode = 0600});
}

}  // namespace landfall::roles
