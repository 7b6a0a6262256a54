// TLS contexts, made from PEM texts, for both sides. OpenSSL 3; TLS 1.2 and 1.3 only.
//
// Threads: an SSL_CTX, once made, may be used by several loops. Session tickets are sealed with a key that
// all contexts of this process share, so that a client resumes on whichever worker it lands; it dies with the
// process.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/secret.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_st SSL;

namespace landfall::net {

using TlsContext = std::shared_ptr<SSL_CTX>;

enum class TlsVersion { tls_1_2, tls_1_3 };
enum class Alpn { http_1_1, h2_and_http_1_1 };

struct ServerTlsOptions {
  std::string chain_pem;  // leaf first
  Secret key_pem;
  Alpn alpn = Alpn::h2_and_http_1_1;
  TlsVersion minimum = TlsVersion::tls_1_2;
  TlsVersion maximum = TlsVersion::tls_1_3;
  std::string tls12_ciphers;  // OpenSSL's names; empty: forward-secret AEAD suites
};
Result<TlsContext> make_server_tls(const ServerTlsOptions& options);

enum class VerifyPeer : bool { no, yes };

struct ClientTlsOptions {
  VerifyPeer verify = VerifyPeer::yes;
  std::string ca_pem;  // trusted roots; empty: the system's
  Alpn alpn = Alpn::http_1_1;
};
Result<TlsContext> make_client_tls(const ClientTlsOptions& options);

// Called once per ClientHello with the server name (lower case; empty if there is none). The context returned
// supplies certificate, key, versions and ciphers; nullptr refuses with unrecognized_name.
using ServerNameChooser = std::function<TlsContext(std::string_view server_name)>;

// The context a listener accepts with: it has no certificate of its own and asks `chooser`, which must live
// as long as it.
Result<TlsContext> make_choosing_tls(const ServerNameChooser* chooser);

// Names that a PEM chain's leaf is valid for: DNS subject alternative names, else the common name. Lower
// case.
Result<std::vector<std::string>> certificate_names(std::string_view chain_pem);

// RFC 6125: exact, or "*." for exactly one leftmost label. Both lower case.
bool name_matches(std::string_view pattern, std::string_view server_name);

std::string take_tls_error(
    std::string_view what);  // "what: the oldest of this thread's OpenSSL errors"; clears them

}  // namespace landfall::net
