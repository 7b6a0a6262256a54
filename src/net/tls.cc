#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>

namespace landfall::net {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* p) const {
    Free(p);
  }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;

// Mozilla "intermediate" without the CBC suites.
constexpr const char* kForwardSecretAead =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

Bio read_bio(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

int version_number(TlsVersion version) {
  return version == TlsVersion::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION;
}

constexpr unsigned char kH2AndHttp1[] = "\x02h2\x08http/1.1";
constexpr unsigned char kHttp1[] = "\x08http/1.1";

// RFC 7301 section 3.2: the server's preference; no overlap is answered as if ALPN were absent, as most
// servers do.
template <auto& Protocols>
int select_alpn(SSL*, const unsigned char** out, unsigned char* out_length, const unsigned char* in,
                unsigned in_length, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_length, Protocols, sizeof Protocols - 1, in, in_length) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

const std::array<unsigned char, 80>& ticket_keys() {
  static const auto keys = [] {
    std::array<unsigned char, 80> made;
    LF_INVARIANT(RAND_bytes(made.data(), made.size()) == 1);
    return made;
  }();
  return keys;
}

// What every context gets. SSL writes with write(2), which would raise SIGPIPE: a closed peer is an error
// value here.
Result<TlsContext> new_context(const SSL_METHOD* method) {
  static const auto ignored = std::signal(SIGPIPE, SIG_IGN);
  (void)ignored;
  TlsContext context(SSL_CTX_new(method), SSL_CTX_free);
  if (!context) return fail(take_tls_error("SSL_CTX_new"));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  // No renegotiation: it lets a client make us work; RFC 8446 has none. An EOF without close_notify is a
  // plain EOF here: HTTP's own framing tells a cut message.
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_read_ahead(context.get(), 1);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

void make_server(SSL_CTX* context) {
  auto keys = ticket_keys();
  SSL_CTX_set_tlsext_ticket_keys(context, keys.data(), keys.size());
  static constexpr unsigned char kSessionContext[] = "landfall";
  SSL_CTX_set_session_id_context(context, kSessionContext, sizeof kSessionContext - 1);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
}

Result<> use_chain(SSL_CTX* context, std::string_view chain_pem) {
  Bio bio = read_bio(chain_pem);
  Certificate leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!leaf) return fail(take_tls_error("read the certificate"));
  if (SSL_CTX_use_certificate(context, leaf.get()) != 1) return fail(take_tls_error("use the certificate"));
  SSL_CTX_clear_chain_certs(context);
  while (Certificate next{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
      return fail(take_tls_error("use the certificate chain"));
  ERR_clear_error();  // the end of the text is reported as an error
  return {};
}

Result<> use_key(SSL_CTX* context, const Secret& key_pem) {
  Bio bio = read_bio(key_pem.reveal());
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
  if (!key) return fail(take_tls_error("read the private key"));
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return fail(take_tls_error("the private key does not belong to the certificate"));
  return {};
}

// RFC 6066 section 3; the extension's bytes come checked for nothing.
std::string server_name_of(SSL* ssl) {
  const unsigned char* data = nullptr;
  size_t size = 0;
  if (SSL_client_hello_get0_ext(ssl, TLSEXT_TYPE_server_name, &data, &size) != 1) return {};
  if (size < 5 || static_cast<size_t>(data[0] << 8 | data[1]) != size - 2) return {};
  if (data[2] != TLSEXT_NAMETYPE_host_name) return {};
  const size_t length = static_cast<size_t>(data[3] << 8 | data[4]);
  if (length > size - 5 || length > TLSEXT_MAXLEN_host_name) return {};
  std::string name(reinterpret_cast<const char*>(data + 5), length);
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

int on_client_hello(SSL* ssl, int* alert, void* argument) {
  const auto& chooser = *static_cast<const ServerNameChooser*>(argument);
  const TlsContext chosen = chooser(server_name_of(ssl));
  if (!chosen) {
    *alert = SSL_AD_UNRECOGNIZED_NAME;
    return SSL_CLIENT_HELLO_ERROR;
  }
  // Takes a reference. It changes certificate, ALPN and TLS 1.2 ciphers; the versions are the connection's
  // own.
  SSL_set_SSL_CTX(ssl, chosen.get());
  SSL_set_min_proto_version(ssl, static_cast<int>(SSL_CTX_get_min_proto_version(chosen.get())));
  SSL_set_max_proto_version(ssl, static_cast<int>(SSL_CTX_get_max_proto_version(chosen.get())));
  return SSL_CLIENT_HELLO_SUCCESS;
}

}  // namespace

std::string take_tls_error(std::string_view what) {
  char text[256] = "unknown error";
  if (const unsigned long code = ERR_get_error(); code != 0) ERR_error_string_n(code, text, sizeof text);
  ERR_clear_error();
  return std::string(what) + ": " + text;
}

Result<TlsContext> make_server_tls(const ServerTlsOptions& options) {
  LF_TRY(TlsContext context, new_context(TLS_server_method()));
  make_server(context.get());
  SSL_CTX_set_min_proto_version(context.get(), version_number(options.minimum));
  SSL_CTX_set_max_proto_version(context.get(), version_number(options.maximum));
  const char* ciphers = options.tls12_ciphers.empty() ? kForwardSecretAead : options.tls12_ciphers.c_str();
  if (SSL_CTX_set_cipher_list(context.get(), ciphers) != 1) return fail(take_tls_error("cipher list"));
  LF_CHECK(use_chain(context.get(), options.chain_pem));
  LF_CHECK(use_key(context.get(), options.key_pem));
  if (options.alpn == Alpn::h2_and_http_1_1)
    SSL_CTX_set_alpn_select_cb(context.get(), select_alpn<kH2AndHttp1>, nullptr);
  else
    SSL_CTX_set_alpn_select_cb(context.get(), select_alpn<kHttp1>, nullptr);
  return context;
}

Result<TlsContext> make_choosing_tls(const ServerNameChooser* chooser) {
  LF_TRY(TlsContext context, new_context(TLS_server_method()));
  make_server(context.get());
  SSL_CTX_set_client_hello_cb(context.get(), on_client_hello, const_cast<ServerNameChooser*>(chooser));
  return context;
}

Result<TlsContext> make_client_tls(const ClientTlsOptions& options) {
  LF_TRY(TlsContext context, new_context(TLS_client_method()));
  if (options.verify == VerifyPeer::yes) {
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (options.ca_pem.empty()) {
      if (SSL_CTX_set_default_verify_paths(context.get()) != 1)
        return fail(take_tls_error("the system's roots"));
    } else {
      Bio bio = read_bio(options.ca_pem);
      X509_STORE* store = SSL_CTX_get_cert_store(context.get());
      while (Certificate root{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)})
        if (X509_STORE_add_cert(store, root.get()) != 1) return fail(take_tls_error("trust a root"));
      ERR_clear_error();
    }
  }
  if (options.alpn == Alpn::h2_and_http_1_1)
    SSL_CTX_set_alpn_protos(context.get(), kH2AndHttp1, sizeof kH2AndHttp1 - 1);
  return context;
}

Result<std::vector<std::string>> certificate_names(std::string_view chain_pem) {
  Bio bio = read_bio(chain_pem);
  Certificate leaf(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (!leaf) return fail(take_tls_error("read the certificate"));
  std::vector<std::string> names;
  const auto take = [&names](const ASN1_STRING* text) {
    std::string name(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                     static_cast<size_t>(ASN1_STRING_length(text)));
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    names.push_back(std::move(name));
  };
  auto* alternatives =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(leaf.get(), NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives, i);
    if (name->type == GEN_DNS) take(name->d.dNSName);
  }
  GENERAL_NAMES_free(alternatives);
  if (names.empty()) {
    X509_NAME* subject = X509_get_subject_name(leaf.get());
    if (int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1); at >= 0)
      take(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  }
  return names;
}

bool name_matches(std::string_view pattern, std::string_view server_name) {
  if (!pattern.starts_with("*.")) return pattern == server_name;
  const size_t dot = server_name.find('.');
  return dot != std::string_view::npos && dot > 0 && server_name.substr(dot) == pattern.substr(1);
}

}  // namespace landfall::net
