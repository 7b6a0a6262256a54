// A viewer's query string and Cookie header on a guarded behaviour, and a policy that a key's owner wrote.
#include "services/cloudfront/dataplane/signed_content.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace landfall::cloudfront;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  static const SignerKeys keys =
      *signer_keys({{.id = "K1",
                     .pem = "-----BEGIN PUBLIC KEY-----\n"
                            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8vPEbyHycSbAM7fB4b4RD7J5FNzh\n"
                            "3YuHBkg/cq7F68yjeHoqGqkbrZIq3ksplwOT4IHYL3vresDRE+A07MolyQ==\n"
                            "-----END PUBLIC KEY-----\n"}});
  BehaviorSnapshot behavior{.signer_key_ids = {"K1"}};
  landfall::http::Headers headers;
  headers.add("Cookie", bytes);
  const GuardedRequest by_url{
      .host = "a.test", .path = "/a", .query = bytes, .fields = headers, .address = "10.0.0.1"};
  (void)admission(by_url, behavior, keys, {});
  const GuardedRequest by_cookie{
      .host = "a.test", .path = bytes, .query = "", .fields = headers, .address = "10.0.0.1"};
  (void)admission(by_cookie, behavior, keys, {});
  (void)judge_policy(bytes, "https://a.test/a?b=c", "10.0.0.1", {});
  if (const auto decoded = from_signing_base64(bytes))
    (void)judge_policy(*decoded, "https://a.test/a", "::1", {});
  (void)without_signing_parameters(bytes);
  return 0;
}
