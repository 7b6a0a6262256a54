// Certificates in PEM, as ACM looks at them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"

namespace landfall::acm {

struct CertificateFacts {
  std::string subject, issuer;  // "CN=example.com", "O=Landfall,CN=..."
  std::string common_name;
  std::string serial;              // "0a:1b:..."
  std::vector<std::string> names;  // alternative names; the common name if there are none
  Timestamp not_before, not_after;
  std::string key_algorithm;        // "RSA_2048", "EC_prime256v1"; empty if ACM knows no name for it
  std::string signature_algorithm;  // "SHA256WITHRSA", "SHA256WITHECDSA"
  bool self_signed = false;
};

Result<CertificateFacts> inspect_certificate(std::string_view pem);  // exactly one certificate
Result<> check_key_matches(std::string_view certificate_pem, const Secret& key_pem);
// Each certificate of `chain_pem` has issued the one before it, the first the leaf.
Result<> check_chain(std::string_view certificate_pem, std::string_view chain_pem);
// The key as PKCS #8 encrypted under a passphrase (ExportCertificate).
Result<std::string> encrypt_key(const Secret& key_pem, const Secret& passphrase);

}  // namespace landfall::acm
