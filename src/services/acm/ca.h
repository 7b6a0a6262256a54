// CertificateAuthority: Landfall's own, made at first start, whose certificate clients are told to trust.
//
// On disk: <folder>/ca.key (PKCS #8, mode 0600, never leaves control) and <folder>/ca.pem. EC P-256, ten
// years. Threads: issue() from any thread, also at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "base/secret.h"

namespace landfall::acm {

enum class KeyAlgorithm { rsa_1024, rsa_2048, rsa_3072, rsa_4096, ec_prime256v1, ec_secp384r1, ec_secp521r1 };
Result<KeyAlgorithm> key_algorithm_from(std::string_view name);  // ACM's: "RSA_2048", "EC_prime256v1"
std::string_view to_string(KeyAlgorithm algorithm);

inline constexpr int kLeafDays = 395;  // what ACM gives its public certificates (13 months)
inline constexpr int kCaYears = 10;

struct IssueRequest {
  std::vector<std::string> names;  // the first is the subject; DNS names (also wildcards) and IP addresses
  KeyAlgorithm key_algorithm = KeyAlgorithm::rsa_2048;
  Timestamp not_before;  // kLeafDays from there on
};

struct IssuedCertificate {
  std::string certificate_pem;
  std::string chain_pem;  // the CA's certificate
  Secret key_pem;         // PKCS #8
};

class CertificateAuthority {
 public:
  // Loads, or makes and saves, the CA in `folder`. It must exist.
  static Result<std::shared_ptr<const CertificateAuthority>> open(const std::string& folder,
                                                                  const Clock& clock, Random& random);
  virtual ~CertificateAuthority() = default;
  virtual const std::string& certificate_pem() const = 0;
  // Makes a key (an RSA key costs a CPU a tenth of a second or more) and a certificate for it.
  virtual Result<IssuedCertificate> issue(const IssueRequest& request) const = 0;
};

}  // namespace landfall::acm
