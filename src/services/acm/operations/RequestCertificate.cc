#include <algorithm>
#include "acm/errors.h"
#include "acm/operations.h"
#include "base/ascii.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {
namespace request_certificate {

constexpr size_t kMaxNames = 100;                   // AWS: an account's quota may be raised to this
constexpr int64_t kIdempotencyMs = 60 * 60 * 1000;  // AWS: a token is remembered for an hour

std::vector<std::string> names(const RequestCertificateRequest& in) {
  std::vector<std::string> out{ascii_lower(*in.DomainName)};
  for (const std::string& name : in.SubjectAlternativeNames) {
    const std::string lowered = ascii_lower(name);
    if (std::find(out.begin(), out.end(), lowered) == out.end()) out.push_back(lowered);
  }
  if (out.size() > kMaxNames)
    throw LimitExceededException("A certificate can have at most 100 domain names.");
  return out;
}

std::string validation_domain(const RequestCertificateRequest& in, const std::string& name) {
  for (const DomainValidationOption& option : in.DomainValidationOptions) {
    if (ascii_lower(option.DomainName.value_or("")) != name) continue;
    const std::string domain = ascii_lower(option.ValidationDomain.value_or(""));
    if (name != domain && !name.ends_with("." + domain)) {
      throw InvalidDomainValidationOptionsException("The validation domain " + domain +
                                                    " is not a superdomain of " + name);
    }
    return domain;
  }
  return name.starts_with("*.") ? name.substr(2) : name;
}

void check(const RequestCertificateRequest& in) {
  if (in.CertificateAuthorityArn) {
    throw ServiceError("NotImplemented", 501,
                       "Landfall does not have AWS Private CA; certificates are issued by its own CA.");
  }
  if (in.ValidationMethod == "HTTP") {
    throw ServiceError("NotImplemented", 501, "Landfall does not validate domains over HTTP; use DNS.");
  }
  if (!key_algorithm_from(in.KeyAlgorithm.value_or("RSA_2048"))) {
    throw InvalidParameterException("The key algorithm is not one that ACM knows: " + *in.KeyAlgorithm);
  }
}

// The certificate that the same request made less than an hour ago.
std::optional<std::string> earlier(Call& call, const RequestCertificateRequest& in,
                                   const std::vector<std::string>& names) {
  std::optional<std::string> out;
  if (!in.IdempotencyToken) return out;
  call.rows(kCertificates).each([&](std::string_view, const CertificateRecord& record) {
    if (record.idempotency_token == *in.IdempotencyToken && record.names == names &&
        call.now.unix_ms - record.created.unix_ms < kIdempotencyMs) {
      out = record.arn;
    }
  });
  return out;
}

}  // namespace request_certificate

RequestCertificateResponse RequestCertificate(Call& call, const RequestCertificateRequest& in) {
  request_certificate::check(in);
  const std::vector<std::string> names = request_certificate::names(in);
  if (auto arn = request_certificate::earlier(call, in, names)) return {.CertificateArn = *arn};

  const std::string id = call.random().uuid();
  CertificateRecord record{.arn = call.arn("acm", "certificate/" + id),
                           .domain = names[0],
                           .names = names,
                           .status = kPending,
                           .type = kAmazonIssued,
                           .validation_method = in.ValidationMethod.value_or("EMAIL"),
                           .key_algorithm = in.KeyAlgorithm.value_or("RSA_2048"),
                           .idempotency_token = in.IdempotencyToken.value_or(""),
                           .managed_by = in.ManagedBy.value_or(""),
                           .created = call.now};
  if (in.Options) {
    record.transparency = in.Options->CertificateTransparencyLoggingPreference.value_or(record.transparency);
    record.exportable = in.Options->Export.value_or(record.exportable);
  }
  for (const std::string& name : names) {
    ValidationRecord validation{.domain = name,
                                .status = kPending,
                                .validation_domain = request_certificate::validation_domain(in, name)};
    if (record.validation_method == "DNS") {
      const ValidationCname cname = validation_cname(call.account, name);
      validation.record_name = cname.name;
      validation.record_value = cname.value;
    }
    record.validations.push_back(std::move(validation));
  }
  add_tags(call.caller, record, in.Tags);
  call.rows(kCertificates).put(id, record);
  return {.CertificateArn = record.arn};
}

}  // namespace landfall::acm
