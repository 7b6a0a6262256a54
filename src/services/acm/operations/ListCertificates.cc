#include <algorithm>
#include "acm/errors.h"
#include "acm/operations.h"
#include "gateway/call.h"
#include "services/acm/certificates.h"

namespace landfall::acm {
namespace list_certificates {

template <class T>
bool holds(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool wanted(const ListCertificatesRequest& in, const CertificateRecord& record) {
  if (!in.CertificateStatuses.empty() && !holds(in.CertificateStatuses, record.status)) return false;
  // AWS: "Default filtering returns only RSA_1024 and RSA_2048 certificates".
  static const std::vector<std::string> kDefault = {"RSA_1024", "RSA_2048"};
  const bool given = in.Includes && !in.Includes->keyTypes.empty();
  if (!holds(given ? in.Includes->keyTypes : kDefault, record.key_algorithm)) return false;
  if (in.Includes && in.Includes->managedBy && in.Includes->managedBy != record.managed_by) return false;
  return !in.Includes || !in.Includes->exportOption || in.Includes->exportOption == record.exportable;
}

CertificateSummary summary(Call& call, std::string_view id, const CertificateRecord& record) {
  CertificateSummary out{.CertificateArn = record.arn,
                         .DomainName = record.domain,
                         .SubjectAlternativeNameSummaries = record.names,
                         .HasAdditionalSubjectAlternativeNames = false,
                         .Status = record.status,
                         .Type = record.type,
                         .KeyAlgorithm = record.key_algorithm,
                         .ExportOption = record.exportable,
                         .InUse = !users(call, id).empty(),
                         .Exported = record.exported.unix_ms != 0,
                         .RenewalEligibility = record.type == kAmazonIssued && record.status == kIssued
                                                   ? "ELIGIBLE"
                                                   : "INELIGIBLE"};
  if (record.type == kAmazonIssued) out.CreatedAt = record.created;
  if (record.status == kIssued) {
    out.NotBefore = record.not_before;
    out.NotAfter = record.not_after;
    (record.type == kImported ? out.ImportedAt : out.IssuedAt) = record.issued;
  }
  return out;
}

}  // namespace list_certificates

// NextToken is the id of the first certificate of the page.
ListCertificatesResponse ListCertificates(Call& call, const ListCertificatesRequest& in) {
  const size_t limit = static_cast<size_t>(in.MaxItems.value_or(100));
  const bool sorted = in.SortBy == "CREATED_AT";
  auto rows = call.rows(kCertificates).all();
  if (sorted) {
    const bool descending = in.SortOrder == "DESCENDING";
    std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
      return descending ? b.second->created < a.second->created : a.second->created < b.second->created;
    });
  }
  auto it = rows.begin();
  if (in.NextToken) {
    it = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.first == *in.NextToken; });
    if (it == rows.end()) throw ValidationException("The NextToken is not valid.");
  }
  ListCertificatesResponse out;
  for (; it != rows.end(); ++it) {
    if (!list_certificates::wanted(in, *it->second)) continue;
    if (out.CertificateSummaryList.size() == limit) {
      out.NextToken = it->first;
      break;
    }
    out.CertificateSummaryList.push_back(list_certificates::summary(call, it->first, *it->second));
  }
  return out;
}

}  // namespace landfall::acm
