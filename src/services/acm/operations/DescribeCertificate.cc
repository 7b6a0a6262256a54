#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {
namespace describe_certificate {

std::vector<DomainValidation> validations(const CertificateRecord& record) {
  std::vector<DomainValidation> out;
  for (const ValidationRecord& validation : record.validations) {
    DomainValidation one{.DomainName = validation.domain,
                         .ValidationDomain = validation.validation_domain,
                         .ValidationStatus = validation.status,
                         .ValidationMethod = record.validation_method};
    if (!validation.record_name.empty()) {
      one.ResourceRecord = ResourceRecord{validation.record_name, "CNAME", validation.record_value};
    } else {
      for (const char* box : {"admin", "administrator", "hostmaster", "postmaster", "webmaster"}) {
        one.ValidationEmails.push_back(std::string(box) + "@" + validation.validation_domain);
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

void add_issued(const CertificateRecord& record, CertificateDetail& out) {
  out.Serial = record.serial;
  out.Subject = record.subject;
  out.Issuer = record.issuer;
  out.NotBefore = record.not_before;
  out.NotAfter = record.not_after;
  out.SignatureAlgorithm = record.signature_algorithm;
  if (record.type == kImported) {
    out.ImportedAt = record.issued;
  } else {
    out.IssuedAt = record.issued;
    for (const char* usage : {"DIGITAL_SIGNATURE", "KEY_ENCIPHERMENT"}) {
      if (record.key_algorithm.starts_with("RSA") || usage[0] == 'D') out.KeyUsages.push_back({usage});
    }
    out.ExtendedKeyUsages = {{"TLS_WEB_SERVER_AUTHENTICATION", "1.3.6.1.5.5.7.3.1"},
                             {"TLS_WEB_CLIENT_AUTHENTICATION", "1.3.6.1.5.5.7.3.2"}};
  }
}

}  // namespace describe_certificate

DescribeCertificateResponse DescribeCertificate(Call& call, const DescribeCertificateRequest& in) {
  const auto record = find_certificate(call, *in.CertificateArn);
  CertificateDetail out{.CertificateArn = record->arn,
                        .DomainName = record->domain,
                        .SubjectAlternativeNames = record->names,
                        .DomainValidationOptions = describe_certificate::validations(*record),
                        .Status = record->status,
                        .KeyAlgorithm = record->key_algorithm,
                        .InUseBy = users(call, certificate_id(record->arn)),
                        .Type = record->type,
                        .Options = CertificateOptions{record->transparency, record->exportable}};
  if (!record->managed_by.empty()) out.ManagedBy = record->managed_by;
  if (record->type == kAmazonIssued) out.CreatedAt = record->created;
  if (record->status == kIssued) describe_certificate::add_issued(*record, out);
  // AWS renews what is in use or was exported.
  out.RenewalEligibility =
      record->type == kAmazonIssued && record->status == kIssued ? "ELIGIBLE" : "INELIGIBLE";
  return {.Certificate = std::move(out)};
}

}  // namespace landfall::acm
