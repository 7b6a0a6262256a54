#include "services/acm/ca.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"
#include "services/acm/openssl_ptr.h"

namespace landfall::acm {
namespace {

struct Algorithm {
  KeyAlgorithm id;
  std::string_view name;
  int rsa_bits;
  int curve;
};
constexpr Algorithm kAlgorithms[] = {
    {KeyAlgorithm::rsa_1024, "RSA_1024", 1024, 0},
    {KeyAlgorithm::rsa_2048, "RSA_2048", 2048, 0},
    {KeyAlgorithm::rsa_3072, "RSA_3072", 3072, 0},
    {KeyAlgorithm::rsa_4096, "RSA_4096", 4096, 0},
    {KeyAlgorithm::ec_prime256v1, "EC_prime256v1", 0, NID_X9_62_prime256v1},
    {KeyAlgorithm::ec_secp384r1, "EC_secp384r1", 0, NID_secp384r1},
    {KeyAlgorithm::ec_secp521r1, "EC_secp521r1", 0, NID_secp521r1},
};

const Algorithm& details(KeyAlgorithm id) {
  return *std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms), [&](auto& a) { return a.id == id; });
}

Result<KeyPtr> make_key(KeyAlgorithm id) {
  const Algorithm& algorithm = details(id);
  KeyContextPtr context(EVP_PKEY_CTX_new_id(algorithm.curve ? EVP_PKEY_EC : EVP_PKEY_RSA, nullptr));
  if (!context || EVP_PKEY_keygen_init(context.get()) <= 0) return fail_openssl("key generation");
  const int set = algorithm.curve ? EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context.get(), algorithm.curve)
                                  : EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), algorithm.rsa_bits);
  EVP_PKEY* key = nullptr;
  if (set <= 0 || EVP_PKEY_keygen(context.get(), &key) <= 0) return fail_openssl("key generation");
  return KeyPtr(key);
}

Result<Secret> key_to_pem(EVP_PKEY* key) {
  BioPtr bio = memory_bio();
  if (!PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr)) {
    return fail_openssl("write a key");
  }
  return Secret(take_text(bio.get()));
}

Result<std::string> certificate_to_pem(X509* certificate) {
  BioPtr bio = memory_bio();
  if (!PEM_write_bio_X509(bio.get(), certificate)) return fail_openssl("write a certificate");
  return take_text(bio.get());
}

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  if (!extension) return false;
  const bool added = X509_add_ext(certificate, extension, -1) == 1;
  X509_EXTENSION_free(extension);
  return added;
}

bool is_address(const std::string& name) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, name.c_str(), bytes) == 1 || inet_pton(AF_INET6, name.c_str(), bytes) == 1;
}

std::string subject_alternative_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    out += fmt::format("{}{}:{}", out.empty() ? "" : ",", is_address(name) ? "IP" : "DNS", name);
  }
  return out;
}

// X509V3_EXT_conf_nid() reads a small language: nothing but names may get into it.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.size() <= 253 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.*:") ==
             std::string::npos &&
         (is_address(name) || name.find(':') == std::string::npos);
}

bool add_name(X509_NAME* name, const char* field, const std::string& value) {
  return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(value.data()),
                                    static_cast<int>(value.size()), -1, 0) == 1;
}

struct Validity {
  int64_t from, to;  // seconds since 1970
};

// Version 3, a random serial number (RFC 5280 section 4.1.2.2: positive, at most 20 octets), validity, key.
Result<CertPtr> blank_certificate(EVP_PKEY* key, const Validity& validity) {
  CertPtr out(X509_new());
  std::string serial = Random::system().bytes(16);
  serial[0] = static_cast<char>((serial[0] & 0x7f) | 0x40);
  BIGNUM* number = BN_bin2bn(reinterpret_cast<const unsigned char*>(serial.data()), 16, nullptr);
  const bool made = number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(out.get())) &&
                    X509_set_version(out.get(), X509_VERSION_3) == 1 &&
                    ASN1_TIME_set(X509_getm_notBefore(out.get()), validity.from) &&
                    ASN1_TIME_set(X509_getm_notAfter(out.get()), validity.to) &&
                    X509_set_pubkey(out.get(), key) == 1;
  BN_free(number);
  if (!made) return fail_openssl("make a certificate");
  return out;
}

