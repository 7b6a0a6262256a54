// ACM's rows.
//   kCertificates  "<account>/<region>/<certificate id>"; the ARN ends in the id
//   kUses          "<account>/<region>/<certificate id>/<user>": who serves it
//
// A requested certificate's life:
//
//   PENDING_VALIDATION ──each domain's CNAME is found──▶ ISSUED ──60 days before expiry, CNAMEs still
//   there──▶ ISSUED (renewed)
//          └────────────72 hours──────────────▶ VALIDATION_TIMED_OUT
//
// An imported one is ISSUED at once. Invariant: ISSUED means certificate_pem and sealed_key are there.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "store/store.h"

namespace landfall::acm {

struct ValidationRecord {
  std::string domain;                     // as requested, in lower case
  std::string status;                     // PENDING_VALIDATION, SUCCESS or FAILED
  std::string validation_domain;          // e-mail
  std::string record_name, record_value;  // DNS: a CNAME, both with the final dot
  template <class V>
  void fields(V& v) {
    v("domain", domain);
    v("status", status);
    v("validation_domain", validation_domain);
    v("record_name", record_name);
    v("record_value", record_value);
  }
};

struct CertificateRecord {
  std::string arn;
  std::string domain;              // of an import: the common name or first name
  std::vector<std::string> names;  // the domain first
  std::string status;
  std::string type;               // AMAZON_ISSUED or IMPORTED
  std::string validation_method;  // DNS or EMAIL; empty for imports
  std::string key_algorithm;
  std::string idempotency_token;
  std::string transparency = "ENABLED";
  std::string exportable = "DISABLED";
  std::string managed_by;
  std::vector<ValidationRecord> validations;
  std::map<std::string, std::string> tags;
  Timestamp created;
  Timestamp issued;        // or imported
  Timestamp exported;      // zero: never
  bool renew_now = false;  // RenewCertificate asked

  std::string certificate_pem, chain_pem, sealed_key;
  std::string serial, subject, issuer, signature_algorithm;
  Timestamp not_before, not_after;

  template <class V>
  void fields(V& v) {
    v("arn", arn);
    v("domain", domain);
    v("names", names);
    v("status", status);
    v("type", type);
    v("validation_method", validation_method);
    v("key_algorithm", key_algorithm);
    v("idempotency_token", idempotency_token);
    v("transparency", transparency);
    v("exportable", exportable);
    v("managed_by", managed_by);
    v("validations", validations);
    v("tags", tags);
    v("created", created);
    v("issued", issued);
    v("exported", exported);
    v("renew_now", renew_now);
    v("certificate_pem", certificate_pem);
    v("chain_pem", chain_pem);
    v("sealed_key", sealed_key);
    v("serial", serial);
    v("subject", subject);
    v("issuer", issuer);
    v("signature_algorithm", signature_algorithm);
    v("not_before", not_before);
    v("not_after", not_after);
  }
};

struct UseRecord {
  std::string shown;
  template <class V>
  void fields(V& v) {
    v("shown", shown);
  }
};

inline constexpr store::Table<CertificateRecord> kCertificates{"acm.certificate"};
inline constexpr store::Table<UseRecord> kUses{"acm.use"};

inline constexpr char kPending[] = "PENDING_VALIDATION";
inline constexpr char kIssued[] = "ISSUED";
inline constexpr char kTimedOut[] = "VALIDATION_TIMED_OUT";
inline constexpr char kSuccess[] = "SUCCESS";
inline constexpr char kAmazonIssued[] = "AMAZON_ISSUED";
inline constexpr char kImported[] = "IMPORTED";

}  // namespace landfall::acm
