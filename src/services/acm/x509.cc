#include "services/acm/x509.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <ctime>

#include "services/acm/openssl_ptr.h"

namespace landfall::acm {
namespace {

constexpr size_t kMaxChain = 10;

Result<std::vector<CertPtr>> read_certificates(std::string_view pem) {
  std::vector<CertPtr> out;
  BioPtr bio = read_bio(pem);
  while (X509* certificate = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr)) {
    out.emplace_back(certificate);
    if (out.size() > kMaxChain) return fail("there are too many certificates");
  }
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  if (ERR_GET_LIB(error) != ERR_LIB_PEM || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) {
    return fail("a certificate is not valid PEM");
  }
  if (out.empty()) return fail("there is no certificate in PEM");
  return out;
}

std::string name_text(const X509_NAME* name) {
  BioPtr bio = memory_bio();
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253 & ~XN_FLAG_DN_REV);
  return take_text(bio.get());
}

std::string common_name(X509* certificate) {
  char text[256];
  const int size =
      X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof text);
  return size > 0 ? std::string(text, static_cast<size_t>(size)) : std::string();
}

std::string serial_text(X509* certificate) {
  const ASN1_INTEGER* serial = X509_get0_serialNumber(certificate);
  std::string out;
  for (int i = 0; i < serial->length; ++i) out += fmt::format("{}{:02x}", i ? ":" : "", serial->data[i]);
  return out;
}

std::vector<std::string> alternative_names(X509* certificate) {
  std::vector<std::string> out;
  auto* names =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  for (int i = 0; names && i < sk_GENERAL_NAME_num(names); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
    if (name->type == GEN_DNS) {
      out.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                       static_cast<size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      char text[INET6_ADDRSTRLEN];
      const int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
      if (inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), text, sizeof text))
        out.emplace_back(text);
    }
  }
  GENERAL_NAMES_free(names);
  return out;
}

Timestamp time_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  return {static_cast<int64_t>(timegm(&parts)) * 1000};
}

std::string key_algorithm(EVP_PKEY* key) {
  if (EVP_PKEY_base_id(key) == EVP_PKEY_RSA) return fmt::format("RSA_{}", EVP_PKEY_bits(key));
  if (EVP_PKEY_base_id(key) != EVP_PKEY_EC) return {};
  char group[64] = {};
  EVP_PKEY_get_group_name(key, group, sizeof group, nullptr);
  return fmt::format("EC_{}", group);
}

std::string signature_algorithm(X509* certificate) {
  int digest = 0, key = 0;
  if (!X509_get_signature_info(certificate, &digest, &key, nullptr, nullptr)) return {};
  const char* name = OBJ_nid2sn(digest);
  return fmt::format("{}WITH{}", name ? name : "", key == NID_rsaEncryption ? "RSA" : "ECDSA");
}

Result<KeyPtr> read_key(const Secret& pem) {
  // A passphrase is never asked for: an encrypted key is refused.
  auto no_passphrase = [](char*, int, int, void*) { return -1; };
  KeyPtr key(PEM_read_bio_PrivateKey(read_bio(pem.reveal()).get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key) return fail("the private key is not valid PEM, or is encrypted");
  return key;
}

}  // namespace

Result<CertificateFacts> inspect_certificate(std::string_view pem) {
  LF_TRY(auto certificates, read_certificates(pem));
  if (certificates.size() != 1) return fail("there is more than one certificate");
  X509* certificate = certificates[0].get();
  EVP_PKEY* key = X509_get0_pubkey(certificate);
  if (!key) return fail("the certificate's public key cannot be read");
  CertificateFacts out{.subject = name_text(X509_get_subject_name(certificate)),
                       .issuer = name_text(X509_get_issuer_name(certificate)),
                       .common_name = common_name(certificate),
                       .serial = serial_text(certificate),
                       .names = alternative_names(certificate),
                       .not_before = time_of(X509_get0_notBefore(certificate)),
                       .not_after = time_of(X509_get0_notAfter(certificate)),
                       .key_algorithm = key_algorithm(key),
                       .signature_algorithm = signature_algorithm(certificate),
                       .self_signed = X509_self_signed(certificate, 1) == 1};
  ERR_clear_error();
  if (out.names.empty() && !out.common_name.empty()) out.names.push_back(out.common_name);
  return out;
}

Result<> check_key_matches(std::string_view certificate_pem, const Secret& key_pem) {
  LF_TRY(auto certificates, read_certificates(certificate_pem));
  LF_TRY(KeyPtr key, read_key(key_pem));
  const bool matches = X509_check_private_key(certificates[0].get(), key.get()) == 1;
  ERR_clear_error();
  if (!matches) return fail("the private key does not belong to the certificate");
  return {};
}

Result<> check_chain(std::string_view certificate_pem, std::string_view chain_pem) {
  LF_TRY(auto leaf, read_certificates(certificate_pem));
  LF_TRY(auto chain, read_certificates(chain_pem));
  X509* subject = leaf[0].get();
  for (const CertPtr& issuer : chain) {
    const bool issued = X509_check_issued(issuer.get(), subject) == X509_V_OK &&
                        X509_verify(subject, X509_get0_pubkey(issuer.get())) == 1;
    ERR_clear_error();
    if (!issued)
      return fail("the certificate chain is not in order, or its first did not issue the certificate");
    subject = issuer.get();
  }
  return {};
}

Result<std::string> encrypt_key(const Secret& key_pem, const Secret& passphrase) {
  LF_TRY(KeyPtr key, read_key(key_pem));
  BioPtr bio = memory_bio();
  const std::string& text = passphrase.reveal();
  if (!PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), EVP_aes_256_cbc(), text.data(),
                                     static_cast<int>(text.size()), nullptr, nullptr)) {
    return fail_openssl("encrypt a key");
  }
  return take_text(bio.get());
}

}  // namespace landfall::acm
