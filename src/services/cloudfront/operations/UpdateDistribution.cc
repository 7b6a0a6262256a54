// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDistribution.html
#include "cloudfront/errors.h"
#include "cloudfront/operations.h"
#include "services/cloudfront/distributions.h"

namespace landfall::cloudfront {

UpdateDistributionResult UpdateDistribution(Call& call, const UpdateDistributionRequest& in) {
  DistributionRecord record = find_distribution(call, *in.Id);
  check_if_match(in.IfMatch, record.etag);
  if (in.DistributionConfig->CallerReference != record.config.CallerReference)
    throw IllegalUpdate("The caller reference of a distribution cannot be changed.");
  check_config(call, *in.DistributionConfig, record.id);
  const std::string certificate_before = certificate_of(record);
  record.config = with_defaults(*in.DistributionConfig);
  put_changed(call, record, certificate_before);
  record = find_distribution(call, *in.Id);
  return {.Distribution = shown(call, record), .ETag = record.etag};
}

}  // namespace landfall::cloudfront