Result<CertPtr> self_signed(EVP_PKEY* key, Timestamp now, Random& random) {
  constexpr int64_t kDay = 86400;
  const int64_t from = now.unix_seconds() - kDay;  // clients whose clock is a little behind
  LF_TRY(CertPtr out, blank_certificate(key, {from, from + kCaYears * 365 * kDay}));
  X509_NAME* name = X509_get_subject_name(out.get());
  // A name of its own for each installation: a client that trusts two must not confuse them.
  const bool made =
      add_name(name, "O", "Landfall") && add_name(name, "CN", "Landfall CA " + random.hex(8)) &&
      X509_set_issuer_name(out.get(), name) == 1 &&
      add_extension(out.get(), out.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      add_extension(out.get(), out.get(), NID_key_usage, "critical,keyCertSign,cRLSign") &&
      add_extension(out.get(), out.get(), NID_subject_key_identifier, "hash") &&
      X509_sign(out.get(), key, EVP_sha256()) > 0;
  if (!made) return fail_openssl("make the CA's certificate");
  return out;
}

class Authority final : public CertificateAuthority {
 public:
  Authority(KeyPtr key, CertPtr certificate, std::string pem)
      : key_(std::move(key)), certificate_(std::move(certificate)), pem_(std::move(pem)) {}

  const std::string& certificate_pem() const override { return pem_; }

  Result<IssuedCertificate> issue(const IssueRequest& request) const override {
    if (request.names.empty()) return fail("a certificate needs a name");
    for (const std::string& name : request.names) {
      if (!is_plain_name(name)) return fail("not a name for a certificate: " + name);
    }
    LF_TRY(KeyPtr key, make_key(request.key_algorithm));
    LF_TRY(CertPtr certificate, leaf(request, key.get()));
    IssuedCertificate out;
    LF_TRY(out.certificate_pem, certificate_to_pem(certificate.get()));
    LF_TRY(out.key_pem, key_to_pem(key.get()));
    out.chain_pem = pem_;
    return out;
  }

 private:
  Result<CertPtr> leaf(const IssueRequest& request, EVP_PKEY* key) const {
    const int64_t from = request.not_before.unix_seconds();
    LF_TRY(CertPtr out, blank_certificate(key, {from, from + kLeafDays * int64_t{86400} - 1}));
    X509* issuer = certificate_.get();
    const bool rsa = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    // RFC 5280: a common name has at most 64 characters; the alternative names are what counts.
    const std::string& first = request.names[0];
    const bool named = first.size() > 64 || add_name(X509_get_subject_name(out.get()), "CN", first);
    // RFC 5280 section 4.2.1.6: critical if there is no subject.
    const std::string critical = first.size() > 64 ? "critical," : "";
    const bool made =
        named && X509_set_issuer_name(out.get(), X509_get_subject_name(issuer)) == 1 &&
        add_extension(out.get(), issuer, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(out.get(), issuer, NID_key_usage,
                      rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature") &&
        add_extension(out.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth") &&
        add_extension(out.get(), issuer, NID_subject_key_identifier, "hash") &&
        add_extension(out.get(), issuer, NID_authority_key_identifier, "keyid:always") &&
        add_extension(out.get(), issuer, NID_subject_alt_name,
                      critical + subject_alternative_names(request.names)) &&
        X509_sign(out.get(), key_.get(), EVP_sha256()) > 0;
    if (!made) return fail_openssl("make a certificate");
    return out;
  }

  KeyPtr key_;
  CertPtr certificate_;
  std::string pem_;
};

Result<std::shared_ptr<const CertificateAuthority>> load(const std::string& certificate_pem,
                                                         const std::string& key_pem) {
  KeyPtr key(PEM_read_bio_PrivateKey(read_bio(key_pem).get(), nullptr, nullptr, nullptr));
  if (!key) return fail_openssl("read the CA's key");
  CertPtr certificate(PEM_read_bio_X509(read_bio(certificate_pem).get(), nullptr, nullptr, nullptr));
  if (!certificate) return fail_openssl("read the CA's certificate");
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    return fail("the CA's key and certificate do not belong together");
  }
  return std::make_shared<Authority>(std::move(key), std::move(certificate), certificate_pem);
}

}  // namespace

Result<KeyAlgorithm> key_algorithm_from(std::string_view name) {
  for (const Algorithm& algorithm : kAlgorithms) {
    if (algorithm.name == name) return algorithm.id;
  }
  return fail("no key algorithm has the name " + std::string(name));
}

std::string_view to_string(KeyAlgorithm algorithm) { return details(algorithm).name; }

Result<std::shared_ptr<const CertificateAuthority>> CertificateAuthority::open(const std::string& folder,
                                                                               const Clock& clock,
                                                                               Random& random) {
  const std::string key_path = folder + "/ca.key", certificate_path = folder + "/ca.pem";
  // The certificate is written last: where it is, the key is too.
  if (auto certificate = read_file(certificate_path)) {
    LF_TRY(std::string key, read_file(key_path));
    return load(*certificate, key);
  } else if (certificate.error().error_number != ENOENT) {
    return std::unexpected(certificate.error());
  }
  LF_TRY(KeyPtr key, make_key(KeyAlgorithm::ec_prime256v1));
  LF_TRY(CertPtr certificate, self_signed(key.get(), clock.now(), random));
  LF_TRY(Secret key_pem, key_to_pem(key.get()));
  LF_TRY(std::string pem, certificate_to_pem(certificate.get()));
  LF_CHECK(write_file(key_path, key_pem.reveal(), 0600));
  LF_CHECK(write_file(certificate_path, pem, 0644));
  return std::make_shared<Authority>(std::move(key), std::move(certificate), std::move(pem));
}

}  // namespace landfall::acm
