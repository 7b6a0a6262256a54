#include "services/cloudfront/dataplane/signed_content.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/encoding.h"
#include "codec/http1_field.h"
#include "services/cloudfront/dataplane/split.h"

namespace landfall::cloudfront {
namespace {

namespace json = boost::json;

constexpr std::array kParameters =
    std::to_array<std::string_view>({"Expires", "Policy", "Signature", "Key-Pair-Id"});
constexpr std::array kCookies = std::to_array<std::string_view>(
    {"CloudFront-Expires", "CloudFront-Policy", "CloudFront-Signature", "CloudFront-Key-Pair-Id"});
constexpr size_t kMaxPolicyBytes = 16 * 1024;  // a URL and a cookie are shorter
constexpr size_t kMaxPolicyDepth = 8;

// In the order of kParameters and kCookies; views into the request.
struct Credentials {
  std::array<std::optional<std::string_view>, 4> values;
  std::string_view expires() const { return values[0].value_or(""); }
  std::string_view policy() const { return values[1].value_or(""); }
  std::string_view signature() const { return values[2].value_or(""); }
  std::string_view key() const { return values[3].value_or(""); }
  bool any() const {
    return std::ranges::any_of(values, [](const auto& value) { return value.has_value(); });
  }
  // The first of a name counts.
  void take(std::string_view pair, const std::array<std::string_view, 4>& names) {
    const size_t equals = pair.find('=');
    const auto it = std::ranges::find(names, pair.substr(0, equals));
    if (it == names.end()) return;
    auto& value = values[static_cast<size_t>(it - names.begin())];
    if (!value) value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
  }
};

Credentials credentials_of(const GuardedRequest& request) {
  Credentials found;
  split(request.query, '&', [&](std::string_view pair) { found.take(pair, kParameters); });
  if (found.any()) return found;
  request.fields.each("cookie", [&](std::string_view line) {
    split(line, ';', [&](std::string_view pair) { found.take(http1::trim_ows(pair), kCookies); });
  });
  return found;
}

// RSASSA-PKCS1-v1_5, or ECDSA, with SHA-1: what CloudFront's signers make.
bool is_signature_of(const std::shared_ptr<evp_pkey_st>& key, std::string_view text,
                     std::string_view signature) {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool good =
      context != nullptr && EVP_DigestVerifyInit(context, nullptr, EVP_sha1(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context, reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                       reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1;
  EVP_MD_CTX_free(context);
  if (!good) ERR_clear_error();
  return good;
}

std::optional<int64_t> epoch_seconds(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::string url_of(const GuardedRequest& request) {
  std::string url = request.tls ? "https://" : "http://";
  url.append(request.host).append(request.path);
  if (const std::string query = without_signing_parameters(request.query); !query.empty())
    url.append("?").append(query);
  return url;
}

// {"AWS:EpochTime": N} of a condition.
std::optional<int64_t> epoch_of(const json::value& condition) {
  const json::object* object = condition.if_object();
  const json::value* time = object == nullptr ? nullptr : object->if_contains("AWS:EpochTime");
  if (time == nullptr || object->size() != 1) return std::nullopt;
  if (const int64_t* seconds = time->if_int64()) return *seconds;
  if (const json::string* text = time->if_string()) return epoch_seconds(*text);
  return std::nullopt;
}

std::optional<uint32_t> ipv4(std::string_view text) {
  in_addr address{};
  if (::inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

// "192.0.2.0/24" or one address. nullopt: neither. CloudFront knows IPv4 here only.
std::optional<bool> is_within(std::string_view address, std::string_view range) {
  const size_t slash = range.find('/');
  const auto network = ipv4(range.substr(0, slash));
  int bits = 32;
  if (slash != std::string_view::npos) {
    const std::string_view digits = range.substr(slash + 1);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (error != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > 32)
      return std::nullopt;
  }
  if (!network) return std::nullopt;
  const uint32_t mask = bits == 0 ? 0 : ~uint32_t{0} << (32 - bits);
  const auto viewer = ipv4(address);
  return viewer && (*viewer & mask) == (*network & mask);
}

struct PolicyView {
  const json::value *before = nullptr, *after = nullptr, *source = nullptr, *resource = nullptr;
};

// {"Statement": [{"Resource": ..., "Condition": {...}}]}: one statement, nothing that is not known.
std::optional<PolicyView> view_of(const json::value& document) {
  const json::object* top = document.if_object();
  const json::value* statements = top == nullptr ? nullptr : top->if_contains("Statement");
  const json::array* list = statements == nullptr ? nullptr : statements->if_array();
  if (list == nullptr || list->size() != 1) return std::nullopt;
  const json::object* statement = list->front().if_object();
  const json::value* found = statement == nullptr ? nullptr : statement->if_contains("Condition");
  const json::object* condition = found == nullptr ? nullptr : found->if_object();
  if (condition == nullptr) return std::nullopt;
  PolicyView view{.before = condition->if_contains("DateLessThan"),
                  .after = condition->if_contains("DateGreaterThan"),
                  .source = condition->if_contains("IpAddress"),
                  .resource = statement->if_contains("Resource")};
  const size_t known = (view.before != nullptr) + (view.after != nullptr) + (view.source != nullptr);
  if (view.before == nullptr || known != condition->size()) return std::nullopt;
  return view;
}

void exclude(Selection& selection, const std::array<std::string_view, 4>& names) {
  if (selection.mode == "whitelist") {
    std::erase_if(selection.names,
                  [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
    return;
  }
  if (selection.mode == "none") return;
  if (selection.mode == "all") selection = {.mode = "allExcept", .names = {}};
  selection.names.insert(selection.names.end(), names.begin(), names.end());
}

}  // namespace

Result<SignerKeys> signer_keys(const std::vector<PublicKeySnapshot>& keys) {
  SignerKeys out;
  for (const PublicKeySnapshot& key : keys) {
    BIO* bio = BIO_new_mem_buf(key.pem.data(), static_cast<int>(key.pem.size()));
    EVP_PKEY* parsed = PEM_read_bio_PUBKEY(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    ERR_clear_error();
    if (parsed == nullptr) return fail("public key " + key.id + " is not PEM");
    out[key.id] = std::shared_ptr<evp_pkey_st>(parsed, EVP_PKEY_free);
  }
  return out;
}

Result<std::string> from_signing_base64(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    if (c == '+' || c == '=' || c == '/') return fail("not in CloudFront's alphabet");
    c = c == '-' ? '+' : c == '_' ? '=' : c == '~' ? '/' : c;
  }
  return from_base64(standard);
}

Admission judge_policy(std::string_view policy, std::string_view url, std::string_view address,
                       Timestamp now) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMaxPolicyDepth;
  const json::value document = json::parse(policy, error, {}, options);
  if (error) return Admission::malformed_policy;
  const auto view = view_of(document);
  if (!view) return Admission::malformed_policy;
  const auto before = epoch_of(*view->before);
  const auto after = view->after == nullptr ? std::optional<int64_t>(0) : epoch_of(*view->after);
  if (!before || !after) return Admission::malformed_policy;
  if (view->resource != nullptr && !view->resource->is_string()) return Admission::malformed_policy;
  if (view->source != nullptr) {
    const json::object* source = view->source->if_object();
    const json::value* range = source == nullptr ? nullptr : source->if_contains("AWS:SourceIp");
    if (range == nullptr || !range->is_string()) return Admission::malformed_policy;
    const auto within = is_within(address, range->get_string());
    if (!within) return Admission::malformed_policy;
    if (!*within) return Admission::denied;
  }
  const int64_t seconds = now.unix_ms / 1000;
  if (seconds >= *before || seconds < *after) return Admission::denied;
  // Without a Resource it is for everything that the distribution has.
  if (view->resource != nullptr && !wildcard_matches(view->resource->get_string(), url))
    return Admission::denied;
  return Admission::admitted;
}

Admission admission(const GuardedRequest& request, const BehaviorSnapshot& behavior, const SignerKeys& keys,
                    Timestamp now) {
  const Credentials with = credentials_of(request);
  if (with.key().empty()) return Admission::missing_key;
  const auto key = keys.find(with.key());
  if (key == keys.end() ||
      std::ranges::find(behavior.signer_key_ids, with.key()) == behavior.signer_key_ids.end())
    return Admission::unknown_key;
  if (with.signature().empty()) return Admission::missing_signature;
  const auto signature = from_signing_base64(with.signature());
  if (!signature) return Admission::malformed_signature;
  const std::string url = url_of(request);
  if (!with.policy().empty()) {
    if (with.policy().size() > kMaxPolicyBytes) return Admission::malformed_policy;
    const auto policy = from_signing_base64(with.policy());
    if (!policy) return Admission::malformed_policy;
    if (!is_signature_of(key->second, *policy, *signature)) return Admission::denied;
    return judge_policy(*policy, url, request.address, now);
  }
  if (with.expires().empty()) return Admission::missing_policy;
  const auto expires = epoch_seconds(with.expires());
  if (!expires) return Admission::malformed_policy;
  if (now.unix_ms / 1000 >= *expires) return Admission::denied;
  // The canned policy, exactly as signers write it.
  const std::string canned =
      "{\"Statement\":[{\"Resource\":\"" + url +
      "\",\"Condition\":{\"DateLessThan\":{\"AWS:EpochTime\":" + std::to_string(*expires) + "}}}]}";
  return is_signature_of(key->second, canned, *signature) ? Admission::admitted : Admission::denied;
}

std::string admission_error(Admission why) {
  const auto error = [](std::string_view code, std::string_view message) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + std::string(code) +
           "</Code><Message>" + std::string(message) + "</Message></Error>";
  };
  switch (why) {
    case Admission::missing_key:
      return error("MissingKey", "Missing Key-Pair-Id query parameter or cookie value");
    case Admission::unknown_key:
      return error("InvalidKey", "Unknown Key");
    case Admission::missing_signature:
      return error("MissingSignature", "Missing Signature query parameter or cookie value");
    case Admission::malformed_signature:
      return error("MalformedSignature", "Could not unencode Signature");
    case Admission::missing_policy:
      return error("MissingPolicy", "Missing Policy or Expires query parameter or cookie value");
    case Admission::malformed_policy:
      return error("MalformedPolicy", "Malformed Policy");
    case Admission::denied:
    case Admission::admitted:
      break;
  }
  return error("AccessDenied", "Access denied");
}

std::string without_signing_parameters(std::string_view query) {
  std::string out;
  split(query, '&', [&](std::string_view pair) {
    if (std::ranges::find(kParameters, pair.substr(0, pair.find('='))) != kParameters.end()) return;
    if (!out.empty()) out += '&';
    out += pair;
  });
  return out;
}

void remove_signing_parameters(BehaviorSnapshot& behavior) {
  exclude(behavior.key_query, kParameters);
  exclude(behavior.forward_query, kParameters);
  exclude(behavior.key_cookies, kCookies);
  exclude(behavior.forward_cookies, kCookies);
}

}  // namespace landfall::cloudfront
