// What ACM's operations and reconciler share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "acm/shapes.h"
#include "gateway/call.h"
#include "services/acm/ca.h"
#include "services/acm/store.h"
#include "services/acm/x509.h"

namespace landfall::acm {

// The last part of the ARN; throws InvalidArnException if it is not a certificate's.
std::string certificate_id(const std::string& arn);
// Throws ResourceNotFoundException, also for an ARN of another account or region.
std::shared_ptr<const CertificateRecord> find_certificate(Call& call, const std::string& arn);

std::vector<std::string> users(Call& call, std::string_view certificate_id);  // InUseBy

// The CNAME that proves who owns a domain: the same for every certificate of the account (AWS too), and for
// "*.example.com" as for "example.com".
struct ValidationCname {
  std::string name, value;
};
ValidationCname validation_cname(std::string_view account, std::string_view domain);

// Puts a certificate and its key, sealed, into the record; ISSUED.
void install(CertificateRecord& record, const CertificateFacts& facts, std::string certificate_pem,
             std::string chain_pem, std::string sealed_key);

// Sets tags; throws InvalidTagException or TooManyTagsException.
void add_tags(const Caller& caller, CertificateRecord& record, const std::vector<Tag>& tags);

}  // namespace landfall::acm
