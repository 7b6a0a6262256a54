#include "services/s3/dataplane/pooled.h"

namespace landfall::s3 {

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
S3Result<GetBucketRequestPaymentOutput> GetBucketRequestPayment(S3Request&,
                                                                const GetBucketRequestPaymentRequest&) {
  GetBucketRequestPaymentOutput out;
  out.Payer = "BucketOwner";
  return out;
}

}  // namespace landfall::s3
