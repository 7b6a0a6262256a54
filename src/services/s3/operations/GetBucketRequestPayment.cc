#include "services/s3/dataplane/configuration.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
S3Result<aws::WireResponse> GetBucketRequestPayment(S3Request& request) {
  GetBucketRequestPaymentOutput owner;
  owner.Payer = "BucketOwner";
  return get_configuration_or(request, kPaymentConfiguration, document_of("GetBucketRequestPayment", &owner));
}

}  // namespace landfall::s3
