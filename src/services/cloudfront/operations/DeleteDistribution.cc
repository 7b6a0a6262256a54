// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/acm/acm.h"
#include "services/cloudfront/distributions.h"
#include "services/route53/snapshot.h"

namespace landfall::cloudfront {

aws::Empty DeleteDistribution(Call& call, const DeleteDistributionRequest& in) {
  const DistributionRecord record = find_distribution(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  if (record.config.Enabled.value_or(false) || !record.deployed)
    throw DistributionNotDisabled("The distribution you are trying to delete has not been disabled.");
  if (const std::string certificate = certificate_of(record); !certificate.empty())
    acm::detach(call, certificate, record.arn);
  for (const auto& [id, invalidation] : call.global_rows(kInvalidations).all()) {
    if (invalidation->distribution_id != record.id) continue;
    call.global_rows(kInvalidations).erase(id);
    unpublish(call.txn, kInvalidationSnapshotKind, id);
  }
  call.global_rows(kDistributions).erase(record.id);
  unpublish(call.txn, kDistributionSnapshotKind, record.id);
  unpublish(call.txn, route53::kNameSnapshotKind, record.domain);
  return {};
}

}  // namespace landfall::cloudfront
