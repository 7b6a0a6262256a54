#include "uploads.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <ctime>

#include "transfer.h"

namespace myapp {

namespace {

std::string hex(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string result;
  for (const unsigned char c : bytes) {
    result += kDigits[c >> 4];
    result += kDigits[c & 15];
  }
  return result;
}

std::string sha256_hex(const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  EVP_Digest(text.data(), text.size(), digest, &length, EVP_sha256(), nullptr);
  return hex({reinterpret_cast<char*>(digest), length});
}

std::string hmac(const std::string& key, const std::string& text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
  return {reinterpret_cast<char*>(digest), length};
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm time{};
  gmtime_r(&now, &time);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &time)};
}

// Signature Version 4 of a PUT without a query.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
std::vector<std::string> signed_headers(const std::string& host, const std::string& path,
                                        const std::string& region, const std::string& body,
                                        const Credentials& credentials) {
  const std::string time = utc_now();
  const std::string scope = time.substr(0, 8) + "/" + region + "/s3/aws4_request";
  const std::string body_hash = sha256_hex(body);
  const std::string names = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
  const std::string canonical =
      "PUT\n" + path + "\n\nhost:" + host + "\nx-amz-content-sha256:" + body_hash + "\nx-amz-date:" + time +
      "\nx-amz-security-token:" + credentials.session_token + "\n\n" + names + "\n" + body_hash;
  const std::string to_sign = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256_hex(canonical);
  std::string key = hmac("AWS4" + credentials.secret_access_key, time.substr(0, 8));
  for (const std::string& part : {region, std::string("s3"), std::string("aws4_request")})
    key = hmac(key, part);
  return {"x-amz-content-sha256: " + body_hash, "x-amz-date: " + time,
          "x-amz-security-token: " + credentials.session_token,
          "Authorization: AWS4-HMAC-SHA256 Credential=" + credentials.access_key_id + "/" + scope +
              ", SignedHeaders=" + names + ", Signature=" + hex(hmac(key, to_sign))};
}

}  // namespace

bool Uploads::is_valid_name(const std::string& name) {
  static constexpr char kAllowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= 255 && name[0] != '.' &&
         name.find_first_not_of(kAllowed) == std::string::npos;
}

UploadResult Uploads::put(const std::string& name, const std::string& content_type, const std::string& body) {
  const auto credentials = metadata_.credentials();
  if (!credentials) return {.error = "the metadata service gives this instance no role credentials"};
  const std::string host = bucket_ + ".s3." + region_ + ".amazonaws.com";
  const std::string path = "/uploads/" + name;
  auto headers = signed_headers(host, path, region_, body, *credentials);
  headers.push_back("Content-Type: " + content_type);
  headers.push_back("Expect:");
  const auto answer =
      perform({.method = "PUT", .url = "https://" + host + path, .headers = headers, .body = body});
  if (answer.status == 200) return {.status = 200};
  return {answer.status, answer.error.empty() ? answer.body : answer.error};
}

}  // namespace myapp
